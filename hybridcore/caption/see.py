"""See: the words that a picture gives, with how sure they are.

Three sources, each in its own words: the word network (:mod:`hybridcore.encoder.words`), the
encoder's 1,000 object classes as plain words (:mod:`hybridcore.encoder.class_words`), and what a
person adds or takes away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from hybridcore.caption.grid import CELLS, SIDE
from hybridcore.caption.seen import Seen, SeenWord, joined
from hybridcore.encoder.class_maps import class_maps
from hybridcore.encoder.class_words import class_words
from hybridcore.encoder.encoder import Encoder, shared_encoder
from hybridcore.encoder.words import GRIDS, WordNetwork, WordReader, load_words
from hybridcore.media.picture import resize
from hybridcore.text import listed

AT_ONCE = 32  # pictures; bounds the memory
FEATURES = (*GRIDS, "object_logits")  # of the encoder
MANY = "many "  # before a word: several of them
LEAST_CLASS = 0.35  # probability of an object class that is taken into account
# What an object class's probability p is worth as a word: classes always sum to one, so a low
# one still says more than it seems.
CLASS_BASE, CLASS_SLOPE = 0.35, 0.6
# Words that both teachers name often where nobody would.
NEVER_SEEN = frozenset(
    listed(
    "hand face arm hair mouth leg foot nose ear ground dirt shorts collar"))
NEVER_CLASS = frozenset(
    listed(
    "website screw chain maze dough sandals scale wall hat boot shoe tie jeans mask "
    "bucket candle cd-player iron stethoscope bag plate swing helmet sunglasses pillow "
    "wheel pot tray crate roof fence barrel geyser microphone bubble fig hourglass dock"))


class Seer:
    """Pictures -> words.

    >>> seer = Seer.load()
    >>> [word.name for word in seer.see([picture.array])[0] if word.probability > 0.5]
    """

    def __init__(self, encoder: Encoder, network: WordNetwork, words: Sequence[str]) -> None:
        self.encoder, self.words = encoder, tuple(words)
        self._reader = WordReader(network, encoder.device)

    @classmethod
    def load(cls, device: str | None = None) -> Seer:
        """Read the weights.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        return cls(shared_encoder(device), *load_words())

    def see(self, pictures: Sequence[np.ndarray]) -> list[tuple[SeenWord, ...]]:
        """The words of uint8 RGB pictures of any size, the surest first."""
        parts = []
        for at in range(0, len(pictures), AT_ONCE):
            frames = np.stack([resize(p, SIDE) for p in pictures[at : at + AT_ONCE]])
            parts.append(self.read(self.encoder.encode(frames, *FEATURES)))
        return self.words_in(joined(parts))

    @torch.inference_mode()
    def read(self, features: Mapping[str, Tensor]) -> Seen:
        """What is seen, from the encoder's outputs :data:`FEATURES`."""
        reading = self._reader(features)
        classes = features["object_logits"].softmax(1)
        return Seen(*(
            x.cpu().numpy() for x in (reading.probabilities, classes, reading.maps)))

    def words_in(self, seen: Seen) -> list[tuple[SeenWord, ...]]:
        """The words of each picture, the surest first."""
        return words_of(self.words, seen.words, seen.classes)

    def maps(self, seen: Seen, cells: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Where words are in a picture, float32 ``[7, 7]`` in 0..1 each; of those that no network
        has learned, none.

        seen: of one picture. cells: the encoder's, ``[49, 2560]``, for object classes.
        """
        found = {name: seen.maps[0, self.words.index(name)]
                 for name in names if name in self.words}
        if set(names) <= found.keys():
            return found
        of_classes = class_maps(cells[:, : cells.shape[1] // 2])
        return found | {name: of_classes[name].reshape(CELLS, CELLS)
                        for name in names if name not in found and name in of_classes}


def words_of(
    names: Sequence[str], probabilities: np.ndarray, classes: np.ndarray
) -> list[tuple[SeenWord, ...]]:
    """The words of N pictures from the network's ``probabilities [N, W]`` of ``names`` and the
    encoder's ``classes [N, 1000]``."""
    columns = {name: i for i, name in enumerate(names)}
    plain = class_words(classes)
    seen = []
    for n, row in enumerate(probabilities.tolist()):
        found = {
            name: row[i] for name, i in columns.items()
            if not name.startswith(MANY) and name not in NEVER_SEEN}
        for name, values in plain.items():
            if values[n] >= LEAST_CLASS and name not in NEVER_CLASS:
                worth = CLASS_BASE + CLASS_SLOPE * float(values[n])
                found[name] = max(found.get(name, 0.0), worth)
        words = (
            SeenWord(name, p, _many(row, columns.get(MANY + name), p))
            for name, p in found.items())
        seen.append(tuple(sorted(words, key=lambda word: -word.probability)))
    return seen


def _many(row: Sequence[float], column: int | None, probability: float) -> bool | None:
    """Whether there are several, where the network is sure of it either way."""
    if column is None or 0.25 <= row[column] <= 0.6 or (probability <= 0.7 and row[column] < 0.25):
        return None
    return row[column] > 0.6
