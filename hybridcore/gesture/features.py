"""Points of somebody over time -> what the networks read at every step.

Places are measured from between the shoulders in widths of the shoulders, shapes of a hand from its
wrist in lengths of its palm, so that it does not matter where in the picture somebody is nor how
large. A left hand is mirrored: both hands are described alike and read by the same weights. What is
not seen is zero, and a flag says so. Nothing here looks at later steps.
"""

from __future__ import annotations

import torch
from torch import Tensor

from hybridcore.gesture.points import (
    BODY,
    HANDS,
    KNUCKLES,
    MIDDLE,
    NOSE,
    RATE,
    SHOULDERS,
    TIPS,
    WRIST,
)

SLOW = 4  # steps between the two looks of a slow speed
_WINDOW = 30  # steps over which the width of the shoulders is averaged
_PALMS = 3.1  # palms in a width of the shoulders, where no shoulders are seen
_NECKS = 1.1  # widths of the shoulders in the way from them to the nose; matters when turned away
_PAIRS = torch.triu_indices(len(TIPS), len(TIPS), 1)
_SIGN = torch.tensor([[-1.0, 1.0], [1.0, 1.0]])  # mirrors the left hand
_HAND = {
    "shape": 40, "turned": 40, "bends": 10, "tips": 15, "size": 1, "place": 8, "flags": 3,
    "speed": 6, "moved": 3, "closing": 15,
}
_BODY = {"points": 10, "seen": BODY, "speed": 4}
MOTION = ("speed", "moved", "closing")  # groups that compare two steps
STILL_HAND = sum(size for name, size in _HAND.items() if name not in MOTION)
STILL_BODY = sum(size for name, size in _BODY.items() if name not in MOTION)
HAND_SIZE, BODY_SIZE = sum(_HAND.values()), sum(_BODY.values())


