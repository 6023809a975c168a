"""A sound to look at: pages of its log mel bands, with a line that moves with time."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.media.mel import BANDS, FRAMES, HIGHEST, LOWEST, mel

WIDTH, HEIGHT = 960, 320  # px
RATE = 25  # pictures a second
_PAGE, _WHOLE = 6.0, 9.0  # s on a page; what is no longer is one page
_MARKS = (250, 500, 1000, 2000, 3000)  # Hz
_TEXT, _LINE = (235, 235, 235), np.array((255, 255, 255), np.uint8)


def page(bands: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Bands ``[T, 40]`` as a picture, low tones at the bottom: uint8 RGB ``[320, 960, 3]``."""
    low, high = np.percentile(bands, (5, 99.5))
    levels = np.clip((bands.T[::-1] - low) / max(high - low, 1e-3), 0, 1)
    enlarged = cv2.resize((255 * levels).astype(np.uint8), (WIDTH, HEIGHT),
                          interpolation=cv2.INTER_LINEAR)
    picture = cv2.applyColorMap(enlarged, cv2.COLORMAP_MAGMA)[..., ::-1].copy()
    for hertz in _MARKS:
        share = float((mel(hertz) - mel(LOWEST)) / (mel(HIGHEST) - mel(LOWEST)))
        y = round(HEIGHT * (1 - (share * (BANDS + 1) - 0.5) / BANDS))
        cv2.line(picture, (0, y), (6, y), _TEXT, 1)
        cv2.putText(picture, f"{hertz} Hz", (10, y + 4), cv2.FONT_HERSHEY_SIMPLEX, 0.4, _TEXT, 1,
                    cv2.LINE_AA)
    return picture


def pictures(bands: NDArray[np.float32], seconds: float) -> Iterator[NDArray[np.uint8]]:
    """The film of a sound, `RATE` pictures a second; a sound that is longer turns its pages."""
    length = seconds if seconds <= _WHOLE else _PAGE
    shown, still = -1.0, page(bands)
    for k in range(max(2, round(seconds * RATE))):
        turn, along = divmod(k / RATE, length)
        if seconds > _WHOLE and turn != shown:
            shown = turn
            first = round(turn * length * FRAMES)
            part = np.full((round(length * FRAMES), BANDS), bands.min(), np.float32)
            own = bands[first : first + len(part)]
            part[: len(own)] = own
            still = page(part)
        picture = still.copy()
        x = min(WIDTH - 2, round(along / length * WIDTH))
        picture[:, x : x + 2] = _LINE
        yield picture
