"""From a clip to walks: who is found, what is said of bad input, and what is kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.cards import load_card
from hybridcore.errors import Cancelled, MediaError
from hybridcore.gait import notes
from hybridcore.gait.align import align
from hybridcore.gait.background import AdaptiveBackground, Method
from hybridcore.gait.evidence import identify
from hybridcore.gait.gallery import GalleryError
from hybridcore.gait.model import KINDS
from hybridcore.gait.networks import load_networks
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.result import GaitResult
from hybridcore.gait.walk import Walk
from hybridcore.media import Clip
from hybridcore.store import load, save
from tests.gait.conftest import ONE, OTHER, Answering, Running
from tests.gait.walkers import HEIGHT, RATE, Actor, draw
from tests.media.films import picture


@pytest.fixture(scope="module")
def result(run: Running, one_walker: Clip) -> GaitResult:
    return run(one_walker)


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
        expected = align(canvas[None])[0] > 127
        measured = walk.silhouettes[k] > 127
        assert (expected & measured).sum() / (expected | measured).sum() > 0.75


def test_tracks_keep_their_people_through_a_crossing(
    answering: Answering, two_walkers: Clip
) -> None:
    walks = answering(two_walkers).result.walks
    assert len(walks) == 2
    for walk in walks:
        middle = (walk.boxes[:, 0] + walk.boxes[:, 2] / 2) * 320
        actor = ONE if abs(middle[0] - ONE.start) < 40 else OTHER
        expected = actor.start + actor.speed * walk.times
        assert np.abs(middle - expected).max() < 20  # one and the same person all along
        assert notes.MERGED in walk.notes
        assert walk.rhythm.cadence == pytest.approx(120, rel=0.05)


def test_who_stands_first_and_then_walks_leaves_no_ghost(
    run: Running, filmed: Callable[..., Clip]
) -> None:
    (walk,) = run(filmed([Actor(begin=1.5, speed=80)], 4.0)).walks
    assert len(walk.frames) >= 110


def test_light_that_fades_and_clothes_like_the_wall(
    run: Running, filmed: Callable[..., Clip]
) -> None:
    for clip in (filmed([ONE], 4.0, dimming=0.3), filmed([Actor(colour=(110, 112, 108))], 4.0)):
        (walk,) = run(clip).walks
        assert walk.rhythm.cadence == pytest.approx(120, rel=0.05)


@pytest.mark.parametrize(("actors", "options", "words"), [
    ([], {}, notes.NOBODY),
    ([Actor(start=150, speed=0, step=0)], {}, notes.NOBODY),
    ([ONE], {"pan": 60.0}, "The camera moves ("),
])
def test_clips_without_a_walk_get_words_and_no_name(
    run: Running, filmed: Callable[..., Clip], actors: list[Actor],
    options: dict[str, float], words: str,
) -> None:
    result = run(filmed(actors, 3.0, **options))
    assert any(words in note for note in result.notes)
    assert not any(walk.identities for walk in result.walks)


def test_one_frame(run: Running, filmed: Callable[..., Clip]) -> None:
    with pytest.raises(MediaError, match="A single frame holds no walk"):
        run(filmed([ONE], 1 / RATE))


def test_somebody_small_is_left_out_and_a_torso_is_noted(
    run: Running, filmed: Callable[..., Clip]
) -> None:
    small = run(filmed([Actor(tall=26)], 3.0))
    assert small.walks == ()
    assert notes.too_small(1) in small.notes
    torso = run(filmed([Actor(tall=230, ground=290, start=60, speed=50)], 3.0))
    assert torso.walks
    for walk in torso.walks:
        assert {notes.TORSO, notes.BORDER} & set(walk.notes)
        assert walk.identity is None
        assert walk.rhythm.cadence is None


def test_the_chunk_size_changes_nothing(
    run: Running, one_walker: Clip, result: GaitResult
) -> None:
    other = run(one_walker, chunk=7)
    assert other.to_json() == result.to_json()
    (a,), (b,) = other.walks, result.walks
    assert (a.silhouettes == b.silhouettes).all()


@pytest.mark.parametrize("method", ["knn", "mog2"])
def test_the_same_film_gives_the_same_silhouettes(method: Method) -> None:
    frames = np.stack([picture(k % 32) for k in range(60)])
    once, again = (
        [background.subtract(frame, 0.0)[0] for frame in frames]
        for background in (AdaptiveBackground(frames, method) for _ in range(2)))
    np.testing.assert_array_equal(once, again)


def test_progress_counts_and_stops(run: Running, one_walker: Clip) -> None:
    steps: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        steps.append((done, total))
        if done > 150:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        run(one_walker, progress)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][1] == 240


@pytest.mark.parametrize("kind", KINDS)
def test_json_has_the_agreed_keys_and_the_numbers_of_the_kind(
    kind: str, answering: Answering, one_walker: Clip, recogniser: GaitRecogniser
) -> None:
    gallery = recogniser.open_gallery(None, kind)
    walk = answering(one_walker, kind).result.walks[0]
    walk.enrol(gallery, "Anna")
    content = answering(one_walker, kind, gallery=gallery).result.to_json()
    assert content["model"] == kind
    (track,) = content["tracks"]
    assert list(track) == ["id", "start", "end", "frames", "cycles", "cadence", "view",
                           "embedding", "matches", "seen_before", "notes"]
    (match,) = track["matches"]
    assert match == {"name": "Anna", "distance": pytest.approx(0, abs=2e-3), "accepted": True}
    assert set(track["cycles"][0]) == {"start", "end"}
    identity = walk.identities[kind]
    assert track["embedding"] == pytest.approx(identity.evidence[-1], abs=1e-6)
    assert track["view"] == 18 * int(identity.views[-1].argmax())
    assert track["cadence"] == pytest.approx(120, rel=0.03)
    empty = replace(answering(one_walker, kind).result, walks=()).to_json()
    assert empty == {"model": kind, "tracks": []}


def test_the_table_for_a_terminal_says_who(
    answering: Answering, two_walkers: Clip, recogniser: GaitRecogniser
) -> None:
    gallery = recogniser.open_gallery(None, "set")
    first, second = answering(two_walkers, "set").result.walks
    first.enrol(gallery, "Anna")
    gallery.threshold = 1e-2  # nobody else is accepted, however alike untrained networks see them
    header, one, other = answering(two_walkers, "set", gallery=gallery).result.to_text().split("\n")
    assert header.split()[:4] == ["id", "start", "end", "cycles"]
    assert f"{first.times[0]:.2f}" in one
    assert "Anna (0.00)" in one
    apart = np.linalg.norm(
        first.identities["set"].embedding - second.identities["set"].embedding)
    assert f"no match ({apart:.2f})" in other
    assert "two people merged" in other


@pytest.mark.parametrize("kind", KINDS)
def test_evidence_ends_in_the_embedding_and_is_a_unit_vector(
    kind: str, result: GaitResult
) -> None:
    identity = result.of(kind).walks[0].identity
    assert identity is result.walks[0].identities[kind]
    assert np.linalg.norm(identity.evidence, axis=1) == pytest.approx(1, abs=1e-5)
    assert (identity.embedding == identity.evidence[-1]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_every_network_reads_silhouettes_as_it_learned_them(
    kind: str, recogniser: GaitRecogniser, result: GaitResult
) -> None:
    walk = result.walks[0]
    identity = walk.identities[kind]
    assert len(np.unique(walk.used)) > 10  # grey edges
    silhouettes = torch.from_numpy(walk.used[identity.at]).float() / 255
    with torch.inference_mode():
        plain = recogniser.networks[kind].model(silhouettes[None])
    np.testing.assert_allclose(identity.evidence, plain.embedding[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(
        identity.views, plain.view_logits[0].softmax(-1).numpy(), atol=1e-4)


def test_a_walk_longer_than_a_slice_is_read_in_one_go(recogniser: GaitRecogniser) -> None:
    rng = np.random.default_rng(0)
    silhouettes = (rng.random((600, 64, 44)) > 0.6).astype(np.uint8) * 255
    models = {kind: network.model for kind, network in recogniser.networks.items()}
    whole = identify(models, silhouettes, np.arange(600) / 30)
    for kind, model in models.items():
        with torch.inference_mode():
            plain = model(torch.from_numpy(silhouettes)[None].float() / 255)
        np.testing.assert_allclose(whole[kind].evidence, plain.embedding[0].numpy(), atol=1e-4)
        steps = {step.name: step.shape for step in whole[kind].flow}
        assert steps["CNN"] == (600, 8, 16, 6)
        assert steps["embedding"] == (600, 8)
    fast = identify(models, silhouettes, np.arange(600) / 60)
    assert (fast["lstm"].at == np.arange(0, 600, 2)).all()


def test_a_shared_cnn_runs_once(recogniser: GaitRecogniser) -> None:
    models = {kind: network.model for kind, network in recogniser.networks.items()}
    calls = []
    hook = models["lstm"].frames.register_forward_hook(lambda *_: calls.append(1))
    identify(models, np.full((20, 64, 44), 255, np.uint8), np.arange(20) / 30)
    hook.remove()
    assert len(calls) == 1


def test_the_networks_that_ship_share_one_cnn_and_have_the_thresholds_of_their_cards() -> None:
    networks = load_networks("cpu")
    frames = [networks[kind].model.frames for kind in ("lstm", "set", "mean")]
    assert frames[0] is frames[1] is frames[2]
    assert networks["gei"].model.frames is not frames[0]
    for kind, network in networks.items():
        card = load_card(f"gait_{kind}")
        assert network.threshold == card["threshold"]
        assert network.digest == card["sha256"]
    assert len({network.digest for network in networks.values()}) == 4


def test_the_trace_is_of_this_walk(recogniser: GaitRecogniser, result: GaitResult) -> None:
    identity = result.walks[0].identities["lstm"]
    trace = recogniser.trace(identity)
    assert trace is not None
    assert trace.h == pytest.approx(trace.o * np.tanh(trace.c), abs=1e-4)
    assert (trace.h == identity.hidden).all()
    assert recogniser.trace(result.walks[0].identities["mean"], "mean") is None


def test_feet_are_where_the_legs_reach_the_ground(result: GaitResult) -> None:
    walk = result.walks[0]
    feet = walk.feet
    width = walk.size[1]
    assert feet.shape == (len(walk.times), width)
    for k in (20, 60, 100):
        columns = (np.flatnonzero(feet[k]) + 0.5) / width
        left, _, wide, _ = walk.boxes[k]
        assert left <= columns.min() < columns.max() <= left + wide
        assert abs(columns.mean() - walk.middles[k]) < 0.05


def test_a_result_comes_back_from_the_store(result: GaitResult, tmp_path: Path) -> None:
    save(result, tmp_path / "kept.npz")
    again = load(tmp_path / "kept.npz", GaitResult)
    for kind in KINDS:
        assert again.of(kind).to_json() == result.of(kind).to_json()
        assert again.walks[0].identities[kind].flow == result.walks[0].identities[kind].flow
    assert again.to_table() == result.to_table()
    one, other = again.walks[0], result.walks[0]
    for name in ("silhouettes", "feet", "usable", "middles"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert one.identities["set"].inputs is None
    assert (one.identities["lstm"].hidden == other.identities["lstm"].hidden).all()


def test_each_network_compares_with_its_own_walks_only(
    answering: Answering, one_walker: Clip, tmp_path: Path
) -> None:
    path = tmp_path / "g.sqlite"
    enrolled = answering(one_walker, "mean", gallery=path, enrol="Anna").result
    assert enrolled.notes == ("walker 1 is now enrolled in g.sqlite as Anna.",)
    assert enrolled.walks[0].matches[0].name == "Anna"
    assert answering(one_walker, "mean", gallery=path).result.known.threshold == 0.5
    other = answering(one_walker, "lstm", gallery=path).result
    assert other.known.names == ()
    assert other.known.threshold == pytest.approx(0.3)
    assert other.walks[0].matches == ()


def test_enrolling_says_what_is_missing(
    answering: Answering, two_walkers: Clip, recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    with pytest.raises(GalleryError, match="--gallery"):
        answering(two_walkers, enrol="Anna")
    gallery = recogniser.open_gallery(tmp_path / "g.sqlite")
    with pytest.raises(GalleryError, match="choose one of 1, 2"):
        answering(two_walkers, gallery=gallery, enrol="Anna")
    with pytest.raises(GalleryError, match="No walk"):
        answering(two_walkers, gallery=gallery, enrol="Anna", walker=3)
    assert list(tmp_path.iterdir()) == []
    second = answering(two_walkers, gallery=gallery, enrol="Ben", walker=2).result.walks[1]
    assert (gallery.known().embeddings == second.identities["lstm"].embedding).all()


def test_looking_at_a_clip_writes_nothing(
    recogniser: GaitRecogniser, run: Running, one_walker: Clip, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(one_walker.path.parent.iterdir())
    found = run(one_walker)
    result = recogniser.finish(found, one_walker, "lstm", gallery=tmp_path / "g.sqlite")
    assert result.walks[0].matches == ()
    assert list(tmp_path.iterdir()) == []
    assert sorted(one_walker.path.parent.iterdir()) == before


def test_a_walk_that_was_not_read_cannot_be_enrolled(
    recogniser: GaitRecogniser, result: GaitResult, tmp_path: Path
) -> None:
    walk: Walk = replace(result.walks[0], identities={})
    with pytest.raises(GalleryError, match="Too little"):
        walk.enrol(recogniser.open_gallery(tmp_path / "g.sqlite"), "Anna")
    assert list(tmp_path.iterdir()) == []
