"""The galleries of this browser session, one a network: enrol, forget, export, open, delete."""

from __future__ import annotations

import streamlit as st

from hybridcore.answers import look
from hybridcore.errors import HybridCoreError
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.result import GaitResult
from hybridcore.gait.samples import ENROLLED
from hybridcore.studio.address import card_of
from hybridcore.studio.chosen import Chosen, open_chosen, spool
from hybridcore.studio.items import item_before
from hybridcore.studio.page import Page
from hybridcore.studio.problems import show_problem

_PRIVACY = (
    "Gait is biometric data: it can identify a person. Ask people before you enrol them. "
    "Everything stays on this machine, and nothing is kept unless you enrol a walk: then the name, "
    "an embedding of 128 numbers, the energy image, the date, 60 numbers on the clothes, and the "
    "name of the video with the time in it are, but no picture. Each model has its own gallery, "
    "which lasts as long as this browser session unless you export it."
)
_SAMPLE_NAMES = {name for names in ENROLLED.values() for name in names}


def session_gallery(page: Page) -> dict[str, Gallery]:
    """The option ``gallery``: in memory until it is exported. The tour has one of its own, with the
    walkers of the samples."""
    toured = card_of(page.system) is not None
    name = _name(page) + (".tour" if toured else "")
    if name not in st.session_state:
        st.session_state[name] = page.model.open_gallery(None, page.kind)
        if toured:
            _enrol_samples(page, st.session_state[name])
    return {"gallery": st.session_state[name]}


def show_gallery(page: Page) -> None:
    """Enrol on the left, who is enrolled on the right."""
    gallery: Gallery = page.options["gallery"]
    st.header("Gallery")
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
    row.text_input("Name for the walker chosen above", key=page.name("name"), max_chars=80)
    row.button("Enrol", icon=":material/person_add:", on_click=_enrol, args=(page, gallery),
               disabled=not page.answer.result.walks)
    if others := gallery.strangers():
        walks = "1 walk was" if others == 1 else f"{others} walks were"
        st.caption(f":material/info: {walks} enrolled with another network and cannot be compared.")


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
        _deletion(row, gallery)
    else:
        st.caption("Nobody is enrolled yet.")
    if not {person.name for person in gallery.names()} >= _SAMPLE_NAMES:
        st.button("Enrol the sample walkers", icon=":material/groups:",
                  help="Enrols the walkers of the first two samples under made-up names. Then open "
                       "“One walker again” and “A stranger”.",
                  on_click=_enrol_samples, args=(page, gallery))
    upload = page.name(f"upload.{page.kind}")
    st.file_uploader("Open an exported gallery", type=["sqlite"], key=upload,
                     on_change=_open_file, args=(page, gallery, upload))


def _deletion(row: st.delta_generator.DeltaGenerator, gallery: Gallery) -> None:
    """Nothing brings a gallery back, so it is deleted by the second of two clicks."""
    with row.popover("Delete everything", icon=":material/delete:"):
        walks = "1 walk" if len(gallery) == 1 else f"{len(gallery)} walks"
        st.markdown(f"Delete the whole gallery ({walks})? This cannot be undone.")
        st.button(f"Delete {walks}", type="primary", icon=":material/delete_forever:",
                  on_click=gallery.delete)


def _enrol_samples(page: Page, gallery: Gallery) -> None:
    """Enrol the walkers of the samples, whose results are stored."""
    system = page.system
    known = {person.name for person in gallery.names()}
    for sample in [sample for sample in system.samples if sample.key in ENROLLED]:
        chosen = Chosen(sample.title, sample.path(spool().folder), sample.key)
        reader, source = open_chosen(system, chosen)
        outputs: GaitResult = look(system, reader, source, system.defaults(page.kind))
        for walk, name in zip(outputs.of(page.kind).walks, ENROLLED[sample.key], strict=True):
            if name not in known:
                walk.enrol(gallery, name, source.name)


def _enrol(page: Page, gallery: Gallery) -> None:
    """Enrol the walker that is chosen at the moment of the click."""
    assert page.answer is not None
    answer = page.answer
    item = item_before(page.system, page.system.items(answer))
    try:
        answer.result.walks[item].enrol(gallery, st.session_state.get(page.name("name"), ""),
                                          answer.source.name)
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
