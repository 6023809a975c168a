"""A video: what the encoder saw in each of its segments, and the player with its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st
from hybridcore.studio.inputs import Sample, spool
from hybridcore.studio.preview import prepare_video
from torch import Tensor

from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.video import CaptionedSegment, Span, middle_frames, webvtt
from hybridcore.figures import PALETTE
from hybridcore.jobs import JobProgress
from hybridcore.media import Clip
from hybridcore.media.picture import jpeg
from hybridcore.scene.samples import SampleClip, sample_path, sample_thumbnail
from hybridcore.scene.store import scenes_of
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.player import synced_player
from hybridcore.studio.seeking import count_seek, seek_to
from hybridcore.view import PlayerView, Strip
from pages.caption import KEY
from pages.caption.seen import THUMB_SIDE


@dataclass(frozen=True)
class Film:
    """A video cut into segments, the frame in the middle of each, and what the encoder saw there.

    times float64 ``[T]``, seconds; segment int ``[T]``, of every frame.
    """

    clip: Clip
    video: Path
    spans: list[Span]
    frames: list[np.ndarray]
    cells: Tensor
    times: np.ndarray
    segment: np.ndarray


def film_sample(clip: SampleClip, caption: str) -> Sample:
    """A sample of the scene labeller as one of this page."""
    folder = spool().folder
    return Sample(f"Video: {clip.title.lower()}", caption,
                  partial(sample_path, clip, folder), sample_thumbnail(clip, folder))


def watch_film(clip: Clip, folder: Path, progress: JobProgress) -> Film:
    """The job behind a video; the segments are the scene labeller's."""
    scenes = scenes_of(clip, progress.stage("Finding segments"))
    spans = [(s.start, s.end) for s in scenes.segments("lstm")]
    frames = middle_frames(clip, spans, progress.stage("Looking at segments"))
    video = prepare_video(clip, folder, progress)
    starts = np.array([start for start, _ in spans])
    segment = np.searchsorted(starts, scenes.times, "right") - 1
    return Film(clip, video, spans, frames, shared_captioner().see(frames), scenes.times, segment)


def play_film(film: Film, segments: Sequence[CaptionedSegment]) -> int:
    """The player with its subtitles and the segments below it; returns the segment looked at."""
    state = st.session_state
    texts = [segment.result.best.text for segment in segments]
    here = min(state.get(f"{KEY}.segment", 0), len(segments) - 1)
    frame = synced_player(
        _player_view(film.clip.digest, texts, film, webvtt(segments)), key=f"{KEY}.player",
        seek=seek_to(KEY, film.spans[here][0]))
    if state.get(f"{KEY}.frame", 0) != frame:
        state[f"{KEY}.frame"] = frame
        here = state[f"{KEY}.segment"] = int(film.segment[frame])

    def choose(at: int) -> None:
        state[f"{KEY}.segment"] = at
        count_seek(KEY)

    gallery([
        Thumb(f"{start:.1f} to {end:.1f} s", jpeg(picture, THUMB_SIDE), text)
        for (start, end), picture, text in zip(film.spans, film.frames, texts, strict=True)
    ], key=f"{KEY}.segments", selected=here, on_choose=choose)
    return here


@st.cache_resource(max_entries=24, show_spinner=False)
def _player_view(name: str, texts: Sequence[str], _film: Film, subtitles: str) -> PlayerView:
    colours = [PALETTE[k % (len(PALETTE) - 1)] for k in range(len(texts))]
    return PlayerView(
        video=_film.video, times=_film.times, subtitles=subtitles,
        strips=[Strip("Caption", _film.segment, texts, colours)],
        cuts=[start for start, _ in _film.spans if start > 0],
        size=(_film.clip.info.width, _film.clip.info.height),
        alt="The video with its captions as subtitles", sound=_film.clip.info.has_sound,
    )
