"""Concepts: what pictures give and sentences take up, whatever form the word has there.

``dog`` stands for dog and dogs, ``running`` for run, runs and running. A thing or a colour may be
said only if something in the picture supports it; anything else language may add by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Kind = Literal["thing", "colour", "other"]
NO_CONCEPT = -1

# A word that is more general than others is supported by any of them.
GENERAL = {
    "person": "man woman boy girl child baby toddler player worker skier surfer skateboarder "
              "cyclist bicyclist biker rider adult teenager crowd family couple chef soldier "
              "police officer dancer performer musician friend student snowboarder motorcyclist "
              "athlete climber hiker cowboy runner spectator pedestrian audience bride groom",
    "animal": "dog cat horse cow sheep bird elephant bear zebra giraffe goat duck monkey lion "
              "tiger fox rabbit wolf squirrel deer camel pig",
    "vehicle": "car truck bus van taxi tractor motorcycle train",
    "food": "pizza sandwich cake hotdog donut banana apple orange broccoli carrot salad meat "
            "vegetable fruit bread soup pasta rice cheese",
    "fruit": "banana apple orange strawberry lemon grape pineapple",
    "vegetable": "broccoli carrot tomato pepper corn cabbage potato",
    "water": "ocean lake river pool wave beach pond stream waterfall",
    "furniture": "chair couch table bed desk bench",
    "plant": "tree flower bush cactus",
    "room": "kitchen bedroom bathroom living-room office classroom",
    "ball": "soccer-ball tennis-ball baseball basketball football volleyball",
    "racket": "tennis-racket", "bat": "baseball-bat", "bear": "teddy-bear polar-bear",
    "child": "boy girl baby toddler", "sign": "stop-sign street-sign",
    "tennis": "tennis-racket", "baseball": "baseball-bat baseball-glove",
    "boat": "sailboat canoe kayak ship", "sheep": "lamb", "glass": "wine-glass",
    "clock": "watch", "toy": "teddy-bear stuffed-animal", "city": "building street",
}


@dataclass(frozen=True)
class Concepts:
    """names ``[C]`` with their kinds, and which of them each word of a vocabulary says.

    of_word: int, ``[V]``, :data:`NO_CONCEPT` for words that name nothing.
    """

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    of_word: tuple[int, ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Name -> number."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def needs_support(self) -> np.ndarray:
        """bool ``[C]``: things and colours."""
        return np.array([kind != "other" for kind in self.kinds])

    def supported(self, heard: Iterable[str]) -> np.ndarray:
        """bool ``[C]``: what a sentence may say when ``heard`` is in the picture."""
        heard = set(heard)
        allowed = ~self.needs_support
        for name in heard & self.numbers.keys():
            allowed[self.numbers[name]] = True
        for general, specific in GENERAL.items():
            if general in self.numbers and heard & set(specific.split()):
                allowed[self.numbers[general]] = True
        return allowed

    def said(self, words: Sequence[int]) -> list[str]:
        """Things and colours named by ``words``, numbers of the vocabulary, in their order."""
        found = (self.of_word[w] for w in words)
        return list(dict.fromkeys(
            self.names[c] for c in found if c != NO_CONCEPT and self.needs_support[c]))
