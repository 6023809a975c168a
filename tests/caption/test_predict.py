"""The captioner as the page and the command line use it."""

import numpy as np
import pytest
from skimage import data

from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.model import KINDS, Kind
from hybridcore.caption.predict import Captioner
from hybridcore.caption.result import CaptionResult
from hybridcore.caption.vocabulary import END, MARKS


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    return [data.coffee(), data.rocket()[:, :300]]


@pytest.fixture(scope="module", params=KINDS)
def results(request, captioner: Captioner, pictures: list[np.ndarray]) -> list[CaptionResult]:
    return captioner.run(pictures, request.param, DecodingOptions(beam=4, most_words=7))


def test_sentences_come_best_first_with_their_words(results: list[CaptionResult]) -> None:
    for result in results:
        assert len(result.captions) == 4
        best = [c.log_probability / len(c.words) ** 0.7 for c in result.captions]
        assert best == sorted(best, reverse=True)
        for caption in result.captions:
            plain = [w for w in caption.words if w != MARKS[END]]
            assert caption.text == " ".join(plain).replace(" 's", "'s")
            assert caption.log_probability == pytest.approx(
                float(np.log(caption.probabilities).sum()), abs=1e-4)


def test_the_tree_holds_every_sentence(results: list[CaptionResult]) -> None:
    for result in results:
        paths: dict[int, tuple[str, ...]] = {-1: ()}
        for k, node in enumerate(result.tree):
            paths[k] = (*paths[node.parent], node.word)
            assert node.step == len(paths[k]) - 1
            before = 0 if node.parent < 0 else result.tree[node.parent].score
            assert node.score == pytest.approx(before + np.log(node.probability), abs=1e-4)
        told = set(paths.values())
        assert {caption.words for caption in result.captions} <= told
        best = [node.word for node in result.tree if node.best]
        assert tuple(best) == result.best.words


def test_looking_inside_finds_the_same_sentence(
    captioner: Captioner, results: list[CaptionResult]
) -> None:
    for result in results:
        caption = result.captions[1]
        inside = captioner.look_inside(result, caption.numbers)
        assert inside.words == caption.words
        np.testing.assert_allclose(inside.probabilities, caption.probabilities, atol=1e-5)
        p = inside.alternative_probabilities
        assert (np.diff(p) <= 0).all()
        assert inside.alternatives[0][0] not in MARKS[::2]
        assert (inside.entropy <= np.log2(len(captioner.vocabularies["attend"]))).all()
        assert inside.trace.c.shape == (len(caption.words), 14)
        if result.kind == "attend":
            np.testing.assert_allclose(inside.attention.sum((1, 2)), 1, atol=1e-5)
            assert ((inside.gate > 0) & (inside.gate < 1)).all()
        else:
            assert inside.attention is None


@pytest.mark.parametrize("kind", KINDS)
def test_many_pictures_are_captioned_as_one_by_one(
    captioner: Captioner, pictures: list[np.ndarray], kind: Kind, monkeypatch
) -> None:
    monkeypatch.setattr("hybridcore.caption.predict.AT_ONCE", 2)
    many = captioner.run([*pictures, pictures[0]], kind, DecodingOptions(beam=2, most_words=6))
    alone = captioner.run(pictures[:1], kind, DecodingOptions(beam=2, most_words=6))[0]
    assert many[0].best.text == many[2].best.text == alone.best.text
    assert many[0].best.log_probability == pytest.approx(alone.best.log_probability, abs=1e-3)


def test_first_words_are_obeyed_and_unknown_ones_named(
    captioner: Captioner, pictures: list[np.ndarray]
) -> None:
    prefix, unknown = captioner.prefix("The zebra's dog", "attend")
    assert unknown == ["zebra"]
    cells = captioner.see(pictures[:1])
    for draw in (False, True):
        (result,) = captioner.say(
            cells, "attend", DecodingOptions(beam=3, most_words=6, prefix=prefix), draw=draw)
        assert all(c.words[:3] == ("the", "'s", "dog") for c in result.captions)


def test_draws_depend_on_the_seed_alone(
    captioner: Captioner, pictures: list[np.ndarray]
) -> None:
    cells = captioner.see(pictures[:1])

    def drawn(seed: int) -> list[str]:
        (result,) = captioner.say(
            cells, "tell", DecodingOptions(beam=5, most_words=8, seed=seed, temperature=2.0), draw=True)
        return [caption.text for caption in result.captions]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_table_has_a_row_a_sentence(results: list[CaptionResult]) -> None:
    rows = results[0].to_table()
    assert [row["rank"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["caption"] == results[0].best.text


def test_pictures_of_any_shape_are_captioned(captioner: Captioner) -> None:
    shapes = [(1, 1, 3), (1024, 1, 3), (2, 900, 3)]
    results = captioner.run(
        [np.full(s, 90, np.uint8) for s in shapes], "attend", DecodingOptions(beam=1, most_words=4))
    assert all(result.best.words for result in results)
