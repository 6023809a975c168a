"""The clip with its labels: attention over the video, the models as strips, scene and objects."""

from __future__ import annotations

import streamlit as st

from hybridcore.figures import attention_bytes
from hybridcore.scene import figures
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import KINDS, Kind
from hybridcore.studio.player import synced_player
from hybridcore.studio.seeking import seek_to
from hybridcore.view import Heat, Line, Panel, PlayerView, Series, Strip
from pages.scene import KEY
from pages.scene.labelled import Labelled
from pages.scene.segments import chosen_start


def play(labelled: Labelled, kind: Kind) -> int:
    """The player; returns the frame on which it stands."""
    return synced_player(
        _player_view(labelled.clip.digest, kind, labelled), key=KEY,
        seek=seek_to(KEY, chosen_start(labelled.result, kind)))


@st.cache_resource(max_entries=24, show_spinner=False)
def _player_view(name: str, kind: Kind, _labelled: Labelled) -> PlayerView:
    """One view a clip and model, kept so that its arrays go to the browser once."""
    result, tracks = _labelled.result, _labelled.result.tracks
    colours = figures.scene_colours(result, kind)
    order: list[Kind] = [kind, *(k for k in KINDS if k != kind)]
    strips = [
        Strip(figures.MODEL_NAMES[k], tracks[k].top[0][:, 0], result.scene_names, colours,
              tracks[k].top[1][:, 0]) for k in order
    ]
    strips.append(Strip("Group", result.groups.argmax(1), GROUPS, figures.GROUP_COLOURS,
                        result.groups.max(1)))
    shown: list[Kind] = [kind] if kind == "frame" else [kind, "frame"]
    bars = [
        Series(figures.MODEL_NAMES[k], result.scene_names, *tracks[k].top,
               hollow=k == "frame", colours=colours) for k in shown
    ]
    objects = Series("ImageNet", result.object_names, result.objects, result.object_probability)
    return PlayerView(
        video=_labelled.video, times=result.times, strips=strips,
        overlays=[Heat("Attention", attention_bytes(tracks[kind].attention))],
        panels=[
            Panel("Scene", bars, [Line("Group", GROUPS, result.groups.argmax(1))]),
            Panel("Objects", [objects]),
        ],
        cuts=result.times[result.cut_frames(kind)], size=(result.width, result.height),
        alt=f"The clip {name}", sound=_labelled.clip.info.has_sound,
    )
