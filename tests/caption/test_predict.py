"""The captioner as pages and the command use it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from hybridcore import store
from hybridcore.caption.decode import teacher_force
from hybridcore.caption.inside import encoding_of
from hybridcore.caption.model import KINDS, Kind
from hybridcore.caption.options import DEFAULTS, DecodingOptions
from hybridcore.caption.predict import Captioner
from hybridcore.caption.result import Captions, Encoding
from hybridcore.caption.shots import shares
from hybridcore.caption.vocabulary import END, MARKS
from hybridcore.errors import Cancelled
from hybridcore.media.clip import Clip
from hybridcore.media.picture import Picture
from tests.caption.conftest import MakeAnswer


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    return [data.coffee(), data.rocket()[:, :300]]


@pytest.fixture(scope="module")
def cells(captioner: Captioner, pictures: list[np.ndarray]) -> np.ndarray:
    return captioner.encode(pictures).cells


@pytest.fixture(scope="module", params=KINDS)
def kind(request) -> Kind:
    return request.param


@pytest.fixture(scope="module")
def captions(captioner: Captioner, cells: np.ndarray, kind: Kind) -> list[Captions]:
    return captioner.caption(cells, kind, DecodingOptions(beam=4, most_words=7))


def test_sentences_come_best_first_with_their_words(captions: list[Captions]) -> None:
    for one in captions:
        assert len(one.captions) == 4
        best = [c.log_probability / len(c.words) ** 0.7 for c in one.captions]
        assert best == sorted(best, reverse=True)
        for caption in one.captions:
            plain = [w for w in caption.words if w != MARKS[END]]
            assert caption.text == " ".join(plain).replace(" 's", "'s")
            assert caption.log_probability == pytest.approx(
                float(np.log(caption.probabilities).sum()), abs=1e-4)


def test_the_tree_holds_every_sentence(captions: list[Captions]) -> None:
    for one in captions:
        paths: dict[int, tuple[str, ...]] = {-1: ()}
        for k, node in enumerate(one.tree):
            paths[k] = (*paths[node.parent], node.word)
            assert node.step == len(paths[k]) - 1
            before = 0 if node.parent < 0 else one.tree[node.parent].score
            assert node.score == pytest.approx(before + np.log(node.probability), abs=1e-4)
        assert {caption.words for caption in one.captions} <= set(paths.values())
        best = [node.word for node in one.tree if node.best]
        assert tuple(best) == one.best.words


def test_looking_inside_finds_the_same_sentence(
    captioner: Captioner, cells: np.ndarray, captions: list[Captions], kind: Kind
) -> None:
    for number, one in enumerate(captions):
        caption = one.captions[1]
        inside = captioner.look_inside(cells[number], kind, caption.numbers)
        assert inside.words == caption.words
        np.testing.assert_allclose(inside.probabilities, caption.probabilities, atol=1e-5)
        p = inside.alternative_probabilities
        assert (np.diff(p) <= 0).all()
        assert inside.alternatives[0][0] not in MARKS[::2]
        assert (inside.entropy <= np.log2(len(captioner.vocabularies["attend"]))).all()
        assert inside.trace.c.shape == (len(caption.words), 14)
        if kind == "attend":
            np.testing.assert_allclose(inside.attention.sum((1, 2)), 1, atol=1e-5)
            assert ((inside.gate > 0) & (inside.gate < 1)).all()
        else:
            assert inside.attention is None


def test_maps_lie_on_the_picture_as_its_cells_do(
    captioner: Captioner, cells: np.ndarray
) -> None:
    """Row by row: the map of a word is the softmax over the 49 cells, in their order."""
    import torch

    numbers = captioner.caption(cells[:1], "attend", DecodingOptions(beam=1))[0].best.numbers
    model = captioner.models["attend"]
    with torch.inference_mode():
        forced = teacher_force(model, model.read(torch.from_numpy(cells[:1])), numbers)
    inside = captioner.look_inside(cells[0], "attend", numbers)
    assert inside.attention[2, 1, 4] == forced.attention[2, 1 * 7 + 4]


def test_cells_are_the_grid_row_by_row(captioner: Captioner, coffee: Picture) -> None:
    from hybridcore.caption.grid import SIDE, encode_grid
    from hybridcore.media.picture import resize

    grid = encode_grid(captioner.encoder, resize(coffee.array, SIDE)[None]).numpy()
    cells = captioner.run(coffee).cells
    assert cells.shape == (1, 49, 2560)
    np.testing.assert_array_equal(cells[0, 2 * 7 + 5], grid[0, :, 2, 5])


@pytest.mark.parametrize("at_once", [1, 2])
def test_encoding_does_not_depend_on_how_many_go_at_once(
    captioner: Captioner, pictures: list[np.ndarray], at_once: int, monkeypatch
) -> None:
    three = [*pictures, pictures[0]]
    whole = captioner.encode(three).cells
    monkeypatch.setattr("hybridcore.caption.predict.AT_ONCE", at_once)
    reported: list[tuple[int, int]] = []
    parts = captioner.encode(three, lambda done, total: reported.append((done, total))).cells
    np.testing.assert_allclose(parts, whole, atol=1e-4)
    assert [done for done, _ in reported] == {1: [1, 2, 3], 2: [2, 3]}[at_once]
    assert {total for _, total in reported} == {3}


def test_progress_stops_the_run_by_raising(captioner: Captioner, coffee: Picture) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        captioner.run(coffee, stop)


def test_several_pictures_are_captioned_as_one_by_one(
    captioner: Captioner, coffee: Picture, tmp_path: Path, kind: Kind
) -> None:
    path = tmp_path / "rocket.png"
    Image.fromarray(data.rocket()).save(path)
    sources = [coffee, Picture.open(path)]
    options = DEFAULTS | {"beam": 3, "most_words": 6, "prefix": "the zebra"}
    together = list(captioner.many(sources, kind, options))
    for source, (encoding, result) in zip(sources, together, strict=True):
        alone = captioner.run(source)
        expected = captioner.finish(alone, source, kind, **options)
        np.testing.assert_allclose(encoding.cells, alone.cells, atol=1e-4)
        assert encoding.flow == alone.flow
        assert [c.text for c in result.pictures[0].captions] == [
            c.text for c in expected.pictures[0].captions]
        assert result.pictures[0].best.log_probability == pytest.approx(
            expected.pictures[0].best.log_probability, abs=1e-3)
        assert (result.kind, result.given, result.unknown) == (kind, 1, ("zebra",))


def test_each_kind_speaks_for_itself(answer_of_picture: MakeAnswer, captioner: Captioner) -> None:
    attend, tell = (answer_of_picture(kind) for kind in KINDS)
    assert attend.result.at(0) != tell.result.at(0)
    for answer in (attend, tell):
        alone = captioner.caption(
            answer.outputs.cells, answer.kind, DecodingOptions(beam=4, most_words=9))
        assert answer.result.pictures == tuple(alone)


def test_first_words_are_obeyed_and_unknown_ones_named(answer_of_picture: MakeAnswer) -> None:
    for decoding in ("beam", "sampling"):
        result = answer_of_picture(prefix="The zebra's dog", decoding=decoding).result
        assert result.unknown == ("zebra",)
        assert result.given == 3
        assert all(c.words[:3] == ("the", "'s", "dog") for c in result.pictures[0].captions)


def test_draws_depend_on_the_seed_alone(answer_of_picture: MakeAnswer) -> None:
    def drawn(seed: int, decoding: str = "sampling") -> list[str]:
        answer = answer_of_picture("tell", seed=seed, temperature=2.0, decoding=decoding)
        return [caption.text for caption in answer.result.pictures[0].captions]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert drawn(1, "beam") == drawn(2, "beam")


def test_a_video_is_read_by_several_frames_of_each_segment_or_by_its_middle(
    captioner: Captioner, answer_of_video: MakeAnswer, two_shots: Path
) -> None:
    answer = answer_of_video(shot="middle")
    clip, encoding = Clip.open(two_shots), answer.outputs
    size = clip.info.within(640)
    np.testing.assert_array_equal(encoding.segments.frames[0], clip.frame_at(0.6, size))
    np.testing.assert_array_equal(encoding.segments.frames[1], clip.frame_at(1.8, size))
    middle = captioner.encode(list(encoding.segments.frames))
    np.testing.assert_allclose(encoding.middle.cells, middle.cells, atol=1e-4)
    np.testing.assert_allclose(encoding.middle.contrasts, middle.contrasts, atol=1e-4)
    np.testing.assert_array_equal(encoding_of(answer, 1).cells, encoding.middle.cells[1:])
    assert answer.result.pictures == tuple(captioner.caption(
        encoding.middle.cells, "attend", DecodingOptions(beam=4, most_words=9)))
    every = captioner.encode(clip.frames_at([0.12, 0.36, 0.6, 0.84, 1.08], size))
    weights = shares(every.contrasts[None])
    np.testing.assert_allclose(
        encoding.cells[0], np.tensordot(weights[0], every.cells, 1), atol=1e-3)
    np.testing.assert_allclose(encoding.seen.words[0], weights[0] @ every.seen.words, atol=1e-3)
    assert encoding.contrasts[0] == pytest.approx(float(weights[0] @ every.contrasts), abs=1e-3)
    mean = answer_of_video()
    np.testing.assert_array_equal(encoding_of(mean, 0).cells, encoding.cells[:1])
    assert mean.result.pictures == tuple(captioner.caption(
        encoding.cells, "attend", DecodingOptions(beam=4, most_words=9)))
    assert answer.result.spans == ((0.0, 1.2), (1.2, 2.4))
    assert len(answer.result.pictures) == 2


def test_a_video_without_its_segments_is_refused(captioner: Captioner, two_shots: Path) -> None:
    with pytest.raises(ValueError, match="segments"):
        captioner.run(Clip.open(two_shots))


@pytest.mark.parametrize("which", ["answer_of_picture", "answer_of_video"])
def test_an_encoding_can_be_kept(which: str, request, tmp_path: Path) -> None:
    encoding = request.getfixturevalue(which)().outputs
    store.save(encoding, tmp_path / "kept.npz")
    again = store.load(tmp_path / "kept.npz", Encoding)
    np.testing.assert_array_equal(again.cells, encoding.cells)
    np.testing.assert_array_equal(again.seen.maps, encoding.seen.maps)
    assert again.flow == encoding.flow
    if encoding.segments is None:
        assert again.segments is None
    else:
        for name in ("spans", "frames", "times"):
            np.testing.assert_array_equal(
                getattr(again.segments, name), getattr(encoding.segments, name))


def test_results_become_rows_and_json(
    answer_of_picture: MakeAnswer, answer_of_video: MakeAnswer
) -> None:
    picture, video = answer_of_picture().result, answer_of_video().result
    assert [row["rank"] for row in picture.to_table()] == [1, 2, 3, 4]
    assert picture.to_table()[0]["caption"] == picture.at(0).text
    assert picture.to_json()["captions"][2]["text"] == picture.at(2).text
    second = video.to_json()["segments"][1]
    assert (second["start"], second["end"]) == (1.2, 2.4)
    assert second["captions"][0]["text"] == video.at(1).text
    rows = video.to_table()
    assert [(row["start"], row["rank"]) for row in rows] == [
        (start, rank) for start in (0.0, 1.2) for rank in (1, 2, 3, 4)]


def test_pictures_of_any_shape_are_captioned(captioner: Captioner) -> None:
    shapes = [(1, 1, 3), (1024, 1, 3), (2, 900, 3)]
    encoding = captioner.encode([np.full(s, 90, np.uint8) for s in shapes])
    captions = captioner.caption(encoding.cells, "attend", DecodingOptions(beam=1, most_words=4))
    assert all(one.best.words for one in captions)
