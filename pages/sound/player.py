"""The clip with the sound that was made, and what the network says of every frame."""

from __future__ import annotations

import numpy as np
import streamlit as st

from hybridcore.media.mux import add_sound
from hybridcore.sound import figures
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.model import KNOWN_MATERIALS
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.result import SoundResult
from hybridcore.studio.inputs import spool
from hybridcore.studio.player import synced_player
from hybridcore.studio.seeking import seek_to
from hybridcore.view import Panel, PlayerView, Series, Strip
from pages.sound import KEY
from pages.sound.watched import Watched


def play(watched: Watched, result: SoundResult, digest: str, time: float | None) -> None:
    """The player.

    Args:
        digest: names the sound.
        time: of the hit that was chosen last, s; None: none was.
    """
    synced_player(_player_view(watched.clip.digest, digest, watched, result), key=KEY,
                  seek=seek_to(KEY, time))


@st.cache_resource(max_entries=32, show_spinner=False)
def _player_view(name: str, digest: str, _watched: Watched, _result: SoundResult) -> PlayerView:
    """One view for each sound, kept so that its arrays go to the browser once."""
    prediction, info = _watched.prediction, _watched.clip.info
    path = spool().folder / f"{name[:32]}-{digest[:32]}.mp4"
    names = (*MATERIALS, "other")
    colours = [*figures.MATERIAL_COLOURS.values(), figures.OTHER_COLOUR]
    strips = [Strip("Made", figures.strip_codes(prediction.times, _result.onsets, names), names,
                    colours)]
    if _watched.true is not None:
        strips.append(Strip("In its own sound", figures.true_codes(prediction.times, _watched.true),
                            ("onset",), (figures.REAL,)))
    return PlayerView(
        video=add_sound(_watched.preview, _result.sound, RATE, path), times=prediction.times,
        strips=strips, size=(info.width, info.height), panels=_panels(prediction),
        alt="The clip with the sound that was made", sound=True)


def _panels(prediction: FramePrediction) -> list[Panel]:
    order = np.argsort(-prediction.material, axis=1)[:, :5]
    struck = Series("Material", KNOWN_MATERIALS, order,
                    np.take_along_axis(prediction.material, order, 1),
                    colours=[figures.MATERIAL_COLOURS[m] for m in KNOWN_MATERIALS])
    hit = Series("Onset", ("struck now",), np.zeros((len(order), 1), int),
                 prediction.onset[:, None])
    action = np.argsort(-prediction.action, axis=1)
    how = Series("Action", ACTIONS, action, np.take_along_axis(prediction.action, action, 1))
    return [Panel("When and how", [hit, how]), Panel("On what", [struck])]
