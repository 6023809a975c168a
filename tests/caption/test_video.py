"""Captions of a video: subtitles, the frames they speak of, and the video with them burnt in."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.predict import Captioner
from hybridcore.caption.video import (
    CaptionedSegment,
    burn_in,
    captioned,
    middle_frames,
    subtitle,
    webvtt,
)
from hybridcore.media import Clip

SPANS = [(0.0, 1.2), (1.2, 2.4)]


@pytest.fixture(scope="module")
def segments(captioner: Captioner, two_shots: Path) -> tuple[CaptionedSegment, ...]:
    frames = middle_frames(Clip.open(two_shots), SPANS)
    return captioned(SPANS, captioner.run(frames, "attend", DecodingOptions(beam=2, most_words=6)))


def test_middle_frames_are_of_their_segments(two_shots: Path) -> None:
    clip = Clip.open(two_shots)
    cup, rocket = middle_frames(clip, SPANS)
    np.testing.assert_array_equal(cup, clip.frame_at(0.6))
    np.testing.assert_array_equal(rocket, clip.frame_at(1.8))


def test_subtitles_are_webvtt(segments: tuple[CaptionedSegment, ...]) -> None:
    head, first, second = webvtt(segments).strip().split("\n\n")
    assert head == "WEBVTT"
    assert first == f"00:00:00.000 --> 00:00:01.200\n{segments[0].result.best.text}"
    assert second.startswith("00:00:01.200 --> 00:00:02.400\n")


def test_times_are_written_whole(segments: tuple[CaptionedSegment, ...]) -> None:
    late = CaptionedSegment(3599.9996, 3661.5, segments[0].result)
    assert "01:00:00.000 --> 01:01:01.500" in webvtt([late])


def test_segments_become_rows_and_json(segments: tuple[CaptionedSegment, ...]) -> None:
    found = segments[1].to_json()
    assert (found["start"], found["end"]) == SPANS[1]
    assert found["captions"][0]["text"] == segments[1].result.best.text
    assert segments[1].to_table()[1]["rank"] == 2


def test_text_is_written_at_the_foot_only() -> None:
    frame = np.full((180, 320, 3), 120, np.uint8)
    drawn = subtitle(frame, "a dog runs on the grass " * 3)
    assert (drawn[:90] == 120).all()
    assert drawn[100:].max() > 200
    assert (drawn[-3:].max(), drawn[-3:].min()) == (40, 40)
    one = subtitle(frame, "a dog")
    assert (one[:150] == 120).all()


def test_the_burnt_in_video_keeps_its_frames(
    segments: tuple[CaptionedSegment, ...], two_shots: Path, tmp_path: Path
) -> None:
    clip, told = Clip.open(two_shots), []
    out = Clip.open(burn_in(clip, segments, tmp_path / "out.mp4",
                            lambda done, total: told.append((done, total))))
    assert out.info.frame_count == 60
    assert told[-1] == (60, 60)
    before, after = clip.frame_at(0.6).astype(int), out.frame_at(0.6).astype(int)
    foot = np.abs(after - before)[-12:].mean()
    assert foot > 5 * np.abs(after - before)[:80].mean()
