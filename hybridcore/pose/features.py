"""Joints of a person over time -> what the networks read at every step.

Positions are taken from the middle of the hips and measured in lengths of the torso, so that it
does not matter where in the picture somebody is nor how large. Beside them stand speeds, the
distances between all pairs of joints (the joint collection distances of Yang et al., *Make Skeleton
based Action Recognition Model Smaller, Faster and Better*, 2019, DD-Net) and the directions of
bones. What is not seen is zero, and a flag says so. Nothing here looks at later steps.
"""

from __future__ import annotations

import torch
from torch import Tensor

from hybridcore.pose.joints import ANGLES, BONES, HIPS, JOINTS, SHOULDERS

RATE = 15.0  # steps a second
SLOW = 4  # steps between the two poses of a slow speed
_WINDOW = 30  # steps over which the length of the torso is averaged
_SHOULDERS_TO_TORSO = 1.25  # lengths of a torso for a width of the shoulders, seen from the front
_FASTEST = 12.0  # torsos a second; what is faster is a mistake of tracking
_PAIRS = torch.triu_indices(len(JOINTS), len(JOINTS), 1)
_GROUPS = {
    "position": 2 * len(JOINTS), "seen": len(JOINTS), "pairs": _PAIRS.shape[1],
    "bones": 2 * len(BONES), "angles": 2 * len(ANGLES),
    "fast": 2 * len(JOINTS), "slow": 2 * len(JOINTS), "moved": 4,
}
MOTION = ("fast", "slow", "moved")  # groups that compare two steps; the others see one pose
SIZE = sum(_GROUPS.values())
STILL_SIZE = SIZE - sum(_GROUPS[name] for name in MOTION)


def features(joints: Tensor) -> Tensor:
    """``joints [B, T, 13, 2]``, :data:`RATE` steps a second, equal units on both axes, NaN where
    not seen -> ``[B, T, SIZE]``; the first ``STILL_SIZE`` of them know one pose alone."""
    seen = joints.isfinite().all(-1)  # [B, T, J]
    centre, scale = _frame(joints, seen)
    body = (joints - centre[:, :, None]) / scale[:, :, None, None]  # [B, T, J, 2]
    apart = body[:, :, _PAIRS[0]] - body[:, :, _PAIRS[1]]  # [B, T, 78, 2]
    bones = torch.stack([body[:, :, b] - body[:, :, a] for a, b in BONES], 2)
    groups = [
        body.clamp(-4, 4).flatten(2), seen.to(body.dtype) - 0.5, apart.norm(dim=-1).clamp(max=5),
        _direction(bones).flatten(2), _angles(body).flatten(2),
        _speed(joints, scale, 1).flatten(2) / 3, _speed(body, None, SLOW).flatten(2) / 2,
        torch.cat([_speed(centre[:, :, None], scale, 1), _speed(centre[:, :, None], scale, SLOW)],
                  -1).flatten(2) / 2,
    ]
    return torch.cat([group.nan_to_num(0.0) for group in groups], -1)


def _frame(joints: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """Middle of the hips ``[B, T, 2]`` and length of the torso ``[B, T]``, averaged over two
    seconds; where the hips are not seen, what the shoulders make likely."""
    neck = joints[:, :, list(SHOULDERS)].nanmean(2)
    hips = joints[:, :, list(HIPS)].nanmean(2)
    across = (joints[:, :, SHOULDERS[0]] - joints[:, :, SHOULDERS[1]]).norm(dim=-1)
    torso = (neck - hips).norm(dim=-1)  # [B, T]
    length = torch.fmax(torso, _SHOULDERS_TO_TORSO * across)
    known = length.isfinite()
    total = _trailing(length.nan_to_num(0.0))
    count = _trailing(known.to(length.dtype))
    scale = torch.where(count > 0, total / count.clamp(min=1), torch.ones_like(total))
    scale = scale.clamp(min=1e-4)
    below = torch.stack([torch.zeros_like(scale), scale], -1)
    centre = torch.where(hips.isfinite(), hips, neck + below)
    return centre, scale


def _trailing(values: Tensor) -> Tensor:
    """Sum over the last :data:`_WINDOW` steps of ``[B, T]``."""
    total = values.cumsum(1)
    before = torch.zeros_like(total)
    before[:, _WINDOW:] = total[:, :-_WINDOW]
    return total - before


def _speed(values: Tensor, scale: Tensor | None, steps: int) -> Tensor:
    """What ``values [B, T, J, 2]`` changed in so many steps, a second; NaN where not known."""
    change = torch.full_like(values, torch.nan)
    change[:, steps:] = (values[:, steps:] - values[:, :-steps]) * (RATE / steps)
    if scale is not None:
        change = change / scale[:, :, None, None]
    return change.clamp(-_FASTEST, _FASTEST)


def _direction(vectors: Tensor) -> Tensor:
    """Unit vectors."""
    return vectors / vectors.norm(dim=-1, keepdim=True).clamp(min=1e-3)


def _angles(body: Tensor) -> Tensor:
    """Cosine and sine of the angle at every joint of ``ANGLES``: ``[B, T, A, 2]``."""
    first, second = (
        torch.stack([body[:, :, triple[end]] - body[:, :, triple[1]]
                     for triple in ANGLES.values()], 2) for end in (0, 2))
    a, b = _direction(first), _direction(second)
    cosine = (a * b).sum(-1)
    sine = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return torch.stack([cosine, sine], -1)
