"""Silent video to sound: when something is struck, how hard, on what, and how it sounds."""

from __future__ import annotations

import hashlib
from functools import partial

import streamlit as st

from hybridcore import jobs
from hybridcore.media import Clip
from hybridcore.sound import figures
from hybridcore.sound.predict import check, shared_maker
from hybridcore.sound.rendered import SAMPLES
from hybridcore.sound.result import METHODS, Method
from hybridcore.studio import inputs
from hybridcore.studio.header import page_header
from hybridcore.studio.player import show_timeline
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.progress import show_job
from hybridcore.studio.routing import through_app
from hybridcore.weights import ASSETS, load_card
from pages.sound import KEY
from pages.sound.bank import choose_bank
from pages.sound.downloads import downloads
from pages.sound.hit import chosen_time, show_hit
from pages.sound.inside import look_inside
from pages.sound.onsets import edit_onsets, fill_table
from pages.sound.player import play
from pages.sound.watched import sound_of, watch
from pages.sound.which_is_real import join_game, play_game

METHOD_NAMES: dict[Method, str] = {"exemplar": "Nearest of a bank", "parametric": "Shaped noise"}

through_app()
page_header(
    "Silent video to sound",
    "The network watches a stick, a ball or a drop, says when it strikes, how hard and on what, "
    "and the sound is made and played in time. It never hears the clip.",
    map(load_card, ["sound_lstm"]))

source = inputs.pick_clip(
    [inputs.Sample(s.title, s.caption, ASSETS / "samples" / f"{s.name}.mp4",
                   ASSETS / "samples" / f"{s.name}.jpg") for s in SAMPLES], key=f"{KEY}.source")
if source is None:
    st.stop()
with stop_on_problem():
    clip = Clip.open(source.path)
    check(clip)
    model_threshold = shared_maker().threshold
watched = show_job(jobs.submit((KEY, clip.sha256), partial(watch, clip, inputs.spool().folder)))
if watched is None:
    st.stop()
if watched.real is not None and not source.is_sample:
    join_game(source)

with st.container(horizontal=True, vertical_alignment="bottom"):
    method: Method = st.segmented_control(
        "How the sound is made", METHODS, format_func=METHOD_NAMES.__getitem__, required=True,
        default="exemplar", key=f"{KEY}.method", persist_state="session")
    threshold = st.slider("Threshold of an onset", 0.02, 0.98, round(model_threshold, 2), 0.01,
                          key=f"{KEY}.threshold", width=260, persist_state="session")
    bank = choose_bank(watched)
    again = st.button("Back to what the network found", icon=":material/undo:")

stage = st.container()  # drawn last: it shows what the table below it says
table, hit = st.columns([3, 2])
with table:
    st.markdown("**Onsets** · change, add or delete them; the sound follows at once")
    fill_table(watched, threshold, again)
    onsets = edit_onsets(watched, bank)
result = sound_of(watched, onsets, method, bank)
digest = hashlib.sha256(result.sound.tobytes()).hexdigest()
with hit:
    show_hit(onsets, result, bank)
with stage:
    play(watched, result, digest, chosen_time(result))
    show_timeline(
        figures.onset_timeline(watched.prediction, result.onsets, threshold, clip.info.duration,
                               watched.true),
        KEY, "timeline", "Probability of an onset over time, and the onsets")
    downloads(watched, result, digest)
st.subheader("Look inside")
look_inside(watched, result)
st.subheader("Which is real?")
play_game()