def features(points: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Describe somebody.

    Args:
        points: ``[B, T, 49, 2]``, :data:`RATE` steps a second, equal units on both axes, NaN where
            not seen.

    Returns:
        Which hands are there, bool ``[B, T, 2]``; hands ``[B, T, 2, HAND_SIZE]``; the body
        ``[B, T, BODY_SIZE]``. The first ``STILL_HAND`` and ``STILL_BODY`` know one moment alone.
    """
    hands = torch.stack([points[:, :, part] for part in HANDS], 2)  # [B, T, 2, 21, 2]
    there = hands[..., WRIST, :].isfinite().all(-1)  # [B, T, 2]
    centre, scale = _frame(points, hands)
    return there, _hands(hands, there, points, centre, scale), _body(points, centre, scale)


def _frame(points: Tensor, hands: Tensor) -> tuple[Tensor, Tensor]:
    """Between the shoulders ``[B, T, 2]``, NaN where not seen, and their width ``[B, T]``, averaged
    over two seconds; where they are not seen, what the palms make likely."""
    neck = points[:, :, list(SHOULDERS)].mean(2)
    across = (points[:, :, SHOULDERS[0]] - points[:, :, SHOULDERS[1]]).norm(dim=-1)
    up = (points[:, :, NOSE] - neck).norm(dim=-1) / _NECKS
    shoulders = _trailing_mean(torch.fmax(across, up))
    palms = _trailing_mean((hands[..., MIDDLE, :] - hands[..., WRIST, :]).norm(dim=-1).nanmean(2))
    scale = torch.where(shoulders.isfinite(), shoulders, _PALMS * palms)
    return neck, scale.nan_to_num(1.0).clamp(min=1e-4)


def _trailing_mean(values: Tensor) -> Tensor:
    """Of what is known in the last :data:`_WINDOW` steps of ``[B, T]``; NaN where nothing is."""
    known = values.isfinite()
    sums = torch.stack([values.nan_to_num(0.0), known.to(values.dtype)]).cumsum(2)
    before = torch.zeros_like(sums)
    before[:, :, _WINDOW:] = sums[:, :, :-_WINDOW]
    total, count = sums - before
    return torch.where(count > 0.5, total / count.clamp(min=1), torch.nan)


def _hands(
    hands: Tensor, there: Tensor, points: Tensor, centre: Tensor, scale: Tensor
) -> Tensor:
    """Both hands ``[B, T, 2, HAND_SIZE]``."""
    sign = _SIGN.to(hands)
    wide = scale[:, :, None, None]
    wrist = hands[..., WRIST, :]
    palm = torch.fmax((hands[..., MIDDLE, :] - wrist).norm(dim=-1),
                      1.2 * (hands[..., 5, :] - hands[..., 17, :]).norm(dim=-1))
    shape = (hands[..., 1:, :] - wrist[..., None, :]) / palm[..., None, None].clamp(min=1e-4)
    shape = shape * sign[:, None]  # [B, T, 2, 20, 2]
    tips = shape[..., [k - 1 for k in TIPS], :]
    apart = torch.cat([(tips[..., _PAIRS[0], :] - tips[..., _PAIRS[1], :]).norm(dim=-1),
                       tips.norm(dim=-1)], -1)  # [B, T, 2, 15]
    index = hands[..., TIPS[1], :]
    nose = points[:, :, None, NOSE]
    place = torch.cat([sign * (own - origin) / wide
                       for own in (wrist, index) for origin in (centre[:, :, None], nose)], -1)
    flags = torch.stack([there.to(hands.dtype), centre.isfinite().all(-1)[..., None].expand_as(
        there).to(hands.dtype), sign[:, 0].expand_as(there)], -1)
    fast, slow = (_speed(wrist, steps) / wide for steps in (1, SLOW))
    far = _change(wrist, 2 * SLOW) / wide
    groups = [
        shape.clamp(-4, 4).flatten(3), _upright(shape).clamp(-4, 4).flatten(3), _bends(shape),
        apart.clamp(max=5), (palm / scale[..., None]).unsqueeze(-1).clamp(max=2) * 3,
        place.clamp(-4, 4), flags,
        (torch.cat([sign * fast, fast[..., :1], sign * slow, slow[..., :1]], -1)).clamp(-6, 6),
        (2 * torch.cat([sign * far, far[..., :1]], -1)).clamp(-4, 4),
        _change(apart, SLOW).clamp(-3, 3),
    ]
    return torch.cat([group.nan_to_num(0.0) for group in groups], -1)


def _upright(shape: Tensor) -> Tensor:
    """A shape turned so that the middle finger begins straight above the wrist."""
    up = shape[..., MIDDLE - 1, :]
    up = up / up.norm(dim=-1, keepdim=True).clamp(min=1e-3)
    across = torch.stack([-up[..., 1], up[..., 0]], -1)
    return torch.stack([(shape * across[..., None, :]).sum(-1), (shape * up[..., None, :]).sum(-1)],
                       -1)


def _bends(shape: Tensor) -> Tensor:
    """For every finger the cosine of its bend, and how straight it is: ``[..., 10]``."""
    first, second, last = (shape[..., [k - 1 + step for k in KNUCKLES], :] for step in (0, 1, 3))
    lower, upper, whole = second - first, last - second, last - first
    a, b = lower.norm(dim=-1).clamp(min=1e-3), upper.norm(dim=-1).clamp(min=1e-3)
    return torch.cat([(lower * upper).sum(-1) / (a * b), whole.norm(dim=-1) / (a + b)], -1)


def _body(points: Tensor, centre: Tensor, scale: Tensor) -> Tensor:
    """The upper body ``[B, T, BODY_SIZE]``."""
    own = points[:, :, :BODY]
    wide = scale[:, :, None, None]
    apart = [NOSE, *range(3, BODY)]
    place = ((own[:, :, apart] - centre[:, :, None]) / wide).clamp(-4, 4)
    seen = own.isfinite().all(-1).to(points.dtype)
    speed = (_speed(own[:, :, 5:], SLOW) / wide / 3).clamp(-4, 4)
    return torch.cat([place.flatten(2).nan_to_num(0.0), seen, speed.flatten(2).nan_to_num(0.0)], -1)


def _change(values: Tensor, steps: int) -> Tensor:
    """What ``values [B, T, ...]`` changed in so many steps; NaN where not known."""
    change = torch.full_like(values, torch.nan)
    change[:, steps:] = values[:, steps:] - values[:, :-steps]
    return change


def _speed(values: Tensor, steps: int) -> Tensor:
    """The same, a second."""
    return _change(values, steps) * (RATE / steps)
