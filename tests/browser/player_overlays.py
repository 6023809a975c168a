"""The overlays of the player that test_player.py drives, for the app and for the test."""

import numpy as np

from hybridcore.view import Classes, Field, Heat, Outlines, Ramp

CLASSES = Classes(["road", "building", "sky", "person"],
                  ["#805080", "#0072b2", "#009e73", "#d55e00"])
RAIN = Ramp(["#ffffff", "#0000ff", "#ff0000"], [(0, "0"), (128, "4"), (255, "64")], "mm/h")
CLEAR = 255


def attention(count: int) -> Heat:
    rows, columns = np.mgrid[0:7, 0:12]
    centre = 6 + 5 * np.sin(12 * np.arange(count) / count)
    distance = (rows[None] - 3) ** 2 + (columns[None] - centre[:, None, None]) ** 2
    return Heat("Attention", (255 * np.exp(-distance / 6)).astype(np.uint8))


def scene(count: int) -> Field:
    """Classes that move one cell on at every frame; nobody, and nothing at the top left."""
    values = (np.arange(count)[:, None, None] + np.arange(6).reshape(2, 3)) % 3
    values[:, 0, 0] = CLEAR
    return Field("Scene", values.astype(np.uint8), CLASSES, transparent=CLEAR)


def rain(count: int) -> Field:
    """More rain to the right, and later; nothing is known of the top left."""
    values = np.arange(count)[:, None, None] + 20 * np.arange(6) + np.zeros((4, 1), int)
    values[:, 0, 0] = CLEAR
    return Field("Rain", values.astype(np.uint8), RAIN, smooth=True, transparent=CLEAR)


def bodies(count: int) -> Outlines:
    """Anna moves to the right and lacks her last point; Ben stands."""
    points = np.full((count, 2, 3, 2), np.nan, np.float32)
    points[:, 0, :2, 0] = 0.2 + 0.5 * np.arange(count)[:, None] / count
    points[:, 0, :2, 1] = 0.2, 0.5
    points[:, 1] = (0.1, 0.9), (0.9, 0.9), (0.5, 0.7)
    return Outlines("Bodies", points, [(0, 1), (1, 2)], ["Anna", "Ben"], ["#d55e00", "#009e73"])
