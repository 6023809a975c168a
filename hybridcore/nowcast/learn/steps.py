"""What pysteps says of the judging events: S-PROG, STEPS, and Lucas-Kanade with its extrapolation.

``python -m hybridcore.nowcast.learn.steps --data CACHE --run RUN``, where pysteps is installed
(``pip install pysteps``: Pulkkinen et al., *Pysteps: an open-source Python library for
probabilistic precipitation nowcasting*, 2019). S-PROG and STEPS get the motion that the networks
get, and fields ten minutes apart. The forecasts of a few starts of every event lie in
``RUN/steps`` then, where :mod:`~hybridcore.nowcast.learn.evaluate` finds them.
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from hybridcore.nowcast.bins import EDGES
from hybridcore.nowcast.learn.samples import Starts, decoded, load
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.training.options import script_parser

_STEP = 10  # minutes
_LEVELS = 6  # of the cascade
_FLOOR = -15.0  # dB of 1 mm/h: dry
METHODS = ("lucas_kanade", "sprog", "steps")

logger = logging.getLogger("hybridcore.training")


def chosen(starts: Starts, count: int) -> list[int]:
    """So many starts of an event, evenly spread."""
    return sorted({round(k) for k in np.linspace(0, len(starts.minute) - 1, count)})


def pysteps_forecasts(starts: Starts, number: int, members: int) -> dict[str, np.ndarray]:
    """Means in mm/h of every method, ``[6, H, W]``, NaN where it knows nothing, and the chance of
    every edge by the members of STEPS, ``[6, 8, H, W]``."""
    from pysteps.extrapolation.semilagrangian import extrapolate
    from pysteps.motion.lucaskanade import dense_lucaskanade
    from pysteps.nowcasts import sprog, steps

    past = decoded(starts.fixed[number, : len(PAST)])  # [4, H, W]
    missing = np.isnan(past)
    decibels = np.where(np.nan_to_num(past) >= EDGES[0],
                        10 * np.log10(np.maximum(np.nan_to_num(past), EDGES[0])), _FLOOR)
    own = starts.velocity[number].astype(float) * _STEP  # px a step
    seen = dense_lucaskanade(np.ma.masked_array(decibels[-3:], missing[-3:]))
    made = {"lucas_kanade": extrapolate(past[-1], seen, len(LEADS), interp_order=1,
                                        allow_nonfinite_values=True)}
    threshold = 10 * np.log10(EDGES[0])
    made["sprog"] = _rates(sprog.forecast(
        decibels[-3:], own, len(LEADS), precip_thr=threshold, n_cascade_levels=_LEVELS))
    ensemble = _rates(steps.forecast(
        decibels[-3:], own, len(LEADS), n_ens_members=members, n_cascade_levels=_LEVELS,
        precip_thr=threshold, kmperpixel=starts.pixel_km, timestep=_STEP, seed=1,
        num_workers=1))  # [members, 6, H, W]
    known = ~np.isnan(ensemble)
    count = np.where(known.any(0), known.sum(0), np.nan)  # [6, H, W]
    made["steps"] = np.nansum(ensemble, 0) / count
    made["steps_exceed"] = np.stack([(ensemble >= edge).sum(0) / count for edge in EDGES], 1)
    return {name: fields.astype(np.float16) for name, fields in made.items()}


def _rates(decibels: np.ndarray) -> np.ndarray:
    return np.where(decibels >= 10 * np.log10(EDGES[0]), 10 ** (decibels / 10),
                    np.where(np.isnan(decibels), np.nan, 0))


def main() -> None:
    parser = script_parser(__doc__, data="folder of the starts", run="where the forecasts go")
    parser.add_argument("--starts", type=int, default=4, help="of every event")
    parser.add_argument("--members", type=int, default=20)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    for folder in sorted((args.data / "judge").iterdir()):
        starts = load(folder)
        for number in chosen(starts, args.starts):
            path: Path = args.run / "steps" / folder.name / f"{number}.npz"
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            made = pysteps_forecasts(starts, number, args.members)
            np.savez(path, allow_pickle=False, members=np.array(args.members), **made)
            logger.info("%s, start %d", folder.name, number)


if __name__ == "__main__":
    main()
