"""Scene labelling: what every frame shows, with memory and without."""

from __future__ import annotations

from functools import partial

import streamlit as st

from hybridcore import jobs
from hybridcore.media import Clip
from hybridcore.scene import figures
from hybridcore.scene.model import KINDS, Kind
from hybridcore.scene.samples import SAMPLES, sample_path, sample_thumbnail
from hybridcore.scene.store import weights_digest
from hybridcore.studio import inputs
from hybridcore.studio.header import page_header
from hybridcore.studio.player import show_timeline
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.progress import show_job
from hybridcore.studio.routing import through_app
from hybridcore.weights import load_card
from pages.scene import KEY
from pages.scene.downloads import downloads
from pages.scene.inside import look_inside
from pages.scene.labelled import Labelled, label
from pages.scene.player import play
from pages.scene.segments import show_segments

TYPES = (*inputs.VIDEO_TYPES, "gif", "mpg", "mpeg", "ts", "wmv", "3gp", *inputs.PICTURE_TYPES)


@st.fragment
def watch(labelled: Labelled, kind: Kind) -> None:
    """Player, timeline and segments: what follows the playhead."""
    frame = play(labelled, kind)
    show_timeline(figures.timeline(labelled.result, kind), KEY, "timeline",
                  "Probability of the main scenes over time")
    table, votes = st.columns([3, 2])
    with table:
        st.markdown("**Segments** · choose a row to go there")
        show_segments(labelled.result, kind)
        downloads(labelled, kind)
    with votes:
        st.markdown(f"**What voted for the group** · frame {frame}")
        st.plotly_chart(figures.object_votes(labelled.result, frame), key=f"{KEY}.votes",
                        alt="Objects of this frame and the groups that they speak for")


through_app()
page_header(
    "Scene labelling",
    "What each frame shows, remembered from the frames before: an EfficientNet-Lite "
    "looks, an LSTM remembers, and beside it stands the same network without memory.",
    map(load_card, ["scene_lstm", "encoder"]))

folder = inputs.spool().folder
source = inputs.pick_clip(
    [inputs.Sample(s.title, s.caption, partial(sample_path, s, folder),
                   sample_thumbnail(s, folder)) for s in SAMPLES],
    key=f"{KEY}.source", types=TYPES)
if source is None:
    st.stop()
with stop_on_problem():
    clip = Clip.open(source.path)
    key = KEY, clip.sha256, weights_digest()
labelled = show_job(jobs.submit(key, partial(label, clip, folder)))
if labelled is None:
    st.stop()

model: Kind = st.segmented_control(
    "Model", KINDS, format_func=lambda k: figures.MODEL_NAMES[k], default="lstm", required=True,
    key=f"{KEY}.model", persist_state="session")
watch(labelled, model)
st.subheader("Look inside")
look_inside(labelled, model)
