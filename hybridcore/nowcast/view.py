"""What the player shows: past and future of the rain on one clock, with the wall between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.figures import OTHER, PALETTE
from hybridcore.layers.chain import runs
from hybridcore.media.radar import RadarSequence
from hybridcore.media.radar.marks import marks
from hybridcore.nowcast.bins import EDGES
from hybridcore.nowcast.colours import (
    NOT_DRAWN,
    chance_codes,
    chance_ramp,
    rain_codes,
    rain_ramp,
    signed_codes,
    signed_ramp,
)
from hybridcore.nowcast.result import (
    FORECAST,
    OBSERVED,
    NowcastResult,
    between,
    rate_text,
)
from hybridcore.system import Answer
from hybridcore.view import Event, Field, Line, Panel, PlayerView, Ramp, Series, Strip

NowcastAnswer = Answer[RadarSequence, NowcastResult]

WALL = {OBSERVED: PALETTE[0], FORECAST: PALETTE[5]}  # the colours of what is and what may be
RAIN, FELL = "Rain", "Observed"
_SHOWN = (0.1, 0.5, 1.0, 5.0)  # mm/h, of the bars
_LEVELS = (0.1, 1.0, 5.0, 20.0)  # mm/h, where the strip changes its colour
_LEVEL_NAMES = ("dry", "light", "moderate", "heavy", "violent")
_LEVEL_COLOURS = (OTHER, "#5CC3F7", "#1F5FC4", "#F59A0A", "#A80F4A")
_OPACITY = 0.9
_MOST_BYTES = 24 << 20  # of an overlay on its way to the browser


def player_view(answer: NowcastAnswer, item: int) -> PlayerView:
    """The film of the map under the rain, observed and then forecast."""
    result: NowcastResult = answer.result
    count = len(result.minutes)
    said = [result.label(frame) for frame in range(count)]
    film = answer.source.film_times(count)
    return PlayerView(
        times=film, strips=strips(result), overlays=overlays(result), overlay=RAIN,
        opacity=_OPACITY, above=marks(answer.source), panels=[panel(result)],
        label=Line("Time", said, np.arange(count)),
        cuts=[float(film[result.now + 1])], start=result.now, stops=True,
        size=answer.source.size,
        alt=f"Rain over the map of {answer.source.name}, observed until "
            f"{result.clock(result.now)} and then forecast: {result.headline()}")


def strips(result: NowcastResult) -> list[Strip]:
    """What is observed and what is forecast, and how much falls at the place."""
    wall = np.array([int(result.is_forecast(frame)) for frame in range(len(result.minutes))])
    levels = np.searchsorted(_LEVELS, result.curve, side="right")
    return [Strip("The rain is", wall, (OBSERVED, FORECAST), tuple(WALL.values())),
            Strip("At the point", np.where(np.isnan(result.curve), -1, levels), _LEVEL_NAMES,
                  _LEVEL_COLOURS)]


def overlays(result: NowcastResult) -> list[Field]:
    """What can lie over the map. What was observed is never drawn as a forecast, nor the other way
    round; what is unknown is grey."""
    before, after = result.now + 1, len(result.leads)
    part = _thinning(result.rain.shape)

    def field(name: str, values: np.ndarray, scale: Ramp) -> Field:
        return Field(name, np.ascontiguousarray(np.where(seen, values, NOT_DRAWN)[
            :, ::part, ::part]).astype(np.uint8), scale, transparent=NOT_DRAWN)

    # Where no radar ever sees, the map below is darker.
    seen = ~np.isnan(result.source.rates).all(0)
    blank = np.full((before, *seen.shape), NOT_DRAWN, np.uint8)
    nothing = np.full((after - len(result.truth), *seen.shape), NOT_DRAWN, np.uint8)
    # Lines of the map are seen where it is dry, all over it.
    lines = result.source.lines_km
    scale = "mm/h" if lines is None else f"mm/h · lines {lines:.0f} km apart"
    found = [
        field(RAIN, rain_codes(result.rain), rain_ramp(result.colours, scale)),
        field(f"Chance of {result.threshold:g} mm/h or more",
              chance_codes(chance_of(result, result.threshold)), chance_ramp("chance")),
        field(FELL, np.concatenate([
            rain_codes(result.observed), rain_codes(result.truth), nothing]),
            rain_ramp(result.colours, "mm/h, observed only")),
    ]
    if len(result.truth):
        error = result.mean[: len(result.truth)] - result.truth
        found.append(field("Error", np.concatenate([blank, signed_codes(error), nothing]),
                           signed_ramp("mm/h, forecast - observed")))
    if result.has_chances:
        found.append(field("What the network changed", np.concatenate([
            blank, signed_codes(result.mean - result.carried)]),
            signed_ramp("mm/h, grows or decays")))
    return found


def chance_of(result: NowcastResult, edge: float) -> np.ndarray:
    """The chance of at least so much rain, of :data:`~hybridcore.nowcast.bins.EDGES`, at every
    frame ``[F, H, W]``; what was observed is certain. NaN where nothing is known."""
    seen = (result.observed >= edge).astype(np.float32)
    said = result.exceed[:, EDGES.index(edge)] / np.float32(255)
    return np.where(np.isnan(result.rain), np.nan, np.concatenate([seen, said]))


def _thinning(shape: tuple[int, ...]) -> int:
    """1, or the distance of the pixels that are sent where all of ``[F, H, W]`` are too much for a
    browser."""
    part = 1
    while shape[0] * -(-shape[1] // part) * -(-shape[2] // part) > _MOST_BYTES:
        part += 1
    return part


def panel(result: NowcastResult) -> Panel:
    """The place at every frame: how much, and the chances of what is forecast."""
    count = len(result.minutes)
    chances = result.chances[:, [EDGES.index(edge) for edge in _SHOWN]]
    hidden = np.isnan(chances) | (np.arange(count) <= result.now)[:, None]
    chance = Series("Chance", [f"≥ {edge:g} mm/h" for edge in _SHOWN],
                    np.where(hidden, -1, np.arange(len(_SHOWN))), np.where(hidden, 0, chances),
                    colours=[WALL[FORECAST]] * len(_SHOWN))
    return Panel(
        "At the point", [chance] if result.has_chances else [],
        [Line("Time", [result.label(frame) for frame in range(count)], np.arange(count)),
         Line("Rain", [told(result, frame) for frame in range(count)], np.arange(count))])


def told(result: NowcastResult, frame: int) -> str:
    """How much falls at the place, in words."""
    rate = float(result.curve[frame])
    if np.isnan(rate):
        return "unknown"
    if not result.is_forecast(frame) or not result.has_chances:
        return rate_text(rate)
    low, _, high = map(float, result.spread[frame])
    return f"{rate_text(rate)} ({between(low, high)})"


def events(answer: NowcastAnswer) -> Sequence[Event]:
    """Until when rain was observed, and where rain at the place begins and ends.

    A player names what passed for a moment more, so each title holds on the next frames, too.
    """
    result: NowcastResult = answer.result
    film = answer.source.film_times(len(result.minutes))
    found = [Event(float(film[result.now]), f"observed until {result.clock(result.now)}")]
    if not np.isnan(result.curve).all():
        found += [Event(float(film[start]),
                        f"{'rain' if rains else 'dry'} at the point, {result.label(start)}")
                  for start, _, rains in runs(result.wet.astype(int)) if start]
    return found
