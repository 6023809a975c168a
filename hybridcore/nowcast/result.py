"""What is said of the next hour; page, command line, store and tests read the same.

The time line of a result is that of its frames: the fields up to now, which were observed, then the
steps of the file up to an hour, which are forecast. Nothing is both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hybridcore.media.radar import RadarSequence
from hybridcore.nowcast.bins import EDGES, quantile
from hybridcore.nowcast.networks import KINDS
from hybridcore.nowcast.place import Place

OBSERVED, FORECAST = "observed", "forecast"
WET = EDGES[0]  # mm/h; less is dry
_LIKELY = 0.5  # chance from which it is said that it rains
_TOLD = 0.5  # mm/h, of the chance that the command prints
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class NowcastOutputs:
    """What motion and networks say, in the frame of the moving rain.

    fields: how many of the file they were given; the last of them is now. hidden: minutes after it
    that were kept back. velocity: float16 ``[2, H, W]``, px a minute. exceed: of each network
    uint8 ``[6, 8, H, W]``, 255 times the chance of at least every edge of the bins at every lead;
    mean: float16 ``[6, H, W]``, mm/h.
    """

    fields: int
    hidden: float
    velocity: np.ndarray
    exceed: dict[str, np.ndarray]
    mean: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class NowcastResult:
    """The next hour as one method says it, at the steps of the file.

    now: the field that is now. leads: minutes after it, float64 ``[S]``. mean: float32
    ``[S, H, W]``, mm/h, NaN where nothing can be said. exceed: uint8 ``[S, 8, H, W]``, 255 times
    the chance of at least every edge. carried: float32 ``[S, H, W]``, the rain of now, only moved.
    velocity: float32 ``[2, H, W]``, px a minute. hidden: minutes that were kept back. place: where
    somebody looks. threshold: mm/h, of the chances and scores that are drawn. colours: of
    :data:`hybridcore.nowcast.colours.CHOICES`. unit: of the memory that is drawn; 0: the one that
    moves most.
    """

    columns: ClassVar = ("minute", "time", "what", "mean_mm_h", "p10_mm_h", "p50_mm_h", "p90_mm_h",
                         *(f"chance_{edge:g}_mm_h" for edge in EDGES), "observed_mm_h")

    kind: str
    source: RadarSequence
    now: int
    leads: np.ndarray
    mean: np.ndarray
    exceed: np.ndarray
    carried: np.ndarray
    velocity: np.ndarray
    hidden: float
    place: Place
    threshold: float
    colours: str
    unit: int

    @property
    def observed(self) -> np.ndarray:
        """The fields up to now, ``[now + 1, H, W]``, mm/h."""
        return self.source.rates[: self.now + 1]

    @property
    def truth(self) -> np.ndarray:
        """What fell after now as far as the file knows, ``[at most S, H, W]``, mm/h."""
        return self.source.rates[self.now + 1 : self.now + 1 + len(self.leads)]

    @cached_property
    def rain(self) -> np.ndarray:
        """Every frame: the fields up to now and the forecast, ``[now + 1 + S, H, W]``, mm/h."""
        return np.concatenate([self.observed, self.mean])

    @cached_property
    def minutes(self) -> np.ndarray:
        """Of every frame, minutes after now."""
        before = self.source.minutes[: self.now + 1] - self.source.minutes[self.now]
        return np.concatenate([before, self.leads])

    @property
    def has_chances(self) -> bool:
        """Whether the method says how sure it is."""
        return self.kind in KINDS

    def is_forecast(self, frame: int) -> bool:
        """Whether a frame is forecast, not observed."""
        return frame > self.now

    def what(self, frame: int) -> str:
        """``observed`` or ``forecast``."""
        return FORECAST if self.is_forecast(frame) else OBSERVED

    def clock(self, frame: int) -> str:
        """The time of a frame: of day where the file says it, else in minutes from now."""
        if self.source.start is None:
            return _signed(self.minutes[frame])
        return self.source.clock(float(self.source.minutes[self.now] + self.minutes[frame]))

    def stamp(self, frame: int) -> str:
        """The time of a frame as ISO 8601; empty where the file says none."""
        if self.source.start is None:
            return ""
        minute = float(self.source.minutes[self.now] + self.minutes[frame])
        return (self.source.start + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def label(self, frame: int) -> str:
        """What a frame is, in words: ``14:35 UTC, observed`` or ``+25 min, forecast``."""
        when = _signed(self.minutes[frame]) if self.is_forecast(frame) else self.clock(frame)
        return f"{when}, {self.what(frame)}"

    # --- at the place --------------------------------------------------------------------------

    @cached_property
    def chances(self) -> np.ndarray:
        """Of at least every edge, at the place and every frame, ``[F, 8]``; what was observed is
        certain. NaN where nothing is known."""
        row, column = self.place.row, self.place.column
        seen = self.observed[:, row, column]
        certain = (seen[:, None] >= np.array(EDGES)).astype(np.float32)
        said = self.exceed[:, :, row, column] / np.float32(255)
        chances = np.concatenate([certain, said])
        chances[np.isnan(self.rain[:, row, column])] = np.nan
        return chances

    @cached_property
    def curve(self) -> np.ndarray:
        """The rain at the place and every frame, ``[F]``, mm/h."""
        return self.rain[:, self.place.row, self.place.column]

    @cached_property
    def spread(self) -> np.ndarray:
        """The quantiles of :data:`QUANTILES` at the place and every frame, ``[F, 3]``, mm/h."""
        row, column = self.place.row, self.place.column
        last = self.carried[:, row, column] if self.kind != "plain" else np.full(
            len(self.leads), self.observed[-1, row, column])
        found = np.repeat(self.curve[:, None], len(QUANTILES), 1)
        if self.has_chances:
            chances = np.nan_to_num(self.chances[self.now + 1 :])
            found[self.now + 1 :] = np.stack(
                [quantile(chances, share, np.nan_to_num(last)) for share in QUANTILES], 1)
        return np.where(np.isnan(self.curve)[:, None], np.nan, found).astype(np.float32)

    @cached_property
    def fell(self) -> np.ndarray:
        """What fell at the place after now, as far as the file knows, mm/h."""
        return self.truth[:, self.place.row, self.place.column]

    @cached_property
    def wet(self) -> np.ndarray:
        """Whether it rains at the place, likelier than not, at every frame, bool ``[F]``."""
        return np.nan_to_num(self.chances[:, 0]) >= _LIKELY

    def headline(self) -> str:
        """The answer in a line."""
        ahead, rates = self.wet[self.now + 1 :], self.curve[self.now + 1 :]
        if np.isnan(rates).all():
            return "nothing can be said of the point: its rain comes from outside the map"
        if not ahead.any():
            return "no rain expected at the point in the next hour"
        most = f"up to {rate_text(float(np.nanmax(rates)))}"
        if ahead.all():
            return f"rain for the whole next hour at the point, {most}"
        begins, dry = int(ahead.argmax()), np.flatnonzero(~ahead)
        if begins == 0:
            return f"rain for the next {self.leads[dry[0]]:.0f} min at the point, {most}"
        return f"rain in {self.leads[begins]:.0f} min at the point, {most}"

    # --- as text -------------------------------------------------------------------------------

    def to_text(self) -> str:
        """What the command prints: every step at the place."""
        edge = EDGES.index(_TOLD)
        lines = [self.headline(), f"now: {self.clock(self.now)}; the point: {self.place.text}"]
        for frame in range(self.now + 1, len(self.minutes)):
            when = f"{_signed(self.minutes[frame]):>8}"
            if self.source.start is not None:
                when += f"  {self.clock(frame)}"
            said = "unknown" if np.isnan(self.curve[frame]) else rate_text(
                float(self.curve[frame]))
            if self.has_chances and said != "unknown":
                said += (f", {whole_percent(float(self.chances[frame, edge]))} for {_TOLD:g} mm/h "
                         "or more")
            lines.append(f"{when}  {FORECAST}  {said}")
        return "\n".join(lines)

    def to_table(self) -> list[dict[str, Any]]:
        """A row a frame, at the place. What is unknown is empty."""
        later = dict(enumerate(self.fell, self.now + 1))
        rows = []
        for frame in range(len(self.minutes)):
            values = [self.curve[frame], *self.spread[frame], *self.chances[frame],
                      later.get(frame, np.nan) if self.is_forecast(frame) else self.curve[frame]]
            rows.append(dict(zip(self.columns, [
                round(float(self.minutes[frame]), 2), self.stamp(frame), self.what(frame),
                *map(_number, values)], strict=True)))
        return rows

    def to_json(self) -> dict[str, Any]:
        """The same rows, with what they are about."""
        return {
            "model": self.kind, "now": self.stamp(self.now) or None,
            "minutes_kept_back": self.hidden, "step_min": self.source.step,
            "pixel_km": self.source.pixel_km, "place": {
                "row": self.place.row, "column": self.place.column, "text": self.place.text},
            "headline": self.headline(),
            "frames": [{key: None if value == "" else value for key, value in row.items()}
                       for row in self.to_table()]}


def rate_text(rate: float) -> str:
    """A rain rate as a person reads it: ``1.2 mm/h``."""
    return f"{rate:.0f} mm/h" if rate >= 10 else f"{rate:.1f} mm/h"


def whole_percent(share: float) -> str:
    """A chance as people say it, without tenths; only what is certain is 0 or 100 %."""
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def between(low: float, high: float) -> str:
    """Two rates as one range: ``0.4 to 2.5 mm/h``."""
    return f"{rate_text(low).removesuffix(' mm/h')} to {rate_text(high)}"


def _signed(minutes: float) -> str:
    return "now" if minutes == 0 else f"{minutes:+.0f} min"


def _number(value: float) -> float | str:
    return "" if np.isnan(value) else round(float(value), 4)
