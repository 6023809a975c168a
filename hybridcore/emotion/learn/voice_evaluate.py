"""The card of the voice witness: what the folds say of actors that no network of theirs heard.

``--run FOLDER``: of :mod:`~hybridcore.emotion.learn.voice_train`. ``--data``, ``--german``: the
wavs of RAVDESS and of EmoDB. The temperature for the actors of one fold, and from how sure on an
emotion is named, are found on the actors of the other folds, whom their networks did not hear
either; the ones that ship on all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file

from hybridcore.device import describe, pick_device
from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.hearing import CARD, SAID, seven
from hybridcore.emotion.learn.voice_about import ABOUT, DATA, LIMITS
from hybridcore.emotion.learn.voice_data import Voice, emodb, ravdess
from hybridcore.emotion.learn.voice_train import COPIES, logits_of
from hybridcore.emotion.voice import SPOKEN, VoiceConfig, VoiceNet
from hybridcore.training.calibration import calibration_interval, sure_from
from hybridcore.training.options import script_parser
from hybridcore.weights import save_weights

_SAMPLES = 1000
_TEMPERATURES = np.geomspace(0.3, 4, 80)
_SPLIT = "RAVDESS, {} actors, each judged by a network that never heard him or her"
_SEVEN = np.array([EMOTIONS.index(SAID[name]) for name in SPOKEN])

Measure = Callable[[np.ndarray], float]


def uar(hits: np.ndarray, emotions: np.ndarray) -> float:
    """Unweighted average recall."""
    return float(np.mean([hits[emotions == k].mean() for k in np.unique(emotions)]))


def over_speakers(measure: Measure, speakers: np.ndarray) -> tuple[float, float, float]:
    """A measure of rows with its 95 % interval, resampling whole speakers."""
    rng = np.random.default_rng(0)
    rows = [np.flatnonzero(speakers == name) for name in np.unique(speakers)]
    drawn = [measure(np.concatenate([rows[k] for k in rng.integers(0, len(rows), len(rows))]))
             for _ in range(_SAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return measure(np.arange(len(speakers))), float(low), float(high)


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The one under which the labels are likeliest."""
    rows = np.arange(len(labels))
    likely = [seven(logits, t)[rows, labels].mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmax(likely))])


def row(name: str, split: str, count: int, found: tuple[float, float, float],
        **more: Any) -> dict[str, Any]:
    """A row of the card, in percent."""
    value, low, high = (round(100 * share, 2) for share in found)
    return {"name": name, "split": split, "count": count, "value": value, "unit": "%",
            "interval": [low, high], **more}


