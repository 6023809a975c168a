"""Rain, chances and differences as bytes, and the colours that the bytes have.

Bytes are what the player's fields are made of. 0 is not drawn; 1 to 230 is a scale; what is
unknown, as no radar looks there or it comes from outside the map, is grey and never looks dry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.view import Ramp

NOT_DRAWN, LEAST, MOST, UNKNOWN = 0, 1, 230, 245
DRY = 0.1  # mm/h; less is not drawn
_HEAVIEST = 100.0  # mm/h
_FARTHEST = 20.0  # mm/h, of a difference
_LEAST_CHANCE = 0.005
_STOPS = 52  # of a ramp, 5 levels apart
_GREY = "#9A9A9A"

CHOICES = {"usual": "Usual rain colours", "safe": "Colour-blind safe"}
# From the least to the most. The usual ones are those of weather services; the safe ones, after
# viridis, fall in lightness alone, so that everybody sees their order.
_RAIN = {
    "usual": ("#9BE1FF", "#5CC3F7", "#2E96E8", "#1F5FC4", "#169B4A", "#7CC21F", "#F5D90A",
              "#F59A0A", "#E3310F", "#A80F4A", "#6A0F8E"),
    "safe": ("#BDDF26", "#7AD151", "#43BF71", "#22A884", "#21918C", "#2A788E", "#355F8D", "#414487",
             "#482878", "#440154", "#22002B"),
}
_CHANCE = ("#E4DCF2", "#C3B1E1", "#9C7FCB", "#7650AE", "#512888", "#2E0A5C")
_SIGNED = ("#08407E", "#2B7BBA", "#85BCDC", "#E8E8E8", "#F4A56F", "#D55E00", "#7F2B00")


def rain_codes(rates: np.ndarray) -> np.ndarray:
    """Rates in mm/h, NaN where unknown -> uint8, on a logarithmic scale from 0.1 to 100 mm/h."""
    share = np.log(np.clip(np.nan_to_num(rates), DRY, _HEAVIEST) / DRY) / np.log(_HEAVIEST / DRY)
    return _coded(rates, share, np.nan_to_num(rates) >= DRY)


def rates_of(codes: np.ndarray) -> np.ndarray:
    """The rates in mm/h that :func:`rain_codes` stands for: 0 where it is dry, NaN where unknown;
    within 1.6 % of what was coded."""
    share = (codes.astype(np.float32) - LEAST) / (MOST - LEAST)
    rates = np.where(codes == NOT_DRAWN, 0.0, DRY * (_HEAVIEST / DRY) ** share)
    return np.where(codes == UNKNOWN, np.nan, rates)


def chance_codes(chances: np.ndarray) -> np.ndarray:
    """Probabilities 0..1, NaN where unknown -> uint8; those under 0.5 % are not drawn."""
    return _coded(chances, np.nan_to_num(chances), np.nan_to_num(chances) >= _LEAST_CHANCE)


def signed_codes(differences: np.ndarray) -> np.ndarray:
    """Differences in mm/h, NaN where unknown -> uint8, by the root of their size up to 20 mm/h;
    those under 0.1 mm/h are not drawn."""
    known = np.nan_to_num(differences)
    size = np.sqrt(np.minimum(np.abs(known), _FARTHEST) / _FARTHEST)
    return _coded(differences, (1 + np.sign(known) * size) / 2, np.abs(known) >= DRY)


def _coded(values: np.ndarray, share: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    codes = np.where(drawn, LEAST + np.rint((MOST - LEAST) * share), NOT_DRAWN)
    return np.where(np.isnan(values), UNKNOWN, codes).astype(np.uint8)


def rain_ramp(colours: str, unit: str = "mm/h") -> Ramp:
    """The scale of :func:`rain_codes`; colours: of :data:`CHOICES`."""
    return _ramp(_RAIN[colours], [(int(rain_codes(np.array(rate))), f"{rate:g}")
                                  for rate in (0.1, 0.5, 2.0, 10.0, 50.0)], unit)


def chance_ramp(unit: str) -> Ramp:
    """The scale of :func:`chance_codes`."""
    return _ramp(_CHANCE, [(int(chance_codes(np.array(share))), f"{share:.0%}")
                           for share in (0.25, 0.5, 0.75)], unit)


def signed_ramp(unit: str) -> Ramp:
    """The scale of :func:`signed_codes`."""
    return _ramp(_SIGNED, [(int(signed_codes(np.array(size))), f"{size:+g}")
                           for size in (-10.0, -2.0, 2.0, 10.0)], unit)


def table(ramp: Ramp) -> np.ndarray:
    """The colour of every byte, uint8 RGB ``[256, 3]``, as the player draws it."""
    stops = _rgb(ramp.colours)
    places = np.linspace(0, 255, len(stops))
    return np.rint(np.stack([np.interp(np.arange(256), places, stops[:, c])
                             for c in range(3)], 1)).astype(np.uint8)


def colour_scale(ramp: Ramp) -> list[list[object]]:
    """The same for a Plotly heat map of bytes from 0 to 255; what is not drawn is clear."""
    first, *others = (k / (len(ramp.colours) - 1) for k in range(len(ramp.colours)))
    clear, half = "rgba(0,0,0,0)", 0.5 / 255
    return [[first, clear], [half, clear], [half, ramp.colours[0]],
            *([place, colour] for place, colour in zip(others, ramp.colours[1:], strict=True))]


def _ramp(colours: Sequence[str], ticks: list[tuple[int, str]], unit: str) -> Ramp:
    """A ramp that shows ``colours`` up to :data:`MOST`, and grey from there on."""
    levels = np.linspace(0, 255, _STOPS)
    scale, anchors = _rgb(colours), np.linspace(0, MOST, len(colours))
    blended = np.stack([np.interp(levels, anchors, scale[:, c]) for c in range(3)], 1)
    steps = ["#{:02x}{:02x}{:02x}".format(*np.rint(colour).astype(int))
             for colour in blended[levels <= MOST]]
    return Ramp([*steps, *[_GREY] * (_STOPS - len(steps))], [*ticks, (UNKNOWN, "?")], unit)


def _rgb(colours: Sequence[str]) -> np.ndarray:
    return np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours],
                    float)
