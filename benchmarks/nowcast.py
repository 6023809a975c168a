"""Rain in the next hour: 256 x 256 pixels, whole, beside pysteps where that is installed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import numpy as np

from benchmarks.timing import line, median_seconds
from hybridcore.cores import core_count
from hybridcore.media.radar import RadarSequence
from hybridcore.nowcast.made_rain import STEP, band
from hybridcore.nowcast.motion import motion
from hybridcore.nowcast.moving import LEADS, past_fields
from hybridcore.nowcast.networks import KINDS, foretell, load
from hybridcore.nowcast.predict import RainForecaster

_SIDE, _FIELDS, _MEMBERS = 256, 13, 20  # px; an hour of fields; of STEPS
_REPEATS = 3


def report() -> None:
    """Print what each takes; half a minute, two with pysteps."""
    rain = np.stack(band())[:_FIELDS]
    rates = np.tile(rain, (1, 3, 3))[:, :_SIDE, :_SIDE]
    minutes = STEP * np.arange(_FIELDS, dtype=np.float64)
    source = RadarSequence(
        Path("made"), "made", rates, minutes, None, STEP, 2.0, "made", "", None, ())
    forecaster, network = RainForecaster.load("cpu"), load("corrector")
    print(f"nowcast, {_SIDE} x {_SIDE} px, an hour ahead, {core_count()} cores")

    def corrected() -> None:
        velocity = motion(source.rates, source.step)
        foretell(network, past_fields(source.rates, source.minutes, velocity))

    _timed("motion and one network", corrected, "1 s")
    _timed(f"motion and all {len(KINDS)} networks, carried to every field", lambda: forecaster.
           finish(forecaster.run(source, hide="0"), source, "corrector"), "1 s")
    if find_spec("pysteps") is not None:
        _beside_pysteps(source)


def _beside_pysteps(source: RadarSequence) -> None:
    from pysteps.extrapolation.semilagrangian import extrapolate
    from pysteps.motion.lucaskanade import dense_lucaskanade
    from pysteps.nowcasts import sprog, steps

    last = 10 * np.log10(np.maximum(source.rates[-5::2], 0.03)).astype(float)  # dB, 10 min apart
    seen = dense_lucaskanade(last)
    how = {"precip_thr": -10.0, "n_cascade_levels": 6}
    _timed("pysteps: Lucas-Kanade and extrapolation", lambda: extrapolate(
        source.rates[-1], dense_lucaskanade(last), len(LEADS)))
    _timed("pysteps: S-PROG", lambda: sprog.forecast(last, seen, len(LEADS), **how))
    _timed(f"pysteps: STEPS, {_MEMBERS} members", lambda: steps.forecast(
        last, seen, len(LEADS), n_ens_members=_MEMBERS, kmperpixel=2.0, timestep=10, seed=1, **how))


def _timed(name: str, run: Callable[[], object], bar: str = "") -> None:
    with redirect_stdout(StringIO()):  # pysteps tells of every step
        seconds = median_seconds(run, _REPEATS)
    line(name, f"{seconds:.2f} s", bar)
