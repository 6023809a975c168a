"""The six networks: what goes in, what comes out.

Bodies: BlazePose (Bazarevsky et al. 2020), hands: MediaPipe Hands (Zhang et al. 2020), faces:
BlazeFace (Bazarevsky et al. 2019) and the face mesh (Kartynnik et al. 2019), read from Google's
files (Apache-2.0; see the cards). They run in ONNX Runtime on the CPU.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hybridcore.onnx_session import cpu_session
from hybridcore.people.detection import Detections, Detector, detect
from hybridcore.people.regions import Array, bounding, crop, shifted, to_picture, upright
from hybridcore.weights import load_graph

CENTRE, TOP = 33, 34  # BlazePose's points beside the 33: the circle around the whole body


@dataclass(frozen=True, eq=False)
class Looks:
    """What a landmark network says of n regions.

    landmarks ``[n, k, c]`` as in `result.Track`; world ``[n, k, 3]`` metres, or none of k = 0;
    presence ``[n]`` 0..1; following ``[n, 4]``: regions to look at in the next frame.
    mask: uint8 ``[n, 256, 256]`` of bodies; right: ``[n]`` of hands.
    """

    regions: Array
    landmarks: NDArray[np.float32]
    world: NDArray[np.float32]
    presence: NDArray[np.float32]
    following: Array
    masks: NDArray[np.uint8] | None = None
    right: NDArray[np.float32] | None = None


class Networks:
    """One kind of thing to find: a detector and a landmark network.

    side: of the pictures that the landmark network looks at, px.
    """

    detector: Detector
    graph: str
    side: int

    def __init__(self) -> None:
        self._detect = cpu_session(load_graph(self.detector.graph))
        self._look = cpu_session(load_graph(self.graph))

    def detect(self, frame: NDArray[np.uint8], windows: NDArray) -> Array:
        """Regions ``[n, 4]`` of a frame where there may be one, surest first."""
        return self.around(detect(self._detect, self.detector, frame, windows))

    def look(self, frame: NDArray[np.uint8], regions: Array) -> Looks:
        """Look closely at regions ``[n, 4]`` of a frame."""
        names = [output.name for output in self._look.get_outputs()]
        values = self._look.run(names, {"pixels": crop(frame, regions, self.side)})
        return self.read(dict(zip(names, values, strict=True)), regions)

    def around(self, found: Detections) -> Array:
        """Regions around what the detector found."""
        raise NotImplementedError

    def read(self, outputs: dict[str, NDArray[np.float32]], regions: Array) -> Looks:
        """What the outputs of the landmark network mean."""
        raise NotImplementedError

    def _placed(self, points: NDArray[np.float32], regions: Array) -> NDArray[np.float32]:
        """Points ``[n, k, c]``, x, y, z first, in px of the crop -> in px of the frame."""
        placed = points.copy()
        placed[..., :2] = to_picture(points[..., :2] / self.side, regions)
        placed[..., 2] *= regions[:, 2:3] / self.side
        return placed


class Bodies(Networks):
    """BlazePose: 33 points, a mask."""

    detector = Detector("people_body_detector", 224, ((8, 2), (16, 2), (32, 6)), 0.5)
    graph, side = "people_body", 256

    def around(self, found: Detections) -> Array:
        return _circles(found.points[:, 0], found.points[:, 1])

    def read(self, outputs: dict[str, NDArray[np.float32]], regions: Array) -> Looks:
        points = self._placed(outputs["landmarks"].reshape(-1, 39, 5), regions)
        points[..., 3:] = _sigmoid(points[..., 3:])
        world = outputs["world"].reshape(-1, 39, 3)[:, :33]
        return Looks(
            regions, points[:, :33], _turned(world, regions), outputs["presence"][:, 0],
            _circles(points[:, CENTRE, :2], points[:, TOP, :2]),
            masks=(255 * _sigmoid(outputs["mask"][..., 0]) + 0.5).astype(np.uint8))


class Hands(Networks):
    """MediaPipe Hands: palms, then 21 points."""

    detector = Detector("people_palm_detector", 192, ((8, 2), (16, 6)), 0.5)
    graph, side = "people_hand", 224
    _PALM = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)  # knuckles, which move less than tips

    def around(self, found: Detections) -> Array:
        wrist, middle = found.points[:, 0], found.points[:, 2]
        side = (found.boxes[:, 2:] - found.boxes[:, :2]).max(1, initial=0)
        regions = upright(wrist, middle, side)
        regions[:, :2] = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
        return shifted(regions, up=0.5, scale=2.6)

    def read(self, outputs: dict[str, NDArray[np.float32]], regions: Array) -> Looks:
        points = self._placed(outputs["landmarks"].reshape(-1, 21, 3), regions)
        wrist, knuckles = points[:, 0, :2], points[:, [5, 9, 9, 13], :2].mean(1)
        angles = upright(wrist, knuckles, np.zeros(len(points)))[:, 3]
        following = bounding(points[:, self._PALM, :2], angles)
        return Looks(
            regions, points, _turned(outputs["world"].reshape(-1, 21, 3), regions),
            outputs["presence"][:, 0], shifted(following, up=0.1, scale=2.0),
            # MediaPipe calls this left, of a picture that it takes to be mirrored.
            right=outputs["right"][:, 0])


class Faces(Networks):
    """BlazeFace of the full range, then the mesh of 468 points."""

    detector = Detector("people_face_detector", 192, ((4, 1),), 0.6)
    graph, side = "people_face", 192

    def around(self, found: Detections) -> Array:
        side = (found.boxes[:, 2:] - found.boxes[:, :2]).max(1, initial=0)
        regions = _level(found.points[:, 0], found.points[:, 1], side)
        regions[:, :2] = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
        return shifted(regions, scale=1.5)

    def read(self, outputs: dict[str, NDArray[np.float32]], regions: Array) -> Looks:
        points = self._placed(outputs["landmarks"].reshape(-1, 468, 3), regions)
        angles = _level(points[:, 33, :2], points[:, 263, :2], np.zeros(len(points)))[:, 3]
        return Looks(
            regions, points, np.zeros((len(points), 0, 3), np.float32),
            _sigmoid(outputs["presence"].reshape(-1)),
            shifted(bounding(points[..., :2], angles), scale=1.5))


@cache
def shared_networks(kind: type[Networks]) -> Networks:
    """The networks that a whole process shares, loaded when first asked for.

    Raises:
        WeightsError: if weights are missing or are not the ones that their cards name.
    """
    return kind()


def _circles(centre: NDArray, top: NDArray) -> Array:
    """Regions around the circle of a whole body, a quarter wider than it."""
    return upright(centre, top, 2.5 * np.linalg.norm(top - centre, axis=-1))


def _level(left: NDArray, right: NDArray, side: NDArray) -> Array:
    """Regions in which the line from ``left`` to ``right`` is level."""
    across = right - left
    return upright(left, left + np.column_stack([across[:, 1], -across[:, 0]]), side)


def _turned(points: NDArray[np.float32], regions: Array) -> NDArray[np.float32]:
    """Points in metres ``[n, k, 3]``, turned from their regions to the picture's axes."""
    cos, sin = np.cos(regions[:, 3])[:, None], np.sin(regions[:, 3])[:, None]
    x, y, z = np.moveaxis(points, -1, 0)
    return np.stack([x * cos - y * sin, x * sin + y * cos, z], -1).astype(np.float32)


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-np.clip(logits, -60, 60)))).astype(np.float32)
