"""The cards of the networks: how right they were on events that none of them learned from.

``python -m hybridcore.nowcast.learn.evaluate --data CACHE --run RUN``: of
:mod:`~hybridcore.nowcast.learn.data` and :mod:`~hybridcore.nowcast.learn.train`. Where
``RUN/steps`` holds what pysteps says of some starts (:mod:`~hybridcore.nowcast.learn.steps`), it is
judged beside the networks on those. The sums of every start stay in ``RUN/judged-KIND.npz``; where
they are, nothing is run again. The cards are written when all kinds are judged.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from hybridcore.cards import WEIGHTS
from hybridcore.device import describe, pick_device
from hybridcore.nowcast.learn.cards import ABOUT, COMMANDS, DATA, LIMITS, STAGES, TRIED
from hybridcore.nowcast.learn.judge import Forecasts, judged
from hybridcore.nowcast.learn.samples import Starts, load, some
from hybridcore.nowcast.moving import LEADS
from hybridcore.nowcast.networks import KINDS, Kind, Nowcaster, NowcasterConfig
from hybridcore.nowcast.scores import CLASSES, Forecast, interval, reliability, scores
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to
from hybridcore.weights import save_weights

# Rows of every method, [starts, 6, K], by event.
Rows = Mapping[str, Mapping[str, np.ndarray]]

FINLAND = ("Finland 2016", "Finland 2017")
_GROUPS = ("all", "pysteps", "fresh")  # of rows, in what is kept
_FRESH = "northern Europe 2018, at which nobody looked before the networks were done"
_EVERY = 2  # times as few starts of these, which are of one day
_SHOWN = ("CSI 0.5", "CSI 1.0", "RMSE")  # in which the networks are to be above Lagrangian
_KEPT = ("CSI 0.1", "CSI 0.5", "CSI 1.0", "CSI 5.0", "mean CSI 0.5", "mean CSI 1.0", "mean CSI 5.0",
         "POD 1.0", "FAR 1.0", "FSS 10 km", "FSS 20 km", "RMSE", "correlation", "CRPS")
_OTHERS = {"lagrangian": "Lagrangian persistence", "single": "the twin without memory"}
_UNITS = {"RMSE": "mm/h", "CRPS": "mm/h"}

logger = logging.getLogger("hybridcore.training")


def rows_of(
    events: Sequence[Starts], networks: Mapping[str, Nowcaster],
    others: Mapping[str, Mapping[int, Forecasts]] | None = None,
) -> dict[str, dict[str, np.ndarray]]:
    """The sums of every method at every start, ``[starts, 6, K]``, by event and method; with
    ``others``, only at the starts of which those say something."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for starts in events:
        more = None if others is None else others.get(starts.event, {})
        made = list(judged(starts, networks, more))
        if made:
            found[starts.event] = {name: np.stack([row[name] for row in made]) for name in made[0]}
        logger.info("%s: %d starts", starts.event, len(made))
    return found


def pysteps_of(folder: Path) -> dict[str, dict[int, Forecasts]]:
    """What :mod:`~hybridcore.nowcast.learn.steps` wrote, by event and start."""
    found: dict[str, dict[int, Forecasts]] = {}
    for path in sorted(folder.glob("*/*.npz")):
        with np.load(path) as kept:
            fields = {name: kept[name].astype(np.float32) for name in kept.files}
        found.setdefault(path.parent.name, {})[int(path.stem)] = {
            name: [Forecast(fields[name][k], fields["steps_exceed"][k] if name == "steps" else None)
                   for k in range(len(LEADS))]
            for name in ("lucas_kanade", "sprog", "steps")}
    return found


def table(rows: Rows, events: Sequence[str]) -> dict[str, dict[str, list[float | None]]]:
    """Of every method every score at every lead, over some events; None: nothing was judged."""
    found: dict[str, dict[str, list[float | None]]] = {}
    for method in rows[events[0]]:
        by_lead = [scores(total) for total in
                   np.sum([rows[event][method].sum(0) for event in events], 0)]
        found[method] = {name: [None if np.isnan(one[name]) else round(one[name], 4)
                                for one in by_lead] for name in _KEPT}
    return found


def metric(
    rows: Rows, events: Sequence[str], split: str, name: str, lead: int, method: str,
    less: str = "",
) -> dict[str, Any]:
    """A row of the card: a score of a method at a lead, or by how much it is above that of another,
    with its interval over events and blocks of starts in them."""
    k = LEADS.index(lead)
    pairs = [np.stack([rows[event][one][:, k] for one in (method, less or method)], 1)
             for event in events]  # [starts, 2, K] each
    pairs = [pair for pair in pairs if pair[..., 0, :].any()]

    def measure(total: np.ndarray) -> float:
        own = scores(total[0])[name]
        return own - scores(total[1])[name] if less else own

    value, low, high = (round(number, 4) for number in interval(pairs, measure))
    title = f"{name}{' mm/h' if name.startswith('CSI') else ''} at {lead} min"
    return {"name": f"{title}, less that of {_OTHERS[less]}" if less else title,
            "split": split, "count": sum(len(pair) for pair in pairs), "value": value,
            "unit": _UNITS.get(name, ""), "interval": [low, high]}


