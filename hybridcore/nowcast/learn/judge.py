"""Every method at a start, judged on the map: sums of all leads, as the scores are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hybridcore.nowcast.advect import origins, read_at
from hybridcore.nowcast.bins import exceedance, mean_rate
from hybridcore.nowcast.learn.samples import Starts, decoded
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.nowcast.networks import Nowcaster, foretell
from hybridcore.nowcast.scores import COLUMNS, Forecast, sums_of

METHODS = ("corrector", "single", "plain", "lagrangian", "persistence")
Forecasts = dict[str, list[Forecast]]


def forecasts_of(starts: Starts, number: int, networks: Mapping[str, Nowcaster]) -> Forecasts:
    """What every method says of all leads, on the map; NaN where the rain comes from outside."""
    velocity = starts.velocity[number].astype(np.float32)
    past = {name: decoded(getattr(starts, name)[number, : len(PAST)])
            for name in ("moving", "fixed")}
    last = past["fixed"][-1]
    said = {kind: _said(network, past["fixed" if kind == "plain" else "moving"])
            for kind, network in networks.items()}
    made: Forecasts = {name: [] for name in (*said, "lagrangian", "persistence")}
    for k, lead in enumerate(LEADS):
        place = origins(velocity, lead)
        carried = read_at(last, place)
        made["lagrangian"].append(Forecast(carried))
        made["persistence"].append(Forecast(last))
        for kind, fields in said.items():
            there = fields[k] if kind == "plain" else read_at(fields[k], place)
            made[kind].append(Forecast(there[0], there[1:]))
    return made


def _said(network: Nowcaster, past: np.ndarray) -> np.ndarray:
    """The mean and the chance of at least every edge, ``[6, 1 + 8, H, W]``, in the frame of the
    past."""
    p = np.moveaxis(foretell(network, past), 1, -1)  # [6, H, W, 9]
    last = np.broadcast_to(past[-1], p.shape[:-1])
    return np.concatenate([mean_rate(p, last)[:, None], np.moveaxis(exceedance(p), -1, 1)], 1)


def came(starts: Starts, number: int) -> np.ndarray:
    """The fields at the leads, mm/h, ``[6, H, W]``; no data where none was measured then."""
    return decoded(starts.fixed[number, len(PAST) :])


def judged(
    starts: Starts, networks: Mapping[str, Nowcaster],
    more: Mapping[int, Forecasts] | None = None,
) -> Iterator[dict[str, np.ndarray]]:
    """Of every start the sums of every method, ``[6, K]``, over those pixels of which all methods
    know something.

    more: what others say at some starts; where it is given, no other start is judged.
    """
    for number in range(len(starts.minute)) if more is None else more:
        forecasts = forecasts_of(starts, number, networks) | dict((more or {}).get(number, {}))
        truth = came(starts, number)
        rows = {name: np.zeros((len(LEADS), len(COLUMNS))) for name in forecasts}
        for k, rates in enumerate(truth):
            if np.isnan(rates).all():
                continue
            among = ~np.isnan(np.stack([own[k].mean for own in forecasts.values()])).any(0)
            for name, own in forecasts.items():
                rows[name][k] = sums_of(own[k], rates, starts.pixel_km, among=among)
        yield rows
