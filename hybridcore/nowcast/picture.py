"""Frames as pictures, each under the word that says what it is: OBSERVED or FORECAST."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from hybridcore.media.radar.marks import bar_km, north_of
from hybridcore.media.redraw import put_text, text_width
from hybridcore.nowcast.colours import NOT_DRAWN, rain_codes, rain_ramp, table
from hybridcore.nowcast.figures import enlarged
from hybridcore.nowcast.result import NowcastResult
from hybridcore.nowcast.view import WALL
from hybridcore.view import Ramp

_SIDE = 480  # px, about, of the longer side of a map
_HEAD, _FOOT, _LEGEND, _EDGE = 46, 34, 84, 6  # px
_LAND, _PAPER, _INK, _PALE = (244, 242, 236), (255, 255, 255), (20, 20, 40), (120, 120, 130)
_UPRIGHT = 1.0  # degrees by which north may lie beside up
_GAP = 10  # px
_PAST = (-30.0, -20.0, -10.0, 0.0)  # minutes, of the panel
_MOST_SHOWN = 6  # leads of the panel


def frame_picture(result: NowcastResult, frame: int) -> np.ndarray:
    """One frame whole, uint8 RGB ``[h, w, 3]`` with even sides: the word, the clock, the map in a
    frame of the colour of the word, legend and scale."""
    ramp = rain_ramp(result.colours)
    inner = map_picture(result.rain[frame], ramp, _factor(result))
    colour = _rgb(WALL[result.what(frame)])
    height, width = inner.shape[:2]
    page = np.full((_HEAD + height + 2 * _EDGE + _FOOT, width + 2 * _EDGE + _LEGEND, 3), _PAPER,
                   np.uint8)
    page[_HEAD : _HEAD + height + 2 * _EDGE, : width + 2 * _EDGE] = colour
    page[_HEAD + _EDGE : _HEAD + _EDGE + height, _EDGE : _EDGE + width] = inner
    page[:_HEAD, :] = colour
    word = result.what(frame).upper()
    put_text(page, word, (12, 33), 28, (255, 255, 255))
    when = caption(result, frame)
    put_text(page, when, (page.shape[1] - text_width(when, 18) - 10, 30), 18, (255, 255, 255))
    _legend(page[_HEAD:, width + 2 * _EDGE :], ramp, height)
    _scale(page[-_FOOT:], result, _factor(result))
    return page[: page.shape[0] // 2 * 2, : page.shape[1] // 2 * 2]


def caption(result: NowcastResult, frame: int) -> str:
    """The time of a frame in plain letters: ``14:35 UTC`` or ``+25 min, 15:00 UTC``."""
    minutes = f"{result.minutes[frame]:+.0f} min"
    if result.source.start is None:
        return "now" if frame == result.now else minutes
    clock = result.clock(frame)
    return f"{minutes}, {clock}" if result.is_forecast(frame) else clock


def map_picture(field: np.ndarray, ramp: Ramp, factor: int) -> np.ndarray:
    """Rain ``[H, W]`` in mm/h over plain land, every pixel a square of ``factor``."""
    codes = rain_codes(field)
    picture = table(ramp)[codes]
    picture[codes == NOT_DRAWN] = _LAND
    return enlarged(picture, factor)


def every_frame(result: NowcastResult) -> Iterator[np.ndarray]:
    """The pictures of all frames, in order."""
    for frame in range(len(result.minutes)):
        yield frame_picture(result, frame)


def panel_picture(result: NowcastResult) -> np.ndarray:
    """The past half hour above, the hour ahead in the middle, and below what fell then, where that
    is known; uint8 RGB. Every map has a frame of the colour of its row's word."""
    before = sorted({int(np.abs(result.minutes[: result.now + 1] - minute).argmin())
                     for minute in _PAST})
    ahead = sorted({result.now + round((k + 1) * len(result.leads) / _MOST_SHOWN)
                    for k in range(_MOST_SHOWN)} - {result.now})
    ramp = rain_ramp(result.colours)
    factor = max(1, round(_factor(result) / 2.5))
    rows = [_row("OBSERVED", result, before, [result.rain[k] for k in before], ramp, factor,
                 WALL["observed"]),
            _row("FORECAST", result, ahead, [result.mean[k - result.now - 1] for k in ahead], ramp,
                 factor, WALL["forecast"])]
    later = [k for k in ahead if k - result.now - 1 < len(result.truth)]
    if later:
        rows.append(_row("OBSERVED LATER", result, later,
                         [result.truth[k - result.now - 1] for k in later], ramp, factor,
                         WALL["observed"]))
    width = max(row.shape[1] for row in rows) + _LEGEND
    sheet = np.full((sum(row.shape[0] for row in rows) + _FOOT, width, 3), _PAPER, np.uint8)
    top = 0
    for row in rows:
        sheet[top : top + row.shape[0], : row.shape[1]] = row
        top += row.shape[0]
    _legend(sheet[_HEAD:, -_LEGEND:], ramp, min(_SIDE, top - _HEAD - _FOOT))
    _scale(sheet[-_FOOT:], result, factor)
    return sheet


