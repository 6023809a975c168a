"""From a clip to walks: who is found, what is said of bad input, and what is kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.errors import Cancelled
from hybridcore.gait import notes
from hybridcore.gait.predict import GaitRecognizer
from hybridcore.gait.result import GaitResult, Walk
from hybridcore.media import Clip
from tests.gait.walkers import HEIGHT, RATE, Actor, draw

ONE, OTHER = Actor(), Actor(start=300, speed=-60, colour=(40, 60, 150), tall=84)


@pytest.fixture(scope="module")
def result(recognizer: GaitRecognizer, one_walker: Clip) -> GaitResult:
    return recognizer.run(one_walker)


def test_one_walker_is_followed_and_measured(result: GaitResult) -> None:
    (walk,) = result.walks
    assert len(walk.frames) >= 115
    assert walk.rhythm.cadence == pytest.approx(120, rel=0.03)
    assert len(walk.rhythm.cycles) >= 2
    assert walk.notes == ()
    heights = walk.boxes[:, 3] * HEIGHT
    assert np.median(heights) == pytest.approx(90, abs=5)


def test_silhouettes_are_those_that_were_drawn(result: GaitResult) -> None:
    (walk,) = result.walks
    for k in (20, 60, 100):
        canvas = np.zeros((HEIGHT, 320), np.uint8)
        draw(canvas, ONE, walk.times[k], 255)
        from hybridcore.gait.align import align

        expected = align(canvas[None])[0] > 127
        seen = walk.silhouettes[k] > 127
        assert (expected & seen).sum() / (expected | seen).sum() > 0.75


def test_tracks_keep_their_people_through_a_crossing(
    recognizer: GaitRecognizer, filmed: Callable[..., Clip]
) -> None:
    found = recognizer.run(filmed([ONE, OTHER], 4.0))
    assert len(found.walks) == 2
    for walk in found.walks:
        middle = (walk.boxes[:, 0] + walk.boxes[:, 2] / 2) * 320
        actor = ONE if abs(middle[0] - ONE.start) < 40 else OTHER
        expected = actor.start + actor.speed * walk.times
        assert np.abs(middle - expected).max() < 20  # one and the same person all along
        assert notes.MERGED in walk.notes
        assert walk.rhythm.cadence == pytest.approx(120, rel=0.05)


def test_who_stands_first_and_then_walks_leaves_no_ghost(
    recognizer: GaitRecognizer, filmed: Callable[..., Clip]
) -> None:
    found = recognizer.run(filmed([Actor(begin=1.5, speed=80)], 4.0))
    (walk,) = found.walks
    assert len(walk.frames) >= 110


def test_light_that_fades_and_clothes_like_the_wall(
    recognizer: GaitRecognizer, filmed: Callable[..., Clip]
) -> None:
    for clip in (filmed([ONE], 4.0, dimming=0.3), filmed([Actor(colour=(110, 112, 108))], 4.0)):
        (walk,) = recognizer.run(clip).walks
        assert walk.rhythm.cadence == pytest.approx(120, rel=0.05)


@pytest.mark.parametrize(("actors", "options", "words"), [
    ([], {}, notes.NOBODY),
    ([Actor(start=150, speed=0, step=0)], {}, notes.NOBODY),
    ([ONE], {"pan": 60.0}, notes.CAMERA),
])
def test_clips_without_a_walk_get_words_and_no_name(
    recognizer: GaitRecognizer, filmed: Callable[..., Clip], actors: list[Actor],
    options: dict[str, float], words: str,
) -> None:
    found = recognizer.run(filmed(actors, 3.0, **options))
    assert any(words in note for note in found.notes)
    assert all(walk.identity is None for walk in found.walks)


def test_one_frame(recognizer: GaitRecognizer, filmed: Callable[..., Clip]) -> None:
    found = recognizer.run(filmed([ONE], 1 / RATE))
    assert found.notes == (notes.ONE_FRAME,)
    assert found.walks == ()


def test_somebody_small_and_a_torso_are_noted(
    recognizer: GaitRecognizer, filmed: Callable[..., Clip]
) -> None:
    (small,) = recognizer.run(filmed([Actor(tall=26)], 3.0)).walks
    assert any(note.startswith("too small: ") for note in small.notes)
    torso = recognizer.run(filmed([Actor(tall=230, ground=290, start=60, speed=50)], 3.0))
    assert torso.walks
    for walk in torso.walks:
        assert {notes.TORSO, notes.BORDER} & set(walk.notes)
        assert walk.identity is None
        assert walk.rhythm.cadence is None


def test_the_chunk_size_changes_nothing(
    recognizer: GaitRecognizer, one_walker: Clip, result: GaitResult
) -> None:
    other = recognizer.run(one_walker, chunk=7)
    assert other.to_json() == result.to_json()
    (a,), (b,) = other.walks, result.walks
    assert (a.silhouettes == b.silhouettes).all()


def test_progress_counts_and_stops(recognizer: GaitRecognizer, one_walker: Clip) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done > 150:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        recognizer.run(one_walker, None, progress)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][1] == 240


def test_json_has_the_agreed_keys(result: GaitResult, recognizer: GaitRecognizer) -> None:
    gallery = recognizer.open_gallery(None)
    result.walks[0].enrol(gallery, "Anna")
    (track,) = result.matched(gallery).to_json()["tracks"]
    assert list(track) == ["id", "start", "end", "frames", "cycles", "cadence", "view",
                           "embedding", "matches", "notes"]
    (match,) = track["matches"]
    assert match == {"name": "Anna", "distance": pytest.approx(0, abs=2e-3), "accepted": True}
    assert set(track["cycles"][0]) == {"start", "end"}
    assert len(track["embedding"]) == 8
    empty = replace(result, walks=()).to_json()
    assert empty == {"tracks": []}


def test_evidence_ends_in_the_embedding_and_is_a_unit_vector(result: GaitResult) -> None:
    identity = result.walks[0].identity
    assert identity is not None
    assert np.linalg.norm(identity.evidence, axis=1) == pytest.approx(1, abs=1e-5)
    assert (identity.embedding == identity.evidence[-1]).all()


def test_the_network_sees_silhouettes_as_it_learned_them(
    recognizer: GaitRecognizer, result: GaitResult
) -> None:
    walk = result.walks[0]
    assert walk.identity is not None
    assert len(np.unique(walk.used)) > 10  # grey edges
    seen = torch.from_numpy(walk.used[walk.identity.at]).float() / 255
    with torch.inference_mode():
        plain = recognizer.model(seen[None]).embedding[0]
    np.testing.assert_allclose(walk.identity.evidence, plain.numpy(), atol=1e-4)


def test_the_trace_is_of_this_walk(recognizer: GaitRecognizer, result: GaitResult) -> None:
    identity = result.walks[0].identity
    assert identity is not None
    trace = recognizer.trace(identity)
    assert trace.h == pytest.approx(trace.o * np.tanh(trace.c), abs=1e-4)


def test_looking_at_a_clip_writes_nothing(
    recognizer: GaitRecognizer, one_walker: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gallery = recognizer.open_gallery(tmp_path / "g.sqlite")
    before = sorted(one_walker.path.parent.iterdir())
    found = recognizer.run(one_walker, gallery)
    assert found.walks[0].matches == ()
    assert list(tmp_path.iterdir()) == []
    assert sorted(one_walker.path.parent.iterdir()) == before


def test_a_walk_that_was_not_read_cannot_be_enrolled(
    recognizer: GaitRecognizer, result: GaitResult, tmp_path: Path
) -> None:
    from hybridcore.gait.gallery import GalleryError

    walk: Walk = replace(result.walks[0], identity=None)
    with pytest.raises(GalleryError, match="Too little"):
        walk.enrol(recognizer.open_gallery(tmp_path / "g.sqlite"), "Anna")
    assert list(tmp_path.iterdir()) == []
