"""Where the sounds come from: the bank that ships, a person's own files, or the clip itself."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from hybridcore.studio.inputs import spool

from hybridcore.errors import HybridCoreError
from hybridcore.media import endings, kind_of
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.own_bank import OwnBank, bank_of_video, read_own_bank
from hybridcore.studio.problems import show_problem
from pages.sound import KEY
from pages.sound.watched import Watched


def choose_bank(watched: Watched) -> Bank:
    """The bank in use; what is wrong with a person's own files is said, and the synthetic bank
    stays."""
    with st.popover("Bank of sounds", icon=":material/library_music:"):
        upload = st.file_uploader(
            "Your own sounds: a zip of sound files, one sound, or a video with sound",
            type=list(endings("zip", "sound", "video")),
            key=f"{KEY}.bank")
        options = ["synthetic"]
        options += ["this clip's own sound"] if watched.real is not None else []
        options += [upload.name] if upload is not None else []
        chosen = st.radio("Take the sounds from", options, index=len(options) - 1 if upload else 0)
        st.caption("The synthetic bank was made by this project's physical model: sixteen "
                   "materials, struck and scratched. No recording is in it.")
    try:
        if upload is not None and chosen == upload.name:
            suffix = Path(upload.name).suffix.lower()
            upload.seek(0)
            own = _own_bank(str(spool().add(upload, suffix)), upload.name)
        elif chosen == options[0]:
            return shipped_bank()
        else:
            own = _own_bank(str(watched.clip.path), chosen)
    except HybridCoreError as error:
        show_problem(f"{error} The synthetic sounds are used instead.")
        return shipped_bank()
    st.caption(f"{len(own.bank):,} sounds of **{chosen}**")
    if own.problems:
        with st.expander(f"{len(own.problems)} files could not be used"):
            st.markdown("\n".join(f"- {problem}" for problem in own.problems))
    return own.bank


@st.cache_resource(max_entries=8, show_spinner="Reading the sounds")
def _own_bank(path: str, name: str) -> OwnBank:
    if kind_of(Path(path)) == "zip":
        return read_own_bank(Path(path), name)
    return bank_of_video(Path(path), name)
