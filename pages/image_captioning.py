"""Image captioning: a sentence for a picture, and what stood behind every word of it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from hybridcore import jobs
from hybridcore.caption.cli import is_video
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.samples import SAMPLES
from hybridcore.caption.video import captioned
from hybridcore.media import Clip
from hybridcore.media.clip import VIDEO_ENDINGS
from hybridcore.media.picture import ENDINGS
from hybridcore.scene.samples import PHOTOGRAPHS, TOUR
from hybridcore.studio import inputs, pictures
from hybridcore.studio.header import page_header
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.progress import show_job
from hybridcore.studio.routing import through_app
from hybridcore.weights import all_cards
from pages.caption import KEY
from pages.caption.controls import chosen_model, controls, start_anew
from pages.caption.downloads import download_film, download_pictures
from pages.caption.film import film_sample, play_film, watch_film
from pages.caption.inside import look_inside
from pages.caption.seen import cells_of, notes, picture_of, thumb
from pages.caption.sentence import show_sentence

through_app()
page_header(
    "Image captioning",
    "A sentence for a picture, word by word: where the network looked, what else it could have "
    "said, what its LSTM held. Trained on 6,000 photographs, most of them of people and dogs "
    "outdoors; anything else is described as the nearest of these.",
    (card for card in all_cards() if card["name"].startswith(KEY) or card["name"] == "encoder"))

with stop_on_problem():
    shared_captioner()
    samples = [inputs.Sample(s.title, f"comes with {s.origin}", s.path) for s in SAMPLES]
    samples += [film_sample(PHOTOGRAPHS, "a camera moves over such photographs"),
                film_sample(TOUR, "rendered by this project")]
chosen = pictures.pick_picture(
    samples, key=KEY, types=(*ENDINGS, *VIDEO_ENDINGS), thumb=thumb, on_change=start_anew)
pictures.show_gallery(samples, key=KEY, thumb=thumb, notes=notes(samples, chosen_model()),
                      on_change=start_anew)
st.caption("The samples are photographs that come with scikit-image and scikit-learn, and two "
           "videos made by this project; none was learned from.")
if chosen is None:
    st.stop()

decoding = controls()
if is_video(chosen.path):
    with stop_on_problem():
        clip = Clip.open(chosen.path)
    film = show_job(jobs.submit(
        (KEY, clip.sha256), partial(watch_film, clip, inputs.spool().folder)))
    if film is None:
        st.stop()
    segments = captioned(film.spans, decoding.say(film.cells))
    at = play_film(film, segments)
    download_film(film, chosen.name, segments, decoding)
    picture, name = film.frames[at], f"in the middle of segment {at + 1}"
    result = segments[at].result
else:
    picture, name = picture_of(chosen.path), chosen.name
    (result,) = decoding.say(cells_of(chosen.path)[None])

inside, word = show_sentence(picture, name, result, given=len(decoding.options.prefix))
st.subheader("Look inside")
look_inside(picture, result, inside, word, decoding.options)
if not is_video(chosen.path):
    download_pictures(chosen, decoding)
