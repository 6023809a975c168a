"""One hit and its exemplar: see it, hear it alone, take another."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from hybridcore.sound import figures
from hybridcore.sound.bank import Bank
from hybridcore.sound.cochleagram import RATE, cochleagram_numpy
from hybridcore.sound.events import Onset
from hybridcore.sound.exemplar import ranked
from hybridcore.sound.materials import MATERIALS
from hybridcore.sound.result import SoundResult
from hybridcore.studio.seeking import count_seek
from pages.sound import KEY
from pages.sound.onsets import set_onsets


def chosen_time(result: SoundResult) -> float | None:
    """When the hit is that was chosen, s."""
    at = st.session_state.get(_key(result))
    return result.onsets[at].time if at is not None and at < len(result.onsets) else None


def show_hit(edited: list[Onset], result: SoundResult, bank: Bank) -> None:
    """Choose a hit; its exemplar, and others in its place.

    edited: the onsets as the table has them, in the order of the result's.
    """
    if not result.onsets:
        st.info("Nothing is struck at this threshold. Lower it, or add an onset to the table.",
                icon=":material/volume_off:")
        return
    labels = [f"{k + 1} · {o.time:.2f} s · {o.material}" for k, o in enumerate(result.onsets)]
    at = st.selectbox("Hit", range(len(labels)), format_func=labels.__getitem__,
                      key=_key(result), on_change=count_seek, args=(KEY,))
    onset = result.onsets[at]
    if result.method == "parametric":
        st.caption("Shaped noise: the predicted cochleagram itself, inverted.")
        first = round(onset.time * RATE)
        st.audio(result.sound[first : first + RATE // 2], sample_rate=RATE)
        return
    exemplar = bank[onset.exemplar]
    st.plotly_chart(figures.exemplar_figure(exemplar.sound, cochleagram_numpy(exemplar.sound)),
                    key=f"{KEY}.exemplar", alt=f"Waveform and cochleagram of {exemplar.name}")
    st.audio(exemplar.sound, sample_rate=RATE)
    swapped = _swapped(onset, result, bank)
    if swapped != onset:
        set_onsets([swapped if k == at else other for k, other in enumerate(edited)])
        st.rerun()


def _key(result: SoundResult) -> str:
    return f"{KEY}.hit.{len(result.onsets)}"


def _swapped(onset: Onset, result: SoundResult, bank: Bank) -> Onset:
    """The onset with the sound or the material that a person takes instead."""
    (others,) = ranked(bank, result.prediction.cochleagram, [onset])
    materials = list(MATERIALS)
    left, right = st.columns(2)
    sound = left.selectbox("Take another, nearest first", others, key=f"{KEY}.other.{onset}",
                           index=others.index(onset.exemplar) if onset.exemplar in others else 0)
    known = onset.material in materials
    material = right.selectbox("or another material", materials, key=f"{KEY}.stuff.{onset}",
                               index=materials.index(onset.material) if known else 0)
    if material != onset.material and known:
        return replace(onset, material=material, exemplar="")
    return replace(onset, exemplar=sound)
