"""Where the sounds come from: the bank that ships, a person's own files, or the clip itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.media import endings
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.own_bank import read_own_bank
from hybridcore.studio.chosen import spool
from hybridcore.studio.markdown import plain
from hybridcore.studio.page import Page
from hybridcore.studio.problems import show_problem

_SHIPPED, _CLIP = "synthetic", "this clip's own sound"


def choose_bank(page: Page) -> dict[str, Any]:
    """The option ``bank``; problems with a person's own files are shown, and the synthetic
    sounds stay."""
    with st.expander("Sound bank", icon=":material/library_music:"):
        upload = st.file_uploader(
            "Your own sounds: a zip of sound files, one sound file, or a video with sound",
            type=list(endings("archive", "sound", "video")), key=page.name("bank"))
        choices = [_SHIPPED]
        choices += [_CLIP] if page.outputs.own_onsets is not None else []
        choices += [upload.name] if upload is not None else []
        chosen = st.radio("Take the sounds from", choices, index=len(choices) - 1 if upload else 0)
        st.caption("The synthetic bank comes from this project's physical models: sixteen "
                   "materials, struck and scratched at three strengths, ten variants each. It "
                   "holds no recordings.")
    try:
        if upload is not None and chosen == upload.name:
            upload.seek(0)
            bank = _read(str(spool().add(upload, Path(upload.name).suffix.lower())), upload.name)
        elif chosen == _CLIP:
            bank = _read(str(page.source.path), _CLIP)
        else:
            return {"bank": shipped_bank()}
    except HybridCoreError as error:
        show_problem(f"{error} The synthetic sounds are used instead.")
        return {"bank": shipped_bank()}
    st.caption(f"{len(bank):,} sounds from **{plain(bank.name)}**")
    if bank.problems:
        with st.expander(f"Problems with this bank: {len(bank.problems)}"):
            st.markdown("\n".join(f"- {plain(problem)}" for problem in bank.problems))
    return {"bank": bank}


@st.cache_resource(max_entries=8, show_spinner="Reading the sounds")
def _read(path: str, name: str) -> Bank:
    return read_own_bank(Path(path), name)
