"""What the sentence component is given."""

import numpy as np
import pytest

from hybridcore.packing import unpack
from hybridcore.view import Heat, Line, Panel, SentenceView, Series


def view(words: int = 3, maps: int = 3) -> SentenceView:
    count = np.arange(3)
    series = Series("other words", ["a", "dog", "(end)"], np.array([[0, 1], [1, 0], [2, 1]]),
                    np.full((3, 2), 0.5), pick=True)
    return SentenceView(
        picture=b"", size=(40, 30), words=["a", "dog", "<end>"][:words],
        probabilities=np.array([0.5, 0.25, 1.0])[:words], given=1,
        overlays=[Heat("Attention", np.zeros((maps, 7, 7), np.uint8))], overlay="Attention",
        panels=[Panel("This word", [series], [Line("said", ["a", "dog", "end"], count)])],
    )


def test_all_that_a_word_needs_is_packed() -> None:
    found = unpack(view().to_bytes())
    assert found["words"] == ["a", "dog", "<end>"]
    assert found["given"] == 1
    assert found["overlays"][0]["maps"].shape == (3, 7, 7)
    assert found["overlay"] == "Attention"
    (series,) = found["panels"][0]["series"]
    assert series["pick"] is True
    assert series["index"].tolist() == [[0, 1], [1, 0], [2, 1]]


@pytest.mark.parametrize(("words", "maps", "says"), [(2, 3, "Attention"), (3, 2, "Attention")])
def test_every_word_needs_its_parts(words: int, maps: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        view(words, maps)
