"""Wrong objects in sentences, and main objects that they name.

Rohrbach et al., *Object Hallucination in Image Captioning*, EMNLP 2018 (arXiv 1809.02156): CHAIR-i
is the share of the objects named that are not there. An object is there if the photograph's boxes
or one of the people who described it says so; it is a main object if most of them name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hybridcore.caption.compounds import merge
from hybridcore.caption.concepts import GENERAL, NO_CONCEPT, Concepts
from hybridcore.caption.vocabulary import UNKNOWN, Vocabulary, tokenise
from hybridcore.text import listed

# The 80 objects of COCO in its order, as concepts.
OBJECTS = listed(
    "person bicycle car motorcycle airplane bus train truck boat traffic-light "
    "fire-hydrant stop-sign parking-meter bench bird cat dog horse sheep cow elephant "
    "bear zebra giraffe backpack umbrella handbag tie suitcase frisbee ski snowboard ball "
    "kite baseball-bat baseball-glove skateboard surfboard tennis-racket bottle "
    "wine-glass cup fork knife spoon bowl banana apple sandwich orange broccoli carrot "
    "hotdog pizza donut cake chair couch plant bed table toilet tv laptop mouse remote "
    "keyboard phone microwave oven toaster sink refrigerator book clock vase scissors "
    "teddy-bear hair-dryer toothbrush")
SAME_OBJECT = {
    "taxi": "car", "fire-truck": "truck", "desk": "table", "computer": "laptop",
    "tennis-ball": "ball", "soccer-ball": "ball", "racket": "tennis-racket",
    "bat": "baseball-bat", "stove": "oven",
} | dict.fromkeys(GENERAL["person"].split(), "person")
MAIN = 3  # of five people name it


@dataclass(frozen=True)
class Hallucination:
    """Of several sentences: share of objects named that are not there, share of sentences with
    none of those, share of main objects that were named; named: how many objects were."""

    wrong: float
    all_right: float
    main_named: float
    named: int


def objects_in(text: str, vocabulary: Vocabulary, concepts: Concepts) -> set[str]:
    """The COCO objects that a sentence names."""
    found = set()
    for word in merge(tokenise(text)):
        concept = concepts.of_word[vocabulary.numbers.get(word, UNKNOWN)]
        if concept != NO_CONCEPT:
            name = concepts.names[concept]
            found.add(SAME_OBJECT.get(name, name))
    return found & set(OBJECTS)


def hallucination(
    sentences: Sequence[str], references: Sequence[Sequence[str]], boxes: Sequence[set[str]],
    vocabulary: Vocabulary, concepts: Concepts,
) -> Hallucination:
    """CHAIR of ``sentences`` given what people wrote and the objects that have ``boxes``."""
    wrong = named = right = main = main_named = 0
    for sentence, group, boxed in zip(sentences, references, boxes, strict=True):
        told = [objects_in(text, vocabulary, concepts) for text in group]
        there = boxed.union(*told)
        said = objects_in(sentence, vocabulary, concepts)
        wrong, named = wrong + len(said - there), named + len(said)
        right += said <= there
        chief = {name for name in there if sum(name in one for one in told) >= MAIN}
        main, main_named = main + len(chief), main_named + len(chief & said)
    return Hallucination(
        wrong / max(1, named), right / len(sentences), main_named / max(1, main), named)
