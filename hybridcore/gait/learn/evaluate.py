"""How well people are recognised by their walk.

``python -m hybridcore.gait.learn.evaluate --data KINECT --cache CACHE``

On rendered walks of 34 people who were not seen in training. Gallery: walks 1 to 3, normal. Probes:
walk 4 and later, normal, with a bag, in a coat. Every view is a gallery for every view, 11 x 11;
*same view* is the diagonal, *across views* the mean of the rest. As in CASIA-B, a camera stands at
each view and everybody walks the same way; a harder set has cameras of any height and distance, a
few degrees off, and walks either way. These figures are of the motion with the body that the
renderer invents once per person; *by motion alone* it invents another for each walk. The
silhouettes have the faults of background subtraction, in one set those of a network's masks. The
threshold of the open set is chosen on the validation people. The figures complete the cards.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from hybridcore.cards import load_card, write_card
from hybridcore.gait.identification import distances
from hybridcore.gait.learn.body import CONDITIONS
from hybridcore.gait.learn.metrics import (
    equal_error,
    open_set,
    person_distances,
    ranks,
    roc,
    threshold_at,
)
from hybridcore.gait.learn.skeleton import read_walks
from hybridcore.gait.learn.walks import FRAMES, Clips, Recipe, render_clips, split_people
from hybridcore.gait.model import KINDS, VIEWS
from hybridcore.gait.networks import load_model
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

GALLERY = (1, 2, 3)
PLAIN = "gait energy image and nearest neighbour"
LOOKS = (1, 2, 4, 8, 16, 24, 32, 48)  # frames after which evidence is measured
SPLIT = "34 unseen people, rendered"
MOTION_ALONE = ", by motion alone (body drawn anew for each walk)"
FALSE_ACCEPTED = 0.10  # of people who are not enrolled, at the threshold of the page
_AT_ONCE = 16  # clips

logger = logging.getLogger("hybridcore.training")
Row = dict[str, Any]
Evidence = dict[str, np.ndarray]  # of each method: [N, looks, D]


@dataclass(frozen=True)
class Identified:
    """Rank of the true person for each pair of a gallery view and a probe.

    rank int ``[11, P]``; person and view int ``[P]`` of the probes.
    """

    rank: np.ndarray
    person: np.ndarray
    view: np.ndarray

    def right(self, k: int) -> np.ndarray:
        """Share right among the first ``k``, by gallery and probe view, ``[11, 11]``."""
        hit = self.rank < k
        return np.stack([hit[:, self.view == v].mean(1) for v in range(len(VIEWS))], 1)

    def row(self, name: str, k: int, *, same: bool) -> Row:
        """The figure as a card holds it, in %, with its interval over people."""
        chosen = (np.arange(len(VIEWS))[:, None] == self.view) == same  # [11, P]
        hits = ((self.rank < k) & chosen).sum(0)
        people = np.unique(self.person)
        sums, counts = (
            np.array([v[self.person == p].sum() for p in people], float)
            for v in (hits, chosen.sum(0)))
        return share_row(name, SPLIT, sums, counts)


def identify(features: np.ndarray, clips: Clips, condition: int,
             gallery_features: np.ndarray | None = None) -> Identified:
    """Probes of one condition against the normal gallery of every view in turn.

    ``features``: ``[N, D]`` of the clips; ``gallery_features`` those of the gallery, if others.
    """
    gallery_features = features if gallery_features is None else gallery_features
    probe = ~np.isin(clips.number, GALLERY) & (clips.condition == condition)
    rank_by_view = []
    for view in range(len(VIEWS)):
        nearest = nearest_people(features[probe], gallery_features, clips, view)
        rank_by_view.append(ranks(nearest, clips.person[probe]))
    return Identified(np.stack(rank_by_view), clips.person[probe], clips.view[probe])


def nearest_people(
    probes: np.ndarray, gallery: np.ndarray, clips: Clips, view: int
) -> np.ndarray:
    """Distance of each probe to each person's normal gallery walks in one view, ``[P, people]``."""
    enrolled = np.isin(clips.number, GALLERY) & (clips.condition == 0) & (clips.view == view)
    return person_distances(distances(probes, gallery[enrolled]), clips.person[enrolled],
                            int(clips.person.max()) + 1)