def metrics_of(rows: Rows, kind: Kind, fresh: Rows | None = None) -> list[dict[str, Any]]:
    """What the card of a network says was measured; fresh: rows of what was judged but once."""
    splits: list[tuple[str, Rows, Sequence[str]]] = [
        ("Finland 2016 and 2017, a country not learned from", rows, FINLAND),
        (f"{len(rows)} events not learned from: {', '.join(rows)}", rows, list(rows))]
    if fresh:
        splits.append((f"{len(fresh)} places of {_FRESH}", fresh, list(fresh)))
    found = []
    for split, own, events in splits:
        leads = [lead for lead in LEADS if any(
            own[event][kind][:, LEADS.index(lead)].any() for event in events)]
        for name in (*_SHOWN, "CRPS", "FSS 10 km", "correlation", "CSI 5.0"):
            found += [metric(own, events, split, name, lead, kind)
                      for lead in (10, 30, 60) if lead in leads]
        for name in _SHOWN:
            found += [metric(own, events, split, name, lead, kind, "lagrangian") for lead in leads]
        if kind == "corrector":
            for name in ("CSI 1.0", "CRPS"):
                found += [metric(own, events, split, name, lead, kind, "single") for lead in leads]
            found += [metric(own, events, split, "CSI 5.0", lead, kind, "lagrangian")
                      for lead in leads]
    shown = ("CSI 1.0 mm/h at 30 min", "CSI 1.0 mm/h at 30 min, less that of "
             f"{_OTHERS['lagrangian']}")
    return [{**row, "headline": True} if row["name"] in shown and row["split"] == splits[0][0]
            else row for row in found]


def tables(rows: Rows) -> dict[str, Any]:
    """All scores of all methods, by event, in Finland, and together, with how many starts."""
    groups: dict[str, Sequence[str]] = {event: [event] for event in rows}
    if set(FINLAND) <= set(rows):
        groups["Finland"] = FINLAND
    groups["together"] = list(rows)
    return {name: {"starts": sum(len(next(iter(rows[event].values()))) for event in events),
                   "scores": table(rows, events)} for name, events in groups.items()}


def kept_in(paths: Iterable[Path]) -> tuple[Rows, Rows, Rows]:
    """The rows of sums in the files of all kinds: of all starts, of those of pysteps, and of what
    was judged but once."""
    groups: dict[str, dict[str, dict[str, np.ndarray]]] = {name: {} for name in _GROUPS}
    for path in paths:
        with np.load(path) as kept:
            for name in kept.files:
                group, event, method = name.split("|")
                groups[group].setdefault(event, {})[method] = kept[name]
    every, beside, fresh = groups.values()
    return every, beside, fresh


def network_of(run: Path, kind: Kind) -> Nowcaster:
    """The network that a run kept."""
    made = Nowcaster(config=NowcasterConfig(kind=kind, adapts=kind != "single"))
    made.load_state_dict(load_file(run / f"{kind}.safetensors"))
    return made.eval()


def reliability_rows(total: np.ndarray) -> list[dict[str, float]]:
    """Of every class of the chance of 1 mm/h that was said: its bounds, the share of all pixels,
    the mean of what was said, and how often it came, 0..1."""
    said, came, count = (row.tolist() for row in np.round(reliability(total), 4))
    return [{"from": k / CLASSES, "to": (k + 1) / CLASSES, "share": round(count[k] / sum(count), 4),
             "probability": said[k], "right": came[k]} for k in range(CLASSES) if count[k]]


def main() -> None:
    parser = script_parser(__doc__, data="folder of the starts", run="weights", seed=True)
    parser.add_argument("--every", type=int, default=1, help="of the starts, one is judged")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder of weights and cards")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    args = parser.parse_args()
    log_to(args.run / "evaluate.log")
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    judge, fresh = ([load(folder) for folder in sorted((args.data / split).iterdir())]
                    for split in ("judge", "fresh"))
    others = pysteps_of(args.run / "steps")
    paths = {kind: args.run / f"judged-{kind}.npz" for kind in KINDS}
    for kind in args.kinds:
        if paths[kind].exists():
            continue
        network = {kind: network_of(args.run, kind)}
        np.savez(paths[kind], allow_pickle=False, **{
            f"{group}|{event}|{method}": sums
            for group, judged_rows in zip(_GROUPS, (
                rows_of([some(event, args.every) for event in judge], network),
                rows_of(judge, network, others),
                rows_of([some(event, _EVERY * args.every) for event in fresh], network),
            ), strict=True)
            for event, own in judged_rows.items() for method, sums in own.items()})
    if not all(path.exists() for path in paths.values()):
        return
    rows, beside, once = kept_in(paths.values())
    for kind in KINDS:
        network_kept = network_of(args.run, kind)
        total = np.sum([own[kind].sum((0, 1)) for own in rows.values()], 0)
        save_weights(network_kept, f"nowcast_{kind}", {
            **ABOUT[kind], "config": vars(network_kept.config),
            "training": {"data": DATA, "seed": args.seed,
                         "command": COMMANDS[kind][-1], "before": COMMANDS[kind][:-1],
                         "stages": STAGES,
                         "hardware": describe(pick_device("cpu"))},
            "metrics": metrics_of(rows, kind, once), "limits": LIMITS,
            "reliability": reliability_rows(total),
            **({"tried": TRIED, "skill": tables(rows),
                "beside_pysteps": tables(beside)["together"] if beside else None}
               if kind == "corrector" else {}),
        }, args.out)


if __name__ == "__main__":
    main()
