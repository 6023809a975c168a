"""High dynamic range to an ordinary screen.

PQ (SMPTE ST 2084) and HLG (ARIB STD-B67) values, as ITU-R BT.2100 defines them, become light; the
white of a page, 203 cd/m2 (BT.2408), stays near white; brighter light is bent together under it
(Reinhard et al. 2002, with a straight part below); the result is sRGB.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from av.video.reformatter import ColorTrc
from numpy.typing import NDArray

PQ, HLG = int(ColorTrc.SMPTE2084), int(ColorTrc.ARIB_STD_B67)

_WHITE = 203.0  # cd/m2
_PEAK = 1000.0 / _WHITE  # of most films; what is brighter is cut
_KNEE = 0.7  # light below this share of white is kept as it is
_HLG_GAMMA = 1.2  # of a screen of 1000 cd/m2

# Light of BT.2020 primaries to that of BT.709 (BT.2087), and its luminance.
_TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32)
_LUMINANCE = np.array([[0.2627, 0.6780, 0.0593]], np.float32)
_STEPS = 8192


def tone_map(picture: NDArray[np.uint16], curve: int) -> NDArray[np.uint8]:
    """uint16 ``[h, w, 3]`` of BT.2020 primaries, 0..65535 -> sRGB uint8 ``[h, w, 3]``.

    curve: `PQ` or `HLG`, FFmpeg's number of the transfer function.
    """
    light = _light(curve).take(picture)
    if curve == HLG:
        luminance = np.maximum(cv2.transform(light, _LUMINANCE), 1e-6)
        light *= cv2.pow(luminance, _HLG_GAMMA - 1)[..., None] * np.float32(_PEAK)
    light = cv2.transform(light, _TO_BT709)
    # One factor for the three keeps the hue.
    brightest = np.maximum(np.maximum(light[..., 0], light[..., 1]), light[..., 2])
    steps = np.clip(brightest * ((_STEPS - 1) / _PEAK), 0, _STEPS - 1)
    light *= _factors().take(steps.astype(np.uint16))[..., None]
    return _srgb().take(np.clip(light * (_STEPS - 1), 0, _STEPS - 1).astype(np.uint16))


@cache
def _light(curve: int) -> NDArray[np.float32]:
    """Light for each of the 65536 values: in whites for PQ, of the scene in 0..1 for HLG."""
    value = np.linspace(0, 1, 1 << 16)
    if curve == PQ:
        root = value ** (32 / 2523)
        share = np.maximum(root - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * root)
        return (10_000 / _WHITE * share ** (16384 / 2610)).astype(np.float32)
    bright = (np.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return np.where(value <= 0.5, value**2 / 3, bright).astype(np.float32)


@cache
def _factors() -> NDArray[np.float32]:
    """What is shown of light, as a share of it, in `_STEPS` steps of 0..`_PEAK`."""
    light = np.linspace(0, _PEAK, _STEPS)
    over, most = (light - _KNEE) / (1 - _KNEE), (_PEAK - _KNEE) / (1 - _KNEE)
    shown = _KNEE + (1 - _KNEE) * over * (1 + over / most**2) / (1 + over)
    return np.where(light <= _KNEE, 1, shown / np.maximum(light, _KNEE)).astype(np.float32)


@cache
def _srgb() -> NDArray[np.uint8]:
    """8-bit values for light in `_STEPS` steps of 0..1."""
    light = np.linspace(0, 1, _STEPS)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * encoded).astype(np.uint8)
