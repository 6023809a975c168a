"""Motion and networks over a radar sequence: what `System` asks of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import torch
from torch import Tensor

from hybridcore.device import pick_device
from hybridcore.errors import MediaError, NotYet
from hybridcore.media.radar import RadarSequence
from hybridcore.nowcast.advect import origins, read_at
from hybridcore.nowcast.bins import EDGES, exceedance, mean_rate
from hybridcore.nowcast.motion import motion
from hybridcore.nowcast.moving import LEADS, past_fields
from hybridcore.nowcast.networks import KINDS, Nowcaster, load, log_rain
from hybridcore.nowcast.place import parse_place, rainiest
from hybridcore.nowcast.result import NowcastOutputs, NowcastResult
from hybridcore.progress import Progress, report

AHEAD = 60.0  # minutes
CARRIED, STILL = "lagrangian", "persistence"  # the kinds without a network
AUTO = "auto"
_OLD = timedelta(hours=6)  # a record that ended so long ago is no live one
_LONG = 90.0  # minutes, of which an hour can be kept back
_LEAST = 2  # fields, of which a motion can be seen
_CHANCES = 20  # steps of chances that are kept, 5 % each
_SLOWEST = 1 / 256  # px a minute, the step of a velocity
_FINEST, _STEPS = 0.03, 4  # mm/h; and the power of two of the steps between a rate and its double
_COARSEST = 30.0  # minutes between fields


class RainForecaster:
    """The networks of every kind, on one device."""

    def __init__(self, networks: Mapping[str, Nowcaster]) -> None:
        self.networks = networks

    @classmethod
    def load(cls, device: str | None = None) -> RainForecaster:
        """Load the networks.

        Raises:
            WeightsError: weights are missing or are not the ones their cards name.
            OptionError: there is no such device.
        """
        place = pick_device(device)
        return cls({kind: load(kind).eval().to(place) for kind in KINDS})

    def run(
        self, source: RadarSequence, progress: Progress | None = None, *, hide: str = AUTO
    ) -> NowcastOutputs:
        """The motion up to now, and what every network says of the hour after it.

        hide: minutes at the end of the file that are kept back, or :data:`AUTO`.

        Raises:
            MediaError: there are too few fields, or they lie too far apart.
        """
        hidden = minutes_hidden(source, hide)
        fields = len(source.rates) - round(hidden / source.step)
        check(source, fields)
        rates = source.rates[:fields]
        velocity = (np.rint(motion(rates, source.step) / _SLOWEST) * _SLOWEST).astype(np.float16)
        outputs = NowcastOutputs(fields, hidden, velocity, {}, {})
        steps = 1 + len(self.networks)
        report(progress, 1, steps, partial(replace, outputs))
        for done, (kind, network) in enumerate(self.networks.items(), 2):
            p = self._said(network, self.past(source, outputs, kind))
            mean = mean_rate(p, np.broadcast_to(rates[-1], p.shape[:-1]))
            outputs = replace(
                outputs, mean=outputs.mean | {kind: _coarse(mean)},
                exceed=outputs.exceed | {kind: np.rint(255 / _CHANCES * np.rint(
                    _CHANCES * np.moveaxis(exceedance(p), -1, 1))).astype(np.uint8)})
            report(progress, done, steps, partial(replace, outputs))
        return outputs

    def past(self, source: RadarSequence, outputs: NowcastOutputs, kind: str) -> Tensor:
        """What the network of a kind reads, ``[1, 4, 2, H, W]``."""
        velocity = outputs.velocity.astype(np.float32)
        rates, minutes = source.rates[: outputs.fields], source.minutes[: outputs.fields]
        fields = past_fields(rates, minutes, 0 * velocity if kind == "plain" else velocity)
        device = next(self.networks[kind].parameters()).device
        return torch.from_numpy(log_rain(fields))[None].to(device)

    @torch.inference_mode()
    def _said(self, network: Nowcaster, past: Tensor) -> np.ndarray:
        """The distribution at every lead, ``[6, H, W, 9]``."""
        p: np.ndarray = network(past)[0].softmax(1).permute(0, 2, 3, 1).cpu().numpy()
        return p

    def finish(
        self, outputs: NowcastOutputs, source: RadarSequence, kind: str, *, point: str = "",
        threshold: str = "1", colours: str = "usual", map_unit: int = 0, lead: int = 60,
    ) -> NowcastResult:
        """The hour as one kind says it.

        Args:
            point: how far east and north of the middle, km; empty: where most rain comes by.
            threshold: mm/h.
            map_unit: of the memory that is drawn, from 1 on; 0: the one that moves most.
            lead: minutes that are forecast, one step of the file at least.

        Raises:
            OptionError: there is no such place.
            NotYet: of a sequence that is still worked on, the network has not said anything.
        """
        velocity = outputs.velocity.astype(np.float32)
        leads = np.arange(1, max(1, int(lead / source.step + 1e-6)) + 1) * source.step
        last = source.rates[outputs.fields - 1]
        places = [origins(velocity, minutes) for minutes in leads]
        carried = np.stack([read_at(last, place) for place in places])
        mean, exceed = self._fields(outputs, last, carried, kind, leads, places)
        return NowcastResult(
            kind=kind, source=source, now=outputs.fields - 1, leads=leads, mean=mean,
            exceed=exceed, carried=carried, velocity=velocity, hidden=outputs.hidden,
            place=parse_place(source, point) if point.strip() else rainiest(source, carried),
            threshold=float(threshold), colours=colours, unit=map_unit)

    def _fields(
        self, outputs: NowcastOutputs, last: np.ndarray, carried: np.ndarray, kind: str,
        leads: np.ndarray, places: Sequence[np.ndarray],
    ) -> tuple[np.ndarray, np.ndarray]:
        """``mean [S, H, W]`` and ``exceed [S, 8, H, W]`` of a kind; places: where what arrives at
        every lead is now."""
        edges = np.array(EDGES, np.float32)[:, None, None]
        if kind in (CARRIED, STILL):
            mean = carried if kind == CARRIED else np.repeat(last[None], len(leads), 0)
            return mean, np.where(mean[:, None] >= edges, 255, 0).astype(np.uint8)
        if kind not in outputs.exceed:
            raise NotYet("This network has not said anything yet.")
        certain = np.where(last >= edges, 255, 0)[None]  # lead 0 was observed
        known = np.concatenate([last[None, None], outputs.mean[kind][:, None]], 0)
        chances = np.concatenate([certain, outputs.exceed[kind]], 0)
        every = np.concatenate([known, chances], 1).astype(np.float32)  # [7, 9, H, W]
        every[:, :, np.isnan(last)] = np.nan
        found = np.stack([between(every, minutes) if kind == "plain" else
                          read_at(between(every, minutes), place)
                          for minutes, place in zip(leads, places, strict=True)])
        return found[:, 0], np.nan_to_num(np.rint(found[:, 1:])).astype(np.uint8)


def _coarse(rates: np.ndarray) -> np.ndarray:
    """Rates in half precision, to the nearest of 16 steps to the double: what is finer than 3 %
    says nothing of the rain, and takes space."""
    step = 2.0 ** (np.floor(np.log2(np.maximum(rates, _FINEST))) - _STEPS)
    return (np.rint(rates / step) * step).astype(np.float16)


def between(fields: np.ndarray, minutes: float) -> np.ndarray:
    """Fields at 0, 10, ... 60 minutes, ``[7, ...]``, at a minute between two of them."""
    leads = (0, *LEADS)
    at = int(np.clip(np.searchsorted(leads, minutes), 1, len(leads) - 1))
    share = (minutes - leads[at - 1]) / (leads[at] - leads[at - 1])
    blended: np.ndarray = (1 - share) * fields[at - 1] + share * fields[at]
    return blended


def minutes_hidden(source: RadarSequence, hide: str) -> float:
    """How many minutes at the end of a file are kept back.

    :data:`AUTO`: an hour of a record that is long enough and ended hours ago, as its future is
    known; none of one that is fresh, or short.
    """
    if hide != AUTO:
        return round(float(hide) / source.step) * source.step
    fresh = source.start is not None and datetime.now(UTC) - _aware(
        source.start) - timedelta(minutes=float(source.minutes[-1])) < _OLD
    return 0.0 if fresh or source.minutes[-1] < _LONG else round(AHEAD / source.step) * source.step


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def check(source: RadarSequence, fields: int) -> None:
    """Say in words why nothing can be forecast from the first ``fields`` of a sequence.

    Raises:
        MediaError: they are too few, too far apart, or hold no data.
    """
    if source.step > _COARSEST:
        raise MediaError(
            f"The fields lie {source.step:.0f} minutes apart, and rain that moves on that long is "
            f"another; bring fields that lie {_COARSEST:.0f} minutes apart at most.")
    if fields < _LEAST:
        raise MediaError(
            f"Only {max(fields, 0)} of {len(source.rates)} fields would be left to forecast from; "
            f"bring at least {_LEAST} more than are kept back.")
    if np.isnan(source.rates[fields - 1]).all():
        raise MediaError("The last field holds no data at all, so nobody knows where it rains now; "
                         "leave it out.")
