"""Gait: silhouettes, steps and energy images of everybody who walks by, and who they are."""

from __future__ import annotations

from functools import partial

import streamlit as st

from hybridcore import jobs
from hybridcore.gait import figures
from hybridcore.gait.background import METHODS, Method
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.predict import shared_recognizer
from hybridcore.gait.result import Walk
from hybridcore.gait.samples import SAMPLES, sample_path, sample_thumbnail
from hybridcore.media import Clip
from hybridcore.studio import inputs
from hybridcore.studio.header import page_header
from hybridcore.studio.player import show_timeline
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.progress import show_job
from hybridcore.studio.routing import through_app
from hybridcore.weights import load_card
from pages.gait import KEY
from pages.gait.downloads import downloads
from pages.gait.followed import Followed, follow_clip, follow_masks
from pages.gait.gallery import session_gallery, show_gallery
from pages.gait.inside import look_inside
from pages.gait.player import play
from pages.gait.walker import choose_walker, show_numbers

METHOD_NAMES: dict[Method, str] = {
    "auto": "Automatic", "median": "Median", "knn": "KNN", "mog2": "MOG2",
}


@st.fragment
def watch(followed: Followed, walk: Walk | None, gallery: Gallery) -> None:
    """Player, silhouettes, steps and energy images: what follows the playhead."""
    if walk is None and followed.clip is None:
        return
    play(followed, walk, gallery)
    if walk is None:
        return
    duration = followed.duration(walk)
    show_numbers(walk)
    show_timeline(figures.silhouette_strip(walk, duration), KEY, "strip",
                  "Silhouettes at their times")
    show_timeline(figures.width_signal(walk, duration), KEY, "width",
                  "Width of the lower half over time, with steps")
    st.markdown("**Gait energy image**, entropy image, and the energy image of each cycle")
    st.plotly_chart(figures.energies(walk), key=f"{KEY}.energies", alt="Gait energy images")
    st.markdown("**Identity at every frame**, from all silhouettes so far")
    show_timeline(figures.evidence(walk, gallery, duration), KEY, "evidence",
                  "Distance to the enrolled names over time")


through_app()
page_header(
    "Gait recognition",
    "People who walk past a fixed camera: silhouettes come off the background, steps are "
    "counted, the gait energy image builds up, and an LSTM says who it is, or that it is "
    "nobody known. It learned from rendered bodies: take a name for a guess.",
    map(load_card, ["gait_lstm"]))

source = inputs.pick_clip(
    [inputs.Sample(s.title, s.caption, partial(sample_path, s), sample_thumbnail(s))
     for s in SAMPLES],
    key=f"{KEY}.source", types=(*inputs.VIDEO_TYPES, "gif", "mpg", "mpeg", "ts", "wmv", "zip"))
if source is None:
    st.stop()
method: Method = st.segmented_control(
    "Background", METHODS, format_func=METHOD_NAMES.__getitem__, default="auto", required=True,
    key=f"{KEY}.method", persist_state="session", help="Automatic takes the temporal median, and "
    "KNN where much of the picture never rests.")
folder = inputs.spool().folder
with stop_on_problem():
    network = shared_recognizer().network
if source.path.suffix == ".zip":
    job = jobs.submit((KEY, source.path.name, network), partial(follow_masks, source.path, folder))
else:
    with stop_on_problem():
        clip = Clip.open(source.path)
    job = jobs.submit((KEY, clip.sha256, method, network),
                      partial(follow_clip, clip, method, folder))
followed = show_job(job)
if followed is None:
    st.stop()

gallery = session_gallery()
matched = followed.result.matched(gallery)
for note in matched.notes:
    st.warning(note, icon=":material/info:")
walk = choose_walker(matched.walks)
watch(followed, walk, gallery)
downloads(followed, matched)
show_gallery(walk, gallery)
if walk is not None:
    st.subheader("Look inside")
    look_inside(followed, walk, gallery)
