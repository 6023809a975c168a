"""What the page draws of an answer: facts, charts, tables, the memory, the way of the tensors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.nowcast import figures
from hybridcore.nowcast.colours import rain_ramp, signed_ramp
from hybridcore.nowcast.memory import liveliest, memory_of, steps_of, trace_at
from hybridcore.nowcast.moving import LEADS
from hybridcore.nowcast.result import NowcastResult, rate_text, whole_percent
from hybridcore.nowcast.skill import csi, methods, reliability, skills
from hybridcore.nowcast.view import NowcastAnswer, told
from hybridcore.system import At, Fact, States

_HALF = 30.0  # minutes: the lead that is shown where the player stands before it
_MAPS = 330  # px
_NARROW, _WIDE = 290, 1050  # px that maps in a row have
_QUARTERS = 4  # of the hour, each with a map of its own


def facts(answer: NowcastAnswer, at: At) -> Sequence[Fact]:
    """The rain at the place and the frame, and how fast the rain moves there."""
    result: NowcastResult = answer.result
    frame, place = at.frame, result.place
    if result.is_forecast(frame):
        title = f"Rain here in {result.minutes[frame]:.0f} min"
        value, note = told(result, frame), "forecast"
        if value == "unknown":
            note = "comes from outside the map"
        elif result.has_chances:
            value, note = whole_percent(float(result.chances[frame, 0])), f"about {value}"
    else:
        title, note = f"Rain here, {result.clock(frame)}", "observed"
        value = told(result, frame)
    return [Fact(title, value, note), speed(result, place.row, place.column)]


def speed(result: NowcastResult, row: int, column: int) -> Fact:
    """How fast and where to the rain moves at a pixel."""
    across, down = map(float, result.velocity[:, row, column])
    fast = float(np.hypot(across, down))
    ways = ("east", "north-east", "north", "north-west", "west", "south-west", "south",
            "south-east")
    way = ways[round(np.arctan2(-down, across) / (np.pi / 4)) % 8]
    scale = result.source.pixel_km
    value = f"{60 * fast * scale:.0f} km/h" if scale else f"{fast:.2f} px/min"
    return Fact("Rain moves", value, f"to the {way}" if fast > 0.02 else "it stands")


def point(answer: NowcastAnswer, at: At) -> go.Figure:
    """The rain at the place over time."""
    result: NowcastResult = answer.result
    return figures.point(result, answer.source.film_times(len(result.minutes)))


def lead_at(result: NowcastResult, frame: int) -> int:
    """The lead that the player stands on; before the forecast, that of half an hour."""
    if result.is_forecast(frame):
        return frame - result.now - 1
    return int(np.abs(result.leads - _HALF).argmin())


def side_by_side(answer: NowcastAnswer, at: At) -> go.Figure:
    """Observed, forecast, only moved, and the error at one time."""
    result: NowcastResult = answer.result
    lead = lead_at(result, at.frame)
    rain = rain_ramp(result.colours)
    fell = result.truth[lead] if lead < len(result.truth) else None
    missing = ", not yet" if fell is None else ""
    figure = figures.maps({
        f"Observed{missing}": (fell, rain, False),
        "Forecast": (result.mean[lead], rain, False),
        "Only moved": (result.carried[lead], rain, False),
        f"Error{missing}": (None if fell is None else result.mean[lead] - fell,
                            signed_ramp("mm/h"), True),
    }, result.place, height=_MAPS, narrow=at.narrow)
    return figures.named(figure, f"{result.clock(result.now + 1 + lead)}, "
                                 f"{result.leads[lead]:.0f} min after now")


def skill(answer: NowcastAnswer, at: At) -> go.Figure | None:
    """CSI and RMSE of every method by lead."""
    found = skills(answer)
    if not found:
        return None
    result: NowcastResult = answer.result
    return figures.skill(result.leads[: len(result.truth)], {
        f"CSI, {result.threshold:g} mm/h": {key: csi(result, one) for key, one in found.items()},
        "RMSE, mm/h": {key: np.array([lead["RMSE"] for lead in one])
                       for key, one in found.items()},
    }, {kind.key: kind.title for kind in answer.system.kinds})


def motion(answer: NowcastAnswer, at: At) -> go.Figure:
    """The rain now, and arrows."""
    return figures.motion(answer.result, rain_ramp(answer.result.colours), height=460)


def growth(answer: NowcastAnswer, at: At) -> go.Figure | None:
    """How much the network lets grow and decay, by lead."""
    if not answer.result.has_chances:
        return None
    result: NowcastResult = answer.result
    change = result.mean - result.carried
    grown, decayed = (np.nanmean(part, (1, 2)) for part in (
        np.maximum(change, 0), np.minimum(change, 0)))
    return figures.growth(result.leads, grown, decayed, lead_at(result, at.frame))


def change(answer: NowcastAnswer, at: At) -> go.Figure | None:
    """Where the network changes the moved rain, at four leads."""
    if not answer.result.has_chances:
        return None
    result: NowcastResult = answer.result
    count = len(result.leads)
    chosen = sorted({max(0, round(count * part / _QUARTERS) - 1) for part in
                     range(1, _QUARTERS + 1)})
    return figures.maps({
        f"+{result.leads[k]:.0f} min": (result.mean[k] - result.carried[k], signed_ramp("mm/h"),
                                        True) for k in chosen}, result.place, height=_MAPS,
                        narrow=at.narrow)


@torch.inference_mode()
def keeps(answer: NowcastAnswer, at: At) -> go.Figure | None:
    """What becomes of rain that falls now, by the bins of its rate, in this very sequence."""
    if not answer.result.has_chances:
        return None
    result: NowcastResult = answer.result
    lead = lead_at(result, at.frame)
    nearest = int(np.abs(np.array(LEADS) - result.leads[lead]).argmin())
    past = answer.model.past(answer.source, answer.outputs, answer.kind)
    table = answer.model.networks[answer.kind].tables(past)[0, nearest].softmax(-1).cpu().numpy()
    return figures.named(figures.became(table[:-1]), f"{LEADS[nearest]} min after now")


def memory_maps(answer: NowcastAnswer, at: At) -> go.Figure | None:
    """States and gates of one unit of the ConvLSTM as maps, over past steps and leads."""
    memory = memory_of(answer)
    if memory is None:
        return None
    unit = answer.result.unit - 1 if answer.result.unit else int(liveliest(memory)[0])
    rows = {"hidden h": memory.hidden, "cell c": memory.cell, "input i": memory.input,
            "forget f": memory.forget, "output o": memory.output}
    steps = steps_of(memory)
    # On a phone: now, and every 20 min around it.
    drawn = slice(steps.index("now") % 2, None, 2) if at.narrow else slice(None)
    figure = figures.sheet({name: part[drawn, unit] for name, part in rows.items()}, steps[drawn],
                           signed=("hidden h", "cell c"), width=_NARROW if at.narrow else _WIDE)
    return figures.named(figure, f"unit {unit + 1} of {memory.hidden.shape[1]}")


def calibration(answer: NowcastAnswer, at: At) -> go.Figure | None:
    """How often it came where a chance was said."""
    found = reliability(answer)
    return None if found is None else figures.reliability(*found)


def side_table(answer: NowcastAnswer, at: At) -> pd.DataFrame:
    """Every method at the place."""
    rows = []
    titles = {kind.key: kind.title for kind in answer.system.kinds}
    for key, result in methods(answer).items():
        first = result.now + 1
        rows.append({"method": titles[key], **{
            f"+{result.minutes[frame]:.0f} min": told(result, frame)
            for frame in range(first, len(result.minutes))
            if result.minutes[frame] % 10 == 0 or len(result.leads) <= 6}})
    result = answer.result
    if len(result.fell):
        rows.append({"method": "observed later", **{
            f"+{result.minutes[frame]:.0f} min": "unknown" if np.isnan(rate) else rate_text(
                float(rate)) for frame, rate in enumerate(result.fell, result.now + 1)
            if result.minutes[frame] % 10 == 0 or len(result.leads) <= 6}})
    return pd.DataFrame(rows).fillna("")


def states(answer: NowcastAnswer, at: At) -> States | None:
    """The upper ConvLSTM layer at the place."""
    memory = memory_of(answer)
    if memory is None:
        return None
    place = answer.result.place
    return States(
        trace=trace_at(memory, place.row, place.column), x=steps_of(memory), over_time=False,
        units=liveliest(memory), order="those that move most over the map first",
        names=lambda unit: f"unit {unit + 1}",
        note=f"At {place.text}: a ConvLSTM has such a cell at every place of its map. Steps up to "
             "now are read, those after it are foretold without input.")


@torch.inference_mode()
def flow(answer: NowcastAnswer, at: At) -> Sequence[Step]:
    """From the fields to the forecast."""
    result, recorder = answer.result, FlowRecorder()
    recorder.note("rain fields", result.observed, axis=None, trained=False)
    if answer.kind != "persistence":
        recorder.note("motion", result.velocity, symbol="v", axis=None, trained=False)
    if result.has_chances:
        past = answer.model.past(answer.source, answer.outputs, answer.kind)
        memory = memory_of(answer)
        assert memory is not None
        said = len(answer.outputs.mean[answer.kind])
        recorder.note("read" if answer.kind == "plain" else "carried to now", past, symbol="x_t",
                      batch=0, axis=None, trained=False)
        recorder.note("encoder", memory.hidden[:-said], symbol="h_t", axis=None)
        recorder.note("forecaster", memory.hidden[-said:], symbol="h_t", axis=None)
        bins = (said, answer.outputs.exceed[answer.kind].shape[1] + 1, *past.shape[-2:])
        recorder.note("bins of rain", bins, symbol="p", axis=None)
    recorder.note("forecast", result.mean, symbol="mm/h", axis=None, trained=False)
    return recorder.steps
