"""The galleries of this browser session, one a network: enrol, forget, export, open, delete."""

from __future__ import annotations

import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.gait.gallery import Gallery
from hybridcore.studio.items import item_before
from hybridcore.studio.page import Page
from hybridcore.studio.problems import show_problem

_PRIVACY = (
    "A gait is biometric data: it can identify a person. Ask people before you enrol them. "
    "Everything stays on this machine, and nothing is kept unless you enrol a walk: then its name, "
    "128 numbers, its energy image and the day, and no picture. Each model has a gallery of its "
    "own, which lives in this browser session until you export it."
)


def session_gallery(page: Page) -> dict[str, Gallery]:
    """The option ``gallery``: in memory until it is exported."""
    name = _name(page)
    if name not in st.session_state:
        st.session_state[name] = page.model.open_gallery(None, page.kind)
    return {"gallery": st.session_state[name]}


def show_gallery(page: Page) -> None:
    """Enrol on the left, who is enrolled on the right."""
    gallery: Gallery = page.options["gallery"]
    st.subheader("Gallery")
    st.caption(_PRIVACY)
    if problem := st.session_state.pop(page.name("problem"), None):
        show_problem(problem)
    left, right = st.columns([3, 2])
    with left:
        _enrolment(page, gallery)
    with right:
        _people(page, gallery)


def _enrolment(page: Page, gallery: Gallery) -> None:
    assert page.answer is not None
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.text_input("Name of the walker chosen above", key=page.name("name"), max_chars=80)
    row.button("Enrol", icon=":material/person_add:", on_click=_enrol, args=(page, gallery),
               disabled=not page.answer.result.walks)
    if others := gallery.strangers():
        st.caption(f":material/info: {others} walks were enrolled with another network and cannot "
                   "be compared.")


def _people(page: Page, gallery: Gallery) -> None:
    for person in gallery.names():
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(f"{person.name} · {person.walks} "
                     f"{'walk' if person.walks == 1 else 'walks'}")
        row.button("Forget", icon=":material/person_remove:",
                   key=page.name(f"forget.{person.name}"),
                   on_click=gallery.forget, args=(person.name,))
    if len(gallery):
        row = st.container(horizontal=True)
        row.download_button("Export gallery", gallery.export, "gait-gallery.sqlite",
                            "application/vnd.sqlite3", icon=":material/download:",
                            on_click="ignore")
        row.button("Delete everything", icon=":material/delete:", on_click=gallery.delete)
    else:
        st.caption("Nobody is enrolled.")
    upload = page.name(f"upload.{page.kind}")
    st.file_uploader("Open a gallery that you exported", type=["sqlite"], key=upload,
                     on_change=_open_file, args=(page, gallery, upload))


def _enrol(page: Page, gallery: Gallery) -> None:
    """Enrol the walker that is chosen at the moment of the click."""
    assert page.answer is not None
    answer = page.answer
    item = item_before(page.system, page.system.items(answer))
    try:
        answer.result.walks[item].enrol(gallery, st.session_state[page.name("name")])
    except HybridCoreError as error:
        st.session_state[page.name("problem")] = str(error)
    st.session_state[page.name("name")] = ""


def _open_file(page: Page, gallery: Gallery, upload: str) -> None:
    """Take a gallery file that was exported before; its content is read, the file is not kept."""
    file = st.session_state.get(upload)
    if file is None:
        return
    try:
        st.session_state[_name(page)] = gallery.restored(file.getvalue())
    except HybridCoreError as error:
        st.session_state[page.name("problem")] = str(error)


def _name(page: Page) -> str:
    return page.name(f"gallery.{page.kind}")
