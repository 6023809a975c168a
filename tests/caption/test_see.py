"""What is seen in real photographs with the weights that ship, and said of them."""

import numpy as np
import pytest
from skimage import data

from hybridcore.caption.grid import SIDE, join_grids
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.see import FEATURES, Seer, words_of
from hybridcore.caption.speak import Speaker
from hybridcore.encoder.class_maps import class_maps
from hybridcore.media.picture import resize


@pytest.fixture(scope="module")
def seer() -> Seer:
    return Seer.load("cpu")


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker.load()


@pytest.mark.parametrize(("photograph", "word"), [
    ("chelsea", "cat"), ("coffee", "cup"), ("astronaut", "person")])
def test_the_main_thing_is_seen_and_said(
    seer: Seer, speaker: Speaker, photograph: str, word: str
) -> None:
    (seen,) = seer.see([getattr(data, photograph)()])
    assert word in [w.name for w in seen[:4]]
    (answer,) = speaker.speak([speaker.hearer.choose(seen)], [1.0], DecodingOptions())
    assert word in answer.best.words


def test_pictures_do_not_disturb_each_other(seer: Seer) -> None:
    both = seer.see([data.chelsea(), data.coffee()])
    alone = seer.see([data.coffee()])[0]
    other = {w.name: w.probability for w in both[1]}
    for word in alone:
        assert other[word.name] == pytest.approx(word.probability, abs=1e-3)


def test_maps_are_where_the_word_is(seer: Seer) -> None:
    picture = np.full((448, 448, 3), 127, np.uint8)
    picture[:224, :224] = data.chelsea()[:224, 110:334]
    features = seer.encoder.encode(resize(picture, SIDE)[None], *FEATURES)
    cells = join_grids(features)[0].flatten(1).T.numpy()
    maps = seer.maps(seer.read(features), cells, ["cat", "tiger", "gnu"])
    assert maps.keys() == {"cat", "tiger"}, "the head knows cats, the encoder's classes tigers"
    by_class = class_maps(cells[:, :1280])["cat"].reshape(7, 7)
    np.testing.assert_array_equal(
        maps["tiger"], class_maps(cells[:, :1280])["tiger"].reshape(7, 7))
    for found in (maps["cat"], by_class):
        assert found[:4, :4].max() > 2 * found[4:, 4:].max()


def test_words_join_the_network_with_the_classes() -> None:
    names = ("dog", "many dog", "hand")
    classes = np.zeros((2, 1000), np.float32)
    classes[0, 281], classes[0, 282] = 0.5, 0.4  # two kinds of cat
    classes[1, 281] = 0.2
    first, second = words_of(
        names, np.array([[0.8, 0.9, 0.9], [0.8, 0.1, 0.9]], np.float32), classes)
    assert [w.name for w in first] == ["cat", "dog"]
    assert first[0].probability == pytest.approx(0.35 + 0.6 * 0.9)
    assert (first[1].many, second[0].many) == (True, False)
    assert [w.name for w in second] == ["dog"], "an unlikely class is no word"
