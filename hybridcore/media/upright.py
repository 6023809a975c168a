"""Decoded frames to RGB arrays of one size: upright, in their colours, on white."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorTrc, VideoReformatter
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.hdr import HLG, PQ, tone_map

# FFmpeg's AVColorSpace numbers. The scaler refuses RESERVED, YCGCO and all from BT2020_CL (10) on.
_BT709, _UNSPECIFIED, _BT2020 = 1, 2, 9
_UNSUPPORTED = frozenset({3, 8, *range(10, 18)})

# The primaries of screens and cameras with more colours than BT.709 (AVColorPrimaries).
_WIDE = frozenset({ColorPrimaries.BT2020, ColorPrimaries.SMPTE431, ColorPrimaries.SMPTE432})

# Frames of the same shape up to this ratio fill the picture; rounding makes as much.
_SAME_SHAPE = 1.02


@dataclass(frozen=True)
class Orientation:
    """How a stored picture is put upright: mirrored left to right first, then turned.

    rotation: degrees clockwise: 0, 90, 180 or 270.
    """

    rotation: int = 0
    mirrored: bool = False

    @property
    def swaps(self) -> bool:
        """Whether width and height change places."""
        return self.rotation % 180 != 0

    def __call__(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The upright picture: a view that need not be contiguous."""
        picture = picture[:, ::-1] if self.mirrored else picture
        return np.rot90(picture, -self.rotation // 90)


def orientation_of(frame: VideoFrame) -> Orientation:
    """What the display matrix of a frame asks for; its angle is rounded to quarter turns."""
    side_data: Any = frame.side_data  # PyAV declares only one of its kinds
    if "DISPLAYMATRIX" not in side_data:
        return Orientation()
    # A picture's point (x, y), y downwards, goes to (a x + c y, b x + d y).
    a, b, _, c, d, *_ = struct.unpack("9i", bytes(side_data["DISPLAYMATRIX"]))
    mirrored = a * d - b * c < 0
    angle = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))
    return Orientation(round(angle / 90) * 90 % 360, mirrored)


def is_hdr(frame: VideoFrame) -> bool:
    """Whether its values mean more light than an ordinary screen has."""
    return frame.color_trc in (PQ, HLG)


def has_alpha(frame: VideoFrame) -> bool:
    """Whether its pixels can be transparent."""
    return frame.format.name == "pal8" or any(c.is_alpha for c in frame.format.components)


@dataclass(frozen=True)
class _Plan:
    """What is done with frames of one kind.

    scaled: (height, width) before turning; pads: rows and columns of black around the picture.
    """

    scaled: tuple[int, int]
    pads: tuple[tuple[int, int], tuple[int, int]] | None
    orientation: Orientation
    colorspace: int | None
    pixel_format: str
    tone_curve: int | None
    wide: bool


class Upright:
    """Frames to arrays uint8 ``[height, width, 3]``, RGB.

    size: (height, width) of the result; the aspect ratio is not kept.
    shape: width / height of the clip's upright frames. A frame of another shape, as where a phone
        was turned while recording, keeps its proportions between black bars.
    pixel_aspect: width / height of a stored pixel.
    """

    def __init__(
        self, size: tuple[int, int], shape: float, pixel_aspect: float = 1.0
    ) -> None:
        self._size = size
        self._shape = shape
        self._pixel_aspect = pixel_aspect
        self._reformatter = VideoReformatter()
        self._kind: tuple[object, ...] | None = None
        self._plan: _Plan

    def __call__(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """uint8 [height, width, 3], RGB; a view that need not be contiguous.

        Raises:
            MediaError: the pixel format cannot be converted.
        """
        kind = (frame.width, frame.height, frame.rotation, frame.format.name,
                frame.colorspace, frame.color_trc)
        if kind != self._kind:
            self._kind, self._plan = kind, self._make_plan(frame)
        plan = self._plan
        if plan.colorspace is not None:
            frame.colorspace = plan.colorspace
        try:
            picture = self._scale(frame, plan)
        except MemoryError:
            raise  # PyAV's is an FFmpegError too
        except av.FFmpegError as error:
            raise MediaError(
                f"The pixel format {frame.format.name} of the file cannot be converted to RGB; "
                "save it again as H.264 MP4."
            ) from error
        if plan.tone_curve is not None:
            picture = tone_map(picture.view(np.uint16), plan.tone_curve)
        elif picture.shape[2] == 4:
            picture = on_white(picture.view(np.uint8))
        picture = plan.orientation(picture.view(np.uint8))
        if plan.pads is not None:
            picture = np.pad(picture, (*plan.pads, (0, 0)))
        return picture

    def _scale(self, frame: VideoFrame, plan: _Plan) -> NDArray[Any]:
        height, width = plan.scaled
        # To the primaries of a screen; asking for it where it is not needed takes twice as long.
        screen = (
            {"dst_color_primaries": ColorPrimaries.BT709, "dst_color_trc": ColorTrc.BT709}
            if plan.wide else {}
        )
        return self._reformatter.reformat(
            frame, width, height, plan.pixel_format, interpolation="AREA", threads=1, **screen
        ).to_ndarray()

    def _make_plan(self, frame: VideoFrame) -> _Plan:
        orientation = orientation_of(frame)
        shape = frame.width * self._pixel_aspect / frame.height
        shape = 1 / shape if orientation.swaps else shape
        height, width = self._size
        pads = None
        if max(shape / self._shape, self._shape / shape) > _SAME_SHAPE:
            inner = (max(1, round(height * min(1.0, self._shape / shape))),
                     max(1, round(width * min(1.0, shape / self._shape))))
            above, left = (height - inner[0]) // 2, (width - inner[1]) // 2
            pads = (above, height - inner[0] - above), (left, width - inner[1] - left)
            height, width = inner
        hdr = is_hdr(frame)
        return _Plan(
            # Scale first: turning the small picture is cheaper, and its sides are still swapped.
            scaled=(width, height) if orientation.swaps else (height, width),
            pads=pads,
            orientation=orientation,
            colorspace=_colorspace(frame),
            pixel_format="rgb48le" if hdr else "rgba" if has_alpha(frame) else "rgb24",
            tone_curve=frame.color_trc if hdr else None,
            wide=not hdr and frame.color_primaries in _WIDE,
        )


def on_white(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGBA ``[h, w, 4]`` laid on white: RGB ``[h, w, 3]``."""
    colours, alpha = picture[..., :3], picture[..., 3:]
    if alpha.min() == 255:
        return colours
    # 255 - alpha (255 - c) / 255, rounded
    covered = cv2.multiply(255 - colours, np.broadcast_to(alpha, colours.shape), scale=1 / 255)
    return 255 - covered


def _colorspace(frame: VideoFrame) -> int | None:
    """The colour matrix that the frame needs, None if it is the one that it names."""
    if frame.colorspace in _UNSUPPORTED:
        return _UNSPECIFIED  # off colours rather than no picture
    if frame.colorspace != _UNSPECIFIED or frame.format.is_rgb:
        return None
    if is_hdr(frame) or frame.color_primaries == ColorPrimaries.BT2020:
        return _BT2020
    # As players guess: what does not say it is BT.709 if it is HD, BT.601 if it is smaller.
    return _BT709 if frame.height >= 720 or frame.width >= 1280 else None