@torch.inference_mode()
def gather(clips: Clips, looks: Sequence[int] = LOOKS) -> tuple[Evidence, np.ndarray]:
    """Evidence of every method after each of ``looks`` frames, and the view that the LSTM gives at
    the end, ``[N]``.

    The CNN under LSTM, set pool and mean is one (they learned together), so it is run once.
    """
    nets = {kind: load_model(kind) for kind in KINDS}
    at = [look - 1 for look in looks]
    parts: dict[str, list[np.ndarray]] = {name: [] for name in (*KINDS, PLAIN)}
    views = []
    for start in range(0, len(clips), _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, len(clips)))
        pictures = torch.from_numpy(clips.silhouettes[rows]).float() / 255  # [B, T, 64, 44]
        counts = torch.arange(1, pictures.shape[1] + 1)[:, None, None]
        energy = (pictures.cumsum(1) / counts)[:, at]
        inputs = nets["lstm"].frames(pictures)
        outputs = {kind: nets[kind].follow(inputs) for kind in ("lstm", "set", "mean")}
        for kind, output in outputs.items():
            parts[kind].append(output.embedding[:, at].numpy())
        parts["gei"].append(nets["gei"].follow(nets["gei"].frames(energy)).embedding.numpy())
        parts[PLAIN].append(energy.flatten(2).numpy())
        views.append(outputs["lstm"].view_logits[:, -1].argmax(-1).numpy())
    return {name: np.concatenate(part) for name, part in parts.items()}, np.concatenate(views)


def rank_rows(features: np.ndarray, clips: Clips, *, note: str = "") -> list[Row]:
    """Rank 1 and 5 of every condition in the set, same view and across views."""
    rows = []
    for condition in np.unique(clips.condition):
        identified = identify(features, clips, int(condition))
        for k in (1, 5):
            for same, where in ((True, "same view"), (False, "across views")):
                name = f"rank-{k}, {where}, {CONDITIONS[condition]}{note}"
                rows.append(identified.row(name, k, same=same))
    return rows


def frame_rows(evidence: np.ndarray, clips: Clips) -> list[Row]:
    """Rank 1 of normal probes of which only the first frames were seen."""
    return [
        identify(evidence[:, i], clips, 0, evidence[:, -1]).row(
            f"rank-1, {where}, after {look} frame{'s' * (look > 1)}", 1, same=same)
        for i, look in enumerate(LOOKS[:-1])
        for same, where in ((True, "same view"), (False, "across views"))
    ]


def open_set_distances(features: np.ndarray, clips: Clips) -> tuple[np.ndarray, np.ndarray]:
    """``known`` and ``unknown`` (:func:`open_set`) of the normal probes, gallery in their view."""
    parts = []
    for view in range(len(VIEWS)):
        probe = ~np.isin(clips.number, GALLERY) & (clips.condition == 0) & (clips.view == view)
        nearest = nearest_people(features[probe], features, clips, view)
        parts.append(open_set(nearest, clips.person[probe]))
    known, unknown = (np.concatenate(part) for part in zip(*parts, strict=True))
    return known, unknown


