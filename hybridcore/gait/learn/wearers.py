"""People seen by two cameras from eight sides each, as looks.

PKU-Reid: Ma, Liu, Hu, Wang & Sun, *Orientation Driven Bag of Appearances for Person
Re-identification*, arXiv 1605.02464. 74 of its 114 people lie in the folders ``train`` and
``val/all_imgs``: ``ID/0C_D.png``, camera C of 1, 2 and direction D of 1 to 8, 128 x 48 px.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from hybridcore.encoder.encoder import shared_encoder
from hybridcore.gait.clean import person_of
from hybridcore.gait.clothes import ClothesConfig, look_stripes
from hybridcore.gait.looks import mask_of, picture_of
from hybridcore.people.networks import Bodies, shared_networks
from hybridcore.people.regions import place

CAMERAS, DIRECTIONS = 2, 8
VARIANTS = 3  # of each look, for training: other light, cut, sharpness and side
_ENLARGED = 4  # px in which the mask is found, for one of the picture
_LIGHT, _GAMMA, _CUT, _BLUR = 0.15, 0.25, 0.04, 2.5


@dataclass(frozen=True)
class Wearers:
    """Stripes float32 ``[variants + 1, people, 2, 8, F]`` of looks; the first are as they were
    taken. ids: of the people; held: bool ``[people]``, those of the folder ``val``."""

    stripes: np.ndarray
    ids: tuple[str, ...]
    held: np.ndarray


def read_wearers(data: Path, cache: Path, seed: int = 0) -> Wearers:
    """Everybody in the folder ``data``; what the networks made of them is kept in ``cache``."""
    folders = [*sorted((data / "train").iterdir()), *sorted((data / "val" / "all_imgs").iterdir())]
    ids = tuple(folder.name for folder in folders)
    held = np.array([folder.parent.name == "all_imgs" for folder in folders])
    stored = cache / "stripes.npy"
    if not stored.exists():
        cache.mkdir(parents=True, exist_ok=True)
        looks = [_look(folder / f"{camera:02}_{direction}.png") for folder in folders
                 for camera in range(1, CAMERAS + 1) for direction in range(1, DIRECTIONS + 1)]
        rng = np.random.default_rng(seed)
        sets = [looks] + [[_varied(*look, rng) for look in looks] for _ in range(VARIANTS)]
        np.save(stored, np.stack([_stripes(one) for one in sets]).astype(np.float16))
    stripes = np.load(stored).astype(np.float32)
    return Wearers(
        stripes.reshape(len(stripes), len(ids), CAMERAS, DIRECTIONS, -1), ids, held)


def _look(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Picture and mask of a look, found as in a clip."""
    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    height, width = picture.shape[:2]
    large = cv2.resize(picture, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    region = np.array([[width / 2, height / 2, 1.25 * height, 0.0]]) * _ENLARGED
    looks = shared_networks(Bodies).look(large, region)
    assert looks.masks is not None
    mask = place(looks.masks[0], region[0], large.shape[:2])
    _, mask = cv2.threshold(mask, 127, 255, cv2.THRESH_BINARY)
    person = person_of(mask, 0, 0)
    if person.height < large.shape[0] / 2:  # the network found nobody: all of it is the person
        person = person_of(np.full(large.shape[:2], 255, np.uint8), 0, 0)
    return picture_of(person, large), mask_of(person)


def _varied(
    picture: np.ndarray, mask: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The same look in other light, cut otherwise, less sharp, perhaps mirrored."""
    light = np.exp(rng.normal(0, _LIGHT, 3)) * np.exp(rng.normal(0, _LIGHT))
    bright = (picture / 255.0) ** np.exp(rng.normal(0, _GAMMA)) * light
    size = picture.shape[1::-1]
    coarse = tuple(max(8, round(side / rng.uniform(1, _BLUR))) for side in size)
    bright = cv2.resize(cv2.resize(bright, coarse, interpolation=cv2.INTER_AREA), size)
    scale = np.exp(rng.normal(0, _CUT))
    moved = rng.normal(0, _CUT, 2) + (1 - scale) / 2
    side = -1 if rng.random() < 0.5 else 1

    def cut(image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        matrix = np.array([[scale, 0, moved[0] * width], [0, scale, moved[1] * height]])
        return np.asarray(cv2.warpAffine(
            image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))[:, ::side]

    return cut((bright * 255).clip(0, 255).astype(np.uint8)), np.ascontiguousarray(cut(mask))


def _stripes(looks: list[tuple[np.ndarray, np.ndarray]], batch: int = 32) -> np.ndarray:
    pictures, masks = (np.stack(part) for part in zip(*looks, strict=True))
    return torch.cat([
        look_stripes(shared_encoder("cpu"), pictures[k : k + batch], masks[k : k + batch],
                     ClothesConfig().stripes)
        for k in range(0, len(pictures), batch)]).numpy()
