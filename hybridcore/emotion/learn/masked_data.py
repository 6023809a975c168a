"""Faces with mouth and nose covered and without, as the room finds them in pictures.

``DATA/fer/{train,validation,test}/EMOTION/*.jpg``: FER2013 (see `faces_data`).
``DATA/utk/AGE_SEX_RACE_*.jpg``: UTKFace, cut-out faces of 200 px in colour, with what the authors
say of each. ``DATA/rwmfd/**``: people in masks (the real part of the Real-World Masked Face
Dataset), ``DATA/masked/{with_mask,without_mask}/**``: other people with and without. Who is covered
there was seen by eye, before anything was said of them: ``masked_labels.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.emotion.crops import grey_crops, regions_of
from hybridcore.emotion.face_runtime import FaceRuntime
from hybridcore.emotion.face_track import SMALLEST
from hybridcore.emotion.learn.masked_draw import Picture, Points, Random, distracted, masked
from hybridcore.media import Chunk
from hybridcore.people.finder import PRESENCE
from hybridcore.people.networks import Faces, Looks, shared_networks
from hybridcore.people.watch import SIDE, Watch

LABELS = Path(__file__).with_name("masked_labels.json")
_EDGE, _ENLARGED = 12, 4  # px around a face of FER2013, repeated; times its size
_ALIKE = 0.985  # correlation of two crops of 8 px: one picture twice
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Found:
    """Faces that were found: grid ``[N, 256, 4, 4]`` of the CNN, float16; names ``[N]``, of the
    picture and of the face in it; covered bool ``[N]``."""

    grid: NDArray[np.float16]
    names: NDArray[np.str_]
    covered: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.names)

    def where(self, kept: NDArray) -> Found:
        """Some of them."""
        return Found(self.grid[kept], self.names[kept], self.covered[kept])


def fer_pictures(folder: Path) -> Iterator[tuple[str, Picture]]:
    """The faces of a split, enlarged, with an edge, in the order of a hash of their names."""
    for path in sorted(folder.glob("*/*.jpg"), key=_hash):
        picture = cv2.imread(str(path))
        if picture is not None:
            wide = cv2.copyMakeBorder(picture, *(_EDGE,) * 4, cv2.BORDER_REPLICATE)
            yield path.stem, np.ascontiguousarray(cv2.resize(
                wide, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC))


def utk_pictures(folder: Path, part: str) -> Iterator[tuple[str, Picture]]:
    """One part of UTKFace: seven of ten pictures to learn from, one to choose by, two to judge
    by, by a hash of the name, and in the order of it."""
    for path in sorted(folder.glob("*_*_[0-4]_*.jpg"), key=_hash):
        tenth = _hash(path)[-1] % 10
        if part == ("train", "choose", "judge")[(tenth >= 7) + (tenth >= 8)]:
            picture = cv2.imread(str(path))
            if picture is not None:
                edge = picture.shape[0] // 5
                wide = cv2.copyMakeBorder(picture, *(edge,) * 4, cv2.BORDER_REPLICATE)
                yield path.name, np.ascontiguousarray(wide[..., ::-1])


def photographs(folder: Path) -> Iterator[tuple[str, Picture]]:
    """Every picture below a folder once, at the size that the room looks at; what is named a copy
    or an augmentation is left out."""
    seen = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if content in seen or "copy" in path.name or "augment" in path.name.lower():
            continue
        seen.add(content)
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        scale = min(1.0, SIDE / max(picture.shape[:2]))
        if scale < 1:
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        yield str(path.relative_to(folder)), np.ascontiguousarray(picture[..., ::-1])


@dataclass(frozen=True, eq=False)
class Photographs:
    """What was found in a folder: faces that are large enough, one picture once; total: pictures;
    empty: those without any face."""

    crops: NDArray[np.uint8]
    names: NDArray[np.str_]
    total: int
    empty: int


def found_in(folder: Path) -> Photographs:
    """Find faces as the room does."""
    crops, names, total, empty = [], [], 0, 0
    for name, picture in photographs(folder):
        watch = Watch(bodies=False, faces=True)
        watch.update(Chunk(0, np.zeros(1), picture[None]))
        faces = watch.result().faces
        total, empty = total + 1, empty + (not faces)
        for face in faces:
            region = regions_of(face.landmarks[:1, :, :2])
            if region[0, 2] >= SMALLEST:
                crops.append(grey_crops(picture, region)[0])
                names.append(f"{name}#{face.number}")
    kept = _once(np.stack(crops))
    return Photographs(np.stack(crops)[kept], np.array(names)[kept], total, empty)


def labelled(found: Photographs, key: str, covered: bool, cnn: FaceRuntime) -> Found:
    """Those of which it is clear what they are; ``covered``: what a face is that is in no list."""
    lists: dict[str, list[str]] = json.loads(LABELS.read_text())[key]
    left_out = {*lists.get("unclear", ()), *lists.get("partly", ())}
    turned = set(lists.get("plain" if covered else "covered", ()))
    kept = np.array([name not in left_out for name in found.names])
    names = found.names[kept]
    return Found(grids(cnn, found.crops[kept]), names,
                 np.array([covered ^ (name in turned) for name in names]))


def named(key: str, group: str) -> set[str]:
    """Names of a list."""
    return set(json.loads(LABELS.read_text())[key][group])


def drawn(
    pictures: Iterable[tuple[str, Picture]], cnn: FaceRuntime, rng: Random, *,
    masks: int = 1, distractions: int = 1,
) -> Found:
    """Each face as it is, so often with a mask, and so often with something else, drawn."""
    crops, names, covered = [], [], []
    kinds: list[tuple[Callable[[Picture, Points, Random], Picture], bool]] = [
        *[(masked, True)] * masks, *[(distracted, False)] * distractions]
    for name, picture in pictures:
        seen = seen_in(picture)
        if seen is None:
            continue
        mesh = seen.landmarks[0, :, :2].astype(np.float64)
        made = [(picture, False)] + [(draw(picture, mesh, rng), label) for draw, label in kinds]
        for image, label in made:  # found again: a mesh over a mask lies elsewhere
            (region,) = regions_of(shared_networks(Faces).look(
                image, seen.regions).landmarks[..., :2])
            crops.append(_spoilt(grey_crops(image, _jittered(region, rng)[None])[0], rng))
            names.append(name)
            covered.append(label)
    return Found(grids(cnn, np.stack(crops)), np.array(names), np.array(covered))


def plain(pictures: Iterable[tuple[str, Picture]], cnn: FaceRuntime) -> Found:
    """Each face as it is."""
    crops, names = [], []
    for name, picture in pictures:
        look = seen_in(picture)
        if look is not None:
            crops.append(grey_crops(picture, regions_of(look.landmarks[:1, :, :2]))[0])
            names.append(name)
    return Found(grids(cnn, np.stack(crops)), np.array(names), np.zeros(len(names), bool))


def seen_in(picture: Picture) -> Looks | None:
    """The mesh of the surest face; None where there is none."""
    networks = shared_networks(Faces)
    height, width = picture.shape[:2]
    regions = networks.detect(picture, np.array([[0, 0, width, height]]))[:1]
    looks = networks.look(picture, regions) if len(regions) else None
    return looks if looks is not None and looks.presence[0] >= PRESENCE else None


def grids(cnn: FaceRuntime, crops: NDArray[np.uint8]) -> NDArray[np.float16]:
    """What the CNN finds at every place of crops."""
    return np.concatenate([cnn.look(crops[at : at + _AT_ONCE]).grid.astype(np.float16)
                           for at in range(0, len(crops), _AT_ONCE)])


def _hash(path: Path) -> bytes:
    return hashlib.sha256(path.name.encode()).digest()


def _jittered(region: NDArray, rng: Random) -> NDArray:
    """A region ``[4]`` moved, scaled and turned a little."""
    side = region[2]
    return region + rng.normal(size=4) * (0.015 * side, 0.015 * side, 0.02 * side, 0.03)


def _spoilt(crop: NDArray[np.uint8], rng: Random) -> NDArray[np.uint8]:
    """Blurred now and then, mirrored in half of the cases."""
    if rng.random() < 0.5:
        small = int(rng.integers(12, 36))
        low = cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA)
        crop = np.asarray(cv2.resize(low, crop.shape[::-1]), np.uint8)
    return crop[:, ::-1] if rng.random() < 0.5 else crop


def apart(found: Photographs, other: Photographs) -> Photographs:
    """Faces that look like none of another set."""
    kept = ~_alike(found.crops, other.crops).any(1)
    return replace(found, crops=found.crops[kept], names=found.names[kept])


def _alike(crops: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which of n and m crops look alike, ``[n, m]``."""
    def small(own: NDArray[np.uint8]) -> NDArray[np.float64]:
        tiny = np.stack([cv2.resize(crop, (8, 8), interpolation=cv2.INTER_AREA).ravel()
                         for crop in own]).astype(np.float64)
        tiny -= tiny.mean(1, keepdims=True)
        return tiny / (np.linalg.norm(tiny, axis=1, keepdims=True) + 1e-6)

    return np.asarray(small(crops) @ small(others).T > _ALIKE)


def _once(crops: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Of faces that look alike the first."""
    alike = np.triu(_alike(crops, crops), 1)
    kept = np.ones(len(crops), bool)
    for k in range(len(crops)):
        if kept[k]:
            kept[alike[k]] = False
    return kept
