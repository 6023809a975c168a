"""Silhouettes brought to one size and place: uint8 ``[N, 64, 44]``.

As the field does before a gait energy image: the rows are cropped to the person, the height is
scaled to 64, and the columns are centred on the median of the column mass (which, unlike the middle
of the box, does not follow a swinging arm).
"""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT, WIDTH = 64, 44


def align(masks: np.ndarray) -> np.ndarray:
    """Crop, scale and centre silhouettes.

    masks: bool or uint8 ``[N, H, W]``, not zero where the person is; pixels are square.

    Returns uint8 ``[N, 64, 44]``, 0..255; pixels that the person covers in part lie between. An
    empty mask gives zeros.
    """
    if masks.ndim != 3 or masks.dtype not in (np.bool_, np.uint8):
        raise ValueError(f"expected bool or uint8 [N, H, W], got {masks.dtype} {masks.shape}")
    aligned = np.zeros((len(masks), HEIGHT, WIDTH), np.uint8)
    for mask, target in zip(masks.view(np.uint8), aligned, strict=True):
        _align_into(mask, target)
    return aligned


def _align_into(mask: np.ndarray, target: np.ndarray) -> None:
    """One mask uint8 ``[H, W]`` into zeros ``[64, 44]``.

    The window is cut in the pixels of the mask, so that what is resized is small, and nothing is
    padded or cropped afterwards. OpenCV's resize of it costs less than a batched gather.
    """
    left, top, width, height = cv2.boundingRect(mask)
    if width == 0:
        return
    _, person = cv2.threshold(
        mask[top : top + height, left : left + width], 0, 255, cv2.THRESH_BINARY)
    middle = median_column(person)
    span = max(1, round(WIDTH * height / HEIGHT))
    begin = middle - span // 2
    window = np.zeros((height, span), np.uint8)
    first, last = max(begin, 0), min(begin + span, width)
    window[:, first - begin : last - begin] = person[:, first:last]
    while len(window) >= 2 * HEIGHT:  # bilinear weights reach two pixels: no further shrinking
        window = cv2.resize(window, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    cv2.resize(window, (WIDTH, HEIGHT), dst=target, interpolation=cv2.INTER_LINEAR)


def median_column(person: np.ndarray) -> int:
    """The column left of which lies half of a mask uint8 ``[h, w]`` with two values."""
    mass = cv2.reduce(person, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0].cumsum()
    return int(mass.searchsorted(mass[-1] / 2))