def _row(
    word: str, result: NowcastResult, frames: list[int], fields: list[np.ndarray], ramp: Ramp,
    factor: int, colour: str,
) -> np.ndarray:
    """A word, and maps below it, each under its time; now is marked."""
    pictures = [map_picture(field, ramp, factor) for field in fields]
    height, width = pictures[0].shape[:2]
    across = width + _EDGE + _GAP
    row = np.full((_HEAD + height + 24, len(frames) * across + _GAP, 3), _PAPER, np.uint8)
    put_text(row, word, (_GAP, 22), 24, _rgb(colour))
    edge = _EDGE // 2
    for k, (frame, picture) in enumerate(zip(frames, pictures, strict=True)):
        left = _GAP + k * across
        later = word.startswith("OBSERVED") and result.is_forecast(frame)
        text = result.clock(frame) if later else caption(result, frame)
        if frame == result.now:
            text = f"NOW, {text}" if text != "now" else "NOW"
        line = 15 if text_width(text, 15) <= width else 11
        put_text(row, text, (left, _HEAD - 6), line, _INK)
        row[_HEAD : _HEAD + height + 2 * edge, left : left + width + 2 * edge] = _rgb(colour)
        row[_HEAD + edge : _HEAD + edge + height, left + edge : left + edge + width] = picture
    return row


def _legend(space: np.ndarray, ramp: Ramp, height: int) -> None:
    """The colours from the least below to the most above, drawn into ``space``."""
    put_text(space, ramp.unit, (10, 14), 13, _INK)
    bar = max(60, min(height, space.shape[0]) - 40)
    levels = np.linspace(255, 1, bar).astype(int)
    space[26 : 26 + bar, 12:28] = table(ramp)[levels][:, None]
    for level, text in ramp.ticks:
        y = 26 + round((255 - level) / 254 * bar)
        put_text(space, "unknown" if text == "?" else text, (32, y + 5), 12, _INK)


def _scale(space: np.ndarray, result: NowcastResult, factor: int) -> None:
    """A scale bar and where north is, where the map has a scale."""
    pixel = result.source.pixel_km
    width = result.rain.shape[2] * factor
    put_text(space, result.source.source, (width // 2 + 12, 22), 12, _PALE)
    if pixel is None:
        put_text(space, "no scale known", (10, 22), 13, _PALE)
        return
    length = bar_km(width / factor * pixel)
    right = 10 + round(length / pixel * factor)
    cv2.line(space, (10, 14), (right, 14), _INK, 2)
    put_text(space, f"{length} km{_north(result)}", (10, 30), 12, _INK)


def _north(result: NowcastResult) -> str:
    """Where north is, in plain letters."""
    turn = north_of(result.source)
    if turn is None:
        return ""
    aside = f"{abs(turn):.0f} degrees {'right' if turn > 0 else 'left'} of up"
    return f", north is {'up' if abs(turn) < _UPRIGHT else aside}"


def _factor(result: NowcastResult) -> int:
    """Pixels of a picture that are one of the map."""
    return max(1, round(_SIDE / max(result.rain.shape[1:])))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
