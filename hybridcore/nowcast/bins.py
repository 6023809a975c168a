"""A distribution of rain at a pixel: how likely each of nine bins of the rain rate is.

As MetNet says it (Sønderby et al., *MetNet: A Neural Weather Model for Precipitation Forecasting*,
2020). Its mean, the chance of at least so much rain, its quantiles and its CRPS all follow from it.
"""

from __future__ import annotations

import numpy as np

# mm/h; under the first one it is dry.
EDGES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
BINS = len(EDGES) + 1
# The mean rate in every bin, mm/h, as hybridcore.nowcast.learn.train measures it on the learning
# events; what is dry counts as none.
RATES = (0.0, 0.139, 0.33, 0.712, 1.417, 3.06, 6.79, 13.7, 36.2)


def bin_of(rates: np.ndarray) -> np.ndarray:
    """The bin of every rate in mm/h, 0..8; -1 where there is no data."""
    found = np.searchsorted(np.asarray(EDGES, np.float32), rates, side="right")
    return np.where(np.isnan(rates), -1, found)


def exceedance(p: np.ndarray) -> np.ndarray:
    """``p [..., 9]`` of the bins -> the chance of at least every edge, ``[..., 8]``, 0..1."""
    return np.clip(np.cumsum(p[..., :0:-1], -1)[..., ::-1], 0, 1)


def shares(exceed: np.ndarray) -> np.ndarray:
    """The other way: chances of at least every edge ``[..., 8]`` -> of every bin, ``[..., 9]``."""
    ones, zeros = np.ones_like(exceed[..., :1]), np.zeros_like(exceed[..., :1])
    return -np.diff(np.concatenate([ones, exceed, zeros], -1), axis=-1)


def mean_rate(p: np.ndarray, last: np.ndarray | None = None) -> np.ndarray:
    """``p [..., 9]`` -> the mean of the distribution in mm/h, ``[...]``.

    last: the rates that fell last, ``[...]``. What stays in its bin keeps its rate: on the choosing
    events the slope of what came on this was 1.05 after ten minutes and 0.93 after sixty.
    """
    mean: np.ndarray = p @ np.asarray(RATES, p.dtype)
    if last is None:
        return mean
    bins = np.maximum(bin_of(last), 0)
    stays = np.take_along_axis(p, bins[..., None], -1)[..., 0]
    return mean + stays * np.nan_to_num(last - np.asarray(RATES, p.dtype)[bins])


def quantile(exceed: np.ndarray, share: float, last: np.ndarray) -> np.ndarray:
    """The rate that is not reached with a chance of ``share``, 0..1, in mm/h, ``[...]``.

    Between two edges it is as likely everywhere on a logarithmic scale; 0 where dry is as likely.
    The last bin has no upper edge: beyond its lower one the excess is distributed exponentially,
    with the mean that `mean_rate` has.

    exceed: the chance of at least every edge, ``[..., 8]``. last: as there, ``[...]``.
    """
    above = np.concatenate([exceed, np.zeros_like(exceed[..., :1])], -1)  # [..., 9]
    k = np.clip((above > 1 - share).sum(-1), 1, BINS - 1)  # the edge that is not reached
    high = np.take_along_axis(above, (k - 1)[..., None], -1)[..., 0]
    low = np.take_along_axis(above, k[..., None], -1)[..., 0]
    part = np.clip((high - (1 - share)) / np.maximum(high - low, 1e-6), 0, 1)
    edges = np.array([*EDGES, EDGES[-1]])  # the last one has no say
    lower, upper = edges[k - 1], edges[k]
    excess = np.where(last >= EDGES[-1], last, RATES[-1]) - EDGES[-1]
    rate = np.where(k < BINS - 1, lower * (upper / lower) ** part,
                    lower + excess * np.log(np.maximum(high / (1 - share), 1)))
    return np.where(exceed[..., 0] > 1 - share, rate, 0.0).astype(np.float32)


def crps(p: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score in mm/h of ``p [..., 9]`` where ``rates [...]`` fell, the
    bins being single rates: ``E|X - y| - E|X - X'| / 2`` (Gneiting & Raftery 2007, equation 21)."""
    values = np.asarray(RATES, np.float32)
    far = (p * np.abs(values - rates[..., None])).sum(-1)
    below = np.cumsum(p, -1)[..., :-1]
    # E|X - X'| = 2 * the integral of F (1 - F)
    return far - (below * (1 - below) * np.diff(values)).sum(-1)
