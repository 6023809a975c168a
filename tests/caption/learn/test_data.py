"""Words, captions as numbers, and batches."""

import numpy as np

from hybridcore.caption.grid import SIDE
from hybridcore.caption.learn.data import MOST_WORDS, batches, encode_captions, view
from hybridcore.caption.vocabulary import END, MARKS, PADDING, UNKNOWN, Vocabulary, tokenise

CAPTIONS = ["A dog 's ball .", "A dog runs , fast !", "A man in a t-shirt runs"]


def test_words_are_found() -> None:
    assert tokenise("The dog's T-shirt, (red)!") == ["the", "dog", "'s", "t-shirt", "red"]


def test_a_vocabulary_goes_there_and_back() -> None:
    vocabulary = Vocabulary.of(CAPTIONS, least=1)
    assert vocabulary.words[:3] == MARKS
    assert vocabulary.words[3] == "a"
    for caption in CAPTIONS:
        numbers = vocabulary.encode(caption)
        assert vocabulary.decode([*numbers, END, 5]) == " ".join(tokenise(caption)).replace(
            " 's", "'s")
    assert vocabulary.encode("a zebra") == [3, UNKNOWN]
    assert len(Vocabulary.of(CAPTIONS, least=2)) == 3 + 3


def test_captions_end_and_long_ones_are_cut() -> None:
    vocabulary = Vocabulary.of(CAPTIONS, least=1)
    words = encode_captions([[*CAPTIONS, "dog " * 30, "dog"]], vocabulary)
    assert words.shape == (1, 5, MOST_WORDS + 1)
    assert words[0, 4, :3].tolist() == [vocabulary.numbers["dog"], END, PADDING]
    assert (words[0, 3] == vocabulary.numbers["dog"]).all()


def test_a_pass_meets_every_photograph_once() -> None:
    words = np.full((10, 5, MOST_WORDS + 1), PADDING, np.int16)
    for photo in range(10):
        words[photo, :, : photo + 2] = photo + 3
        words[photo, :, photo + 2] = END
    grids = np.arange(10, dtype=np.uint8)[:, None, None].repeat(4, 1).repeat(6, 2)
    stream = batches([grids, grids], words, 4, seed=0)
    seen: list[int] = []
    while len(seen) < 10:
        batch = next(stream)
        photos = batch.words[:, 0, 0] - 3
        np.testing.assert_allclose(batch.cells[:, 0, 0], photos * 6 / 255, atol=1e-6)
        assert (batch.words == END).sum() == 5 * len(photos)
        seen += photos.tolist()
    assert sorted(seen) == list(range(10))


def test_views_are_of_one_size_and_mirrored() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (192, 160, 3), np.uint8)
    rng = np.random.default_rng(1)
    views = [view(photo, k, rng) for k in range(4)]
    assert all(v.shape == (SIDE, SIDE, 3) for v in views)
    np.testing.assert_array_equal(views[1], views[0][:, ::-1])
