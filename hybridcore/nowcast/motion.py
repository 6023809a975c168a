"""Where the rain moves: dense optical flow of the last fields.

Kroeger et al., *Fast Optical Flow using Dense Inverse Search*, ECCV 2016, on the logarithm of the
rain, over several pairs of the last fields. Their median is what they agree on; it counts where
there is rain, and a wide Gaussian carries it to where there is none.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

_APART = 5.0  # minutes between the two fields of a pair, where the fields are as close
_PAIRS = 4
_FLOOR, _TOP = 0.1, 50.0  # mm/h: black and white of what the flow sees
_NARROW, _WIDE = 8.0, 48.0  # px, of the Gaussians that smooth and that fill
_OUTLIER = 3.0  # times the median deviation from the median


def motion(rates: np.ndarray, step: float) -> np.ndarray:
    """The velocity of the rain at the last of the fields.

    Args:
        rates: ``[T, H, W]`` in mm/h, NaN where there is no data.
        step: minutes between two of them.

    Returns:
        float32 ``[2, H, W]``, px a minute, to the right and downwards; zeros where there is nothing
        to see: one field, or no rain.
    """
    apart = max(1, round(_APART / step))
    last = [rates[k] for k in range(len(rates) - 1, -1, -apart)][: _PAIRS + 1][::-1]
    still = np.zeros((2, *rates.shape[1:]), np.float32)
    if len(last) < 2:
        return still
    pictures = [_picture(field) for field in last]
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(1)
    flows, seen = [], []
    for before, after in pairwise(pictures):
        flows.append(search.calc(before, after, None).transpose(2, 0, 1) / (apart * step))
        seen.append((before > 0) & (after > 0))
    weight = np.mean(seen, 0).astype(np.float32)  # [H, W]
    if not weight.any():
        return still
    flow = np.median(flows, 0).astype(np.float32)  # [2, H, W]
    return _spread(flow, _trusted(flow, weight))


def _picture(field: np.ndarray) -> np.ndarray:
    """The logarithm of the rain, uint8 ``[H, W]``; 0 where it is dry or there is no data."""
    rain = np.log(np.clip(np.nan_to_num(field), _FLOOR, _TOP) / _FLOOR) / np.log(_TOP / _FLOOR)
    return cv2.GaussianBlur((255 * rain).astype(np.uint8), (0, 0), 1.0)


def _trusted(flow: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """``weight [H, W]`` without the flow that is far from what the rest says."""
    rain = weight > 0
    middle = np.median(flow[:, rain], 1)[:, None, None]
    far = np.hypot(*(flow - middle))
    kept = np.where(far <= _OUTLIER * np.median(far[rain]) + 0.05, weight, 0)
    return kept if kept.any() else weight


def _spread(flow: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The flow smoothed by how much it counts, and everywhere."""
    mean = (flow * weight).sum((1, 2)) / weight.sum()
    wide, wide_weight = _blurred(flow * weight, _WIDE), _blurred(weight, _WIDE)
    background = (wide + 0.02 * mean[:, None, None]) / (wide_weight + 0.02)
    near, near_weight = _blurred(flow * weight, _NARROW), _blurred(weight, _NARROW)
    return ((near + 0.1 * background) / (near_weight + 0.1)).astype(np.float32)


def _blurred(fields: np.ndarray, sigma: float) -> np.ndarray:
    """``[..., H, W]`` under a Gaussian, nothing lying outside the map; on a coarser grid where it
    is wide."""
    if fields.ndim == 3:
        return np.stack([_blurred(field, sigma) for field in fields])
    height, width = fields.shape
    part = max(1, int(sigma // 6))
    small = cv2.resize(fields, (max(1, width // part), max(1, height // part)),
                       interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma / part, borderType=cv2.BORDER_CONSTANT)
    return cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
