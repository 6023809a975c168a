"""Captions of a video as subtitles and burnt in."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from hybridcore.caption.video import burn_in, subtitle, webvtt, webvtt_of_all
from hybridcore.media import Clip
from tests.caption.conftest import MakeAnswer


def test_subtitles_are_webvtt(answer_of_video: MakeAnswer) -> None:
    result = answer_of_video().result
    head, first, second = webvtt(result).strip().split("\n\n")
    assert head == "WEBVTT"
    assert first == f"00:00:00.000 --> 00:00:01.200\n{result.pictures[0].best.text}"
    assert second == f"00:00:01.200 --> 00:00:02.400\n{result.pictures[1].best.text}"


def test_subtitles_of_several_videos_follow_each_other(answer_of_video: MakeAnswer) -> None:
    attend, tell = answer_of_video("attend").result, answer_of_video("tell").result
    head, *blocks = webvtt_of_all({"a.mp4": attend, "b.mp4": tell}).strip().split("\n\n")
    assert head == "WEBVTT"
    assert (blocks[0], blocks[3]) == ("NOTE a.mp4", "NOTE b.mp4")
    assert blocks[1:3] == webvtt(attend).strip().split("\n\n")[1:]
    assert blocks[4:] == webvtt(tell).strip().split("\n\n")[1:]


def test_times_are_written_whole(answer_of_video: MakeAnswer) -> None:
    result = answer_of_video().result
    late = replace(result, spans=((3599.9996, 3661.5),), pictures=result.pictures[:1])
    assert "01:00:00.000 --> 01:01:01.500" in webvtt(late)


def test_text_is_written_at_the_foot_only() -> None:
    frame = np.full((180, 320, 3), 120, np.uint8)
    drawn = subtitle(frame, "a dog runs on the grass " * 3)
    assert (drawn[:90] == 120).all()
    assert drawn[100:].max() > 200
    assert (drawn[-3:].max(), drawn[-3:].min()) == (40, 40)
    one = subtitle(frame, "a dog")
    assert (one[:150] == 120).all()


def test_every_frame_of_the_film_has_its_own_sentence(
    answer_of_video: MakeAnswer, two_shots: Path, tmp_path: Path
) -> None:
    clip, result = Clip.open(two_shots), answer_of_video().result
    reported: list[tuple[int, int]] = []
    out = Clip.open(burn_in(clip, result, tmp_path / "out.mp4",
                            lambda done, total: reported.append((done, total))))
    assert out.info.frame_count == 60
    assert reported[-1] == (60, 60)
    texts = [picture.best.text for picture in result.pictures]
    for time, own, other in ((0.6, 0, 1), (1.16, 0, 1), (1.22, 1, 0), (1.8, 1, 0)):
        shown, plain = out.frame_at(time).astype(int), clip.frame_at(time)
        right = np.abs(shown - subtitle(plain, texts[own]))[-40:].mean()
        wrong = np.abs(shown - subtitle(plain, texts[other]))[-40:].mean()
        assert right < 0.6 * wrong
        assert np.abs(shown - plain)[:80].mean() < 8
