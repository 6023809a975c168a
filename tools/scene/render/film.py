"""From radiance to a picture: exposure, highlights that roll off, display gamma."""

from __future__ import annotations

import numpy as np


def linear(red: float, green: float, blue: float) -> np.ndarray:
    """A display colour (sRGB, 0..255) as linear reflectance, float32 ``[3]`` (gamma 2.2)."""
    return (np.array([red, green, blue], np.float32) / 255) ** np.float32(2.2)


def develop(radiance: np.ndarray, *, gain: float = 1.0) -> np.ndarray:
    """Linear ``[H, W, 3]`` -> uint8 RGB.

    The curve is Narkowicz's fit of the ACES film response (2016): a toe, a shoulder, and white for
    whatever is far too bright.
    """
    x = np.maximum(radiance, 0) * np.float32(gain * 0.8)
    film = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    return (np.clip(film, 0, 1) ** np.float32(1 / 2.2) * 255 + 0.5).astype(np.uint8)