def decide(
    chosen_on: tuple[np.ndarray, Clips], test: tuple[np.ndarray, Clips]
) -> dict[str, Any]:
    """The threshold, from features ``[N, D]`` and clips of the validation people, and what it does
    to the test people; entries of a card."""
    threshold = threshold_at(*open_set_distances(*chosen_on), FALSE_ACCEPTED)
    known, unknown = open_set_distances(*test)
    _, error = equal_error(known, unknown)
    shares = {
        "open set, equal error rate": error,
        "open set, known and rightly named at the threshold": float((known <= threshold).mean()),
        "open set, nobody known but accepted at the threshold":
            float((unknown <= threshold).mean()),
    }
    thresholds, right, false = roc(known, unknown)
    points = np.searchsorted(false, [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.99])
    points = np.minimum(points, len(false) - 1)
    return {
        "threshold": round(threshold, 4), "distance": "euclidean, of unit embeddings",
        "threshold_chosen_on": f"validation people: {FALSE_ACCEPTED:.0%} of those who are not "
                               "enrolled are accepted there",
        "metrics": [
            {"name": name, "split": f"{SPLIT}, normal, same view", "count": len(known),
             "value": round(100 * share, 2), "unit": "%"} for name, share in shares.items()],
        "roc": [{"threshold": round(float(thresholds[i]), 4), "accepted": round(float(right[i]), 4),
                 "false": round(float(false[i]), 4)} for i in points],
    }


def view_rows(views: np.ndarray, clips: Clips) -> list[Row]:
    """How often the view is right, and how often within one step."""
    away = np.abs(views - clips.view)
    return [
        {"name": f"view right {how}", "split": SPLIT, "count": len(away), "unit": "%",
         "value": round(100 * float((away <= slack).mean()), 2)}
        for slack, how in ((0, "(of 11)"), (1, "within one step (18 degrees)"))
    ]


def mark_headlines(rows: list[Row]) -> list[Row]:
    """The figures that the table of models shows."""
    for row in rows:
        if row["name"] in ("rank-1, same view, normal", "rank-1, across views, normal"):
            row["headline"] = True
    return rows


def main() -> None:
    parser = script_parser(__doc__, data="folder of kinect-gait.zip", cache="rendered silhouettes")
    args = parser.parse_args()
    log_to(args.cache / "evaluate.txt")

    walks = read_walks(args.data)
    split = split_people([walk.person for walk in walks])
    test, redrawn, chosen_on, hard, masked = (
        render_clips(walks, people, args.cache / name, recipe) for name, people, recipe in (
            ("installed", split.test, Recipe(plain_until=GALLERY[-1], installed=LOOKS[-1])),
            ("redrawn", split.test, Recipe((0,), redrawn=True, installed=LOOKS[-1])),
            ("validation", split.validation, Recipe((0,), installed=LOOKS[-1])),
            ("any_camera", split.test, Recipe((0,))),
            ("masked", split.test, Recipe((0,), installed=LOOKS[-1], segmentation="network")),
        ))
    evidence, views = gather(test)
    last = LOOKS[-1:]
    aside = {
        MOTION_ALONE: (gather(redrawn, last)[0], redrawn),
        ", faults of a network's masks": (gather(masked, last)[0], masked),
        f", any camera, either way, {FRAMES} frames": (gather(hard, (FRAMES,))[0], hard),
    }
    chosen, _ = gather(chosen_on, last)

    def rows_of(name: str) -> list[Row]:
        rows = rank_rows(evidence[name][:, -1], test)
        for note, (other, clips) in aside.items():
            rows += rank_rows(other[name][:, -1], clips, note=note)
        return mark_headlines(rows + frame_rows(evidence[name], test))

    for kind in KINDS:
        answer = decide((chosen[kind][:, -1], chosen_on), (evidence[kind][:, -1], test))
        card = {
            **load_card(f"gait_{kind}"), **answer, "metrics": rows_of(kind) + answer["metrics"],
            "tables": {
                f"rank-1 {condition}, gallery view by probe view":
                    identify(evidence[kind][:, -1], test, i).right(1).round(3).tolist()
                for i, condition in enumerate(CONDITIONS)
            },
        }
        if kind == "lstm":
            card["metrics"] += view_rows(views, test)
        if kind == "gei":
            card["baseline"] = {"name": PLAIN, "metrics": rows_of(PLAIN)}
        for row in card["metrics"]:
            logger.info("%s %s", kind, row)
        write_card(card)
    for row in rows_of(PLAIN):
        logger.info("%s %s", PLAIN, row)


if __name__ == "__main__":
    main()