def gathered(run: Path, kind: str, folds: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits of every clip by the network that did not hear its actor, and the fold of each."""
    logits, fold = np.full((count, len(SPOKEN)), np.nan, np.float32), np.zeros(count, int)
    for number in range(folds):
        with np.load(run / f"{kind}-{number}.npz") as kept:
            logits[kept["rows"]], fold[kept["rows"]] = kept["logits"], number
    if np.isnan(logits).any():
        raise ValueError(f"{kind}: some clips were judged by no fold")
    return logits, fold


def calibrated(
    logits: np.ndarray, labels: np.ndarray, fold: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log probabilities ``[N, 7]`` and limits ``[N]``, each found on the other folds."""
    log_p, cut = np.zeros((len(labels), len(EMOTIONS))), np.zeros(len(labels))
    for number in np.unique(fold):
        own, others = fold == number, fold != number
        t = temperature(logits[others], labels[others])
        log_p[own] = seven(logits[own], t)
        known = seven(logits[others], t)
        cut[own] = sure_from(np.exp(known.max(1)), known.argmax(1) == labels[others])
    return log_p, cut


def rows_of(voices: list[Voice], logits: np.ndarray, twin: np.ndarray,
            fold: np.ndarray) -> list[dict[str, Any]]:
    """What the folds say, against the twin without memory, by emotion and by sex."""
    emotions = np.array([v.emotion for v in voices])
    speakers = np.array([v.speaker for v in voices])
    women, strong = (np.array([getattr(v, name) for v in voices]) for name in ("woman", "strong"))
    split, count = _SPLIT.format(len(set(speakers))), len(voices)
    hits, twins = logits.argmax(1) == emotions, twin.argmax(1) == emotions
    labels = _SEVEN[emotions]
    log_p, cut = calibrated(logits, labels, fold)
    sure, right = np.exp(log_p.max(1)), log_p.argmax(1) == labels
    named = sure >= cut

    def of(measure: Measure, among: np.ndarray | None = None) -> tuple[float, float, float]:
        rows = np.arange(count) if among is None else np.flatnonzero(among)
        return over_speakers(lambda picked: measure(rows[picked]), speakers[rows])

    rows = [
        row("unweighted average recall, 8 emotions", split, count,
            of(lambda k: uar(hits[k], emotions[k])), headline=True),
        row("accuracy, 8 emotions", split, count, of(lambda k: float(hits[k].mean()))),
        row("unweighted average recall, calm as neutral", split, count,
            of(lambda k: uar(right[k], labels[k]))),
        row("unweighted average recall, without recurrence", split, count,
            of(lambda k: uar(twins[k], emotions[k]))),
        row("what recurrence adds to it", f"{split}, paired", count,
            of(lambda k: uar(hits[k], emotions[k]) - uar(twins[k], emotions[k])), unit="points"),
        row("calibration error", f"{split}; temperature from the other folds", count,
            calibration_interval(sure, right, speakers)),
        row("clips of which an emotion is named", f"{split}; limit from the other folds", count,
            of(lambda k: float(named[k].mean()))),
        row("named emotions that are wrong", f"{split}; limit from the other folds",
            int(named.sum()), of(lambda k: float((~right[k]).mean()), named)),
    ]
    for name, among in (("women", women), ("men", ~women), ("said strongly", strong),
                        ("said normally", ~strong)):
        rows.append(row(f"accuracy, {name}", split, int(among.sum()),
                        of(lambda k: float(hits[k].mean()), among)))
    for k, emotion in enumerate(SPOKEN):
        rows.append(row(f"recall, {emotion}", split, int((emotions == k).sum()),
                        of(lambda picked: float(hits[picked].mean()), emotions == k)))
    by = {name: round(100 * float(hits[speakers == name].mean()), 1) for name in set(speakers)}
    rows[1]["speakers"] = dict(sorted(by.items()))
    return rows


def german_rows(network: VoiceNet, voices: list[Voice], t: float) -> list[dict[str, Any]]:
    """What the network of all actors says of another language."""
    log_p = seven(logits_of(network, voices), t)
    labels = _SEVEN[[v.emotion for v in voices]]
    speakers = np.array([v.speaker for v in voices])
    known = np.unique(labels)
    right = known[log_p[:, known].argmax(1)] == labels
    sure, free = np.exp(log_p.max(1)), log_p.argmax(1) == labels
    split = (f"EmoDB, German, {len(set(speakers))} speakers whom it never heard; boredom left out, "
             "surprise never there; clips cut to 2 s")
    return [
        row("transfer: unweighted average recall among 6 emotions", split, len(voices),
            over_speakers(lambda k: uar(right[k], labels[k]), speakers)),
        row("transfer: calibration error", split, len(voices),
            calibration_interval(sure, free, speakers))]


def main() -> None:
    parser = script_parser(__doc__, data="folder of the wavs of RAVDESS", run="what the folds said",
                           cache="log mel bands", seed=True)
    parser.add_argument("--german", type=Path, required=True, help="folder of the wavs of EmoDB")
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--steps", type=int, required=True, help="as the folds were trained")
    args = parser.parse_args()
    torch.set_num_threads(1)
    voices = ravdess(args.data, args.cache)
    logits, fold = gathered(args.run, "bilstm", args.folds, len(voices))
    twin, _ = gathered(args.run, "cnn", args.folds, len(voices))
    labels = _SEVEN[[v.emotion for v in voices]]
    t = temperature(logits, labels)
    known = seven(logits, t)
    network = VoiceNet(config=VoiceConfig())
    network.load_state_dict(load_file(args.run / f"bilstm-{args.folds}.safetensors"))
    network.eval()
    save_weights(network, CARD, {
        **ABOUT, "config": vars(network.config),
        "calibration": {"temperature": round(t, 4), "sure": round(
            sure_from(np.exp(known.max(1)), known.argmax(1) == labels), 4)},
        "training": {
            "data": DATA, "seed": args.seed, "steps": args.steps, "copies": COPIES,
            "command": "python -m hybridcore.emotion.learn.voice_train --data RAVDESS --cache "
                       f"CACHE --run RUN --steps {args.steps} --folds {args.folds}, then "
                       "voice_evaluate and voice_activity with the same data",
            "hardware": describe(pick_device("cpu")),
        },
        "metrics": [*rows_of(voices, logits, twin, fold),
                    *german_rows(network, emodb(args.german, args.cache), t)],
        "limits": LIMITS,
    })


if __name__ == "__main__":
    main()
