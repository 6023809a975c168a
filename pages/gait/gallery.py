"""The gallery of this browser session: enrol, forget, export, open, delete."""

from __future__ import annotations

import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.predict import shared_recognizer
from hybridcore.gait.result import Walk
from hybridcore.studio.problems import show_problem
from pages.gait import KEY

_PRIVACY = (
    "A gait is biometric data: it can tell who somebody is. Ask people before you enrol them. "
    "Everything stays on this machine, and nothing is kept unless you enrol a walk: then its name, "
    "128 numbers, its energy image and the day, and no picture. A gallery lives in this browser "
    "session until you export it."
)


def session_gallery() -> Gallery:
    """The gallery of this browser session: in memory until it is exported."""
    if f"{KEY}.gallery" not in st.session_state:
        st.session_state[f"{KEY}.gallery"] = shared_recognizer().open_gallery(None)
    gallery: Gallery = st.session_state[f"{KEY}.gallery"]
    return gallery


def show_gallery(walk: Walk | None, gallery: Gallery) -> None:
    """Enrol and compare on the left, who is enrolled on the right."""
    st.subheader("Gallery")
    st.caption(_PRIVACY)
    if problem := st.session_state.pop(f"{KEY}.problem", None):
        show_problem(problem)
    left, right = st.columns([3, 2])
    with left:
        _enrolment(walk, gallery)
    with right:
        _people(gallery)


def _enrolment(walk: Walk | None, gallery: Gallery) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.text_input("Name of this walker", key=f"{KEY}.name", max_chars=80)
    row.button("Enrol", icon=":material/person_add:", on_click=_enrol, args=(walk, gallery),
               disabled=walk is None or walk.identity is None)
    if walk is not None and walk.matches:
        st.dataframe([
            {"name": m.name, "distance": round(m.distance, 3),
             "decision": "accepted" if m.accepted else "not close enough"}
            for m in walk.matches
        ], hide_index=True)
    if stranger := gallery.strangers():
        st.caption(f":material/info: {stranger} walks were enrolled with another version of "
                   "the network and cannot be compared.")


def _people(gallery: Gallery) -> None:
    for person in gallery.names():
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(f"{person.name} · {person.walks} "
                     f"{'walk' if person.walks == 1 else 'walks'}")
        row.button("Forget", icon=":material/person_remove:", key=f"{KEY}.forget.{person.name}",
                   on_click=gallery.forget, args=(person.name,))
    if len(gallery):
        row = st.container(horizontal=True)
        row.download_button("Export gallery", gallery.export, "gait-gallery.sqlite",
                            "application/vnd.sqlite3", icon=":material/download:",
                            on_click="ignore")
        row.button("Delete everything", icon=":material/delete:", on_click=gallery.delete)
    else:
        st.caption("Nobody is enrolled.")
    st.file_uploader("Open a gallery that you exported", type=["sqlite"], key=f"{KEY}.upload",
                     on_change=_open_file)


def _enrol(walk: Walk, gallery: Gallery) -> None:
    try:
        walk.enrol(gallery, st.session_state[f"{KEY}.name"])
    except HybridCoreError as error:
        st.session_state[f"{KEY}.problem"] = str(error)
    st.session_state[f"{KEY}.name"] = ""


def _open_file() -> None:
    """Take a gallery file that was exported before; its content is read, the file is not kept."""
    upload = st.session_state.get(f"{KEY}.upload")
    if upload is None:
        return
    try:
        st.session_state[f"{KEY}.gallery"] = session_gallery().restored(upload.getvalue())
    except HybridCoreError as error:
        st.session_state[f"{KEY}.problem"] = str(error)
