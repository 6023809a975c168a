"""Steps and identity on silhouettes of real bodies: those of a depth camera.

``python -m hybridcore.gait.learn.depth --data DEPTH``

UTD-MHAD (Chen, Jafari & Kehtarnavaz, ICIP 2015): 8 people, 4 trials of each action, 240 x 320 at 30
frames a second, seen from ahead, the person already cut out. Two actions are steps on the spot (22
jogs, 23 walks); in fifteen only arms move, so there no step may be found. The networks learned from
none of these people. The figures join the cards.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat

from hybridcore.cards import load_card, write_card
from hybridcore.gait.align import align
from hybridcore.gait.clean import find_people
from hybridcore.gait.energy import gait_energy
from hybridcore.gait.evidence import identify
from hybridcore.gait.identification import distances
from hybridcore.gait.learn.metrics import person_distances, ranks
from hybridcore.gait.measures import find_rhythm
from hybridcore.gait.model import KINDS, GaitNet
from hybridcore.gait.networks import load_model
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser

RATE = 30.0
WALKS, JOGS = 23, 22
ARMS = (*range(1, 12), 13, 16, 18, 19)  # swipes, waves, claps, drawings in the air...
GALLERY = (1, 2)  # trials
SET = "UTD-MHAD depth, 8 people"

logger = logging.getLogger("hybridcore.training")


def read_silhouettes(path: Path) -> np.ndarray:
    """The person in a file of depth: aligned, uint8 ``[T, 64, 44]``; frames without one are left
    out."""
    depth = loadmat(path)["d_depth"]  # [H, W, T], 0 where nobody is
    nothing = np.zeros(depth.shape[:2], np.uint8)
    found = []
    for t in range(depth.shape[2]):
        people = find_people(np.where(depth[..., t] > 0, np.uint8(255), np.uint8(0)), nothing)
        if people:
            found.append(max(people, key=lambda person: person.height).silhouette)
    return np.array(found, np.uint8).reshape(-1, *align(nothing[None]).shape[1:])


def read_all(folder: Path) -> dict[tuple[int, int, int], np.ndarray]:
    """Silhouettes by action, person and trial."""
    clips = {}
    for path in sorted(folder.glob("a*_s*_t*_depth.mat")):
        action, person, trial = map(int, re.findall(r"\d+", path.stem))
        if action in (WALKS, JOGS, *ARMS):
            clips[action, person, trial] = read_silhouettes(path)
    return clips


def step_rows(clips: dict[tuple[int, int, int], np.ndarray]) -> list[dict[str, Any]]:
    """How often steps are found, in clips with and without."""
    rows = []
    for name, actions in (("walking on the spot", (WALKS,)), ("jogging on the spot", (JOGS,)),
                          ("only arms move, so there are none", ARMS)):
        own = {key: clip for key, clip in clips.items() if key[0] in actions}
        people = sorted({person for _, person, _ in own})
        hits = [[find_rhythm(clip, np.arange(len(clip)) / RATE).step is not None
                 for (_, who, _), clip in own.items() if who == person] for person in people]
        rows.append(share_row(f"steps found, {name}", SET, np.array([sum(h) for h in hits], float),
                              np.array([len(h) for h in hits], float)))
    return rows


def rank_row(
    clips: dict[tuple[int, int, int], np.ndarray], features: dict[tuple[int, int, int], np.ndarray]
) -> dict[str, Any]:
    """Rank 1 of people who walk on the spot, later trials against the first ones."""
    keys = [key for key in clips if key[0] == WALKS]
    enrolled = [key for key in keys if key[2] in GALLERY]
    probes = [key for key in keys if key[2] not in GALLERY]
    people = sorted({person for _, person, _ in keys})
    owner, true = (np.array([people.index(person) for _, person, _ in part])
                   for part in (enrolled, probes))
    away = distances(*(np.stack([features[key] for key in part]) for part in (probes, enrolled)))
    right = ranks(person_distances(away, owner, len(people)), true) == 0
    return share_row(
        "rank-1, walking on the spot, seen from ahead", f"{SET}, trials 3 and 4 against 1 and 2",
        np.array([right[true == person].sum() for person in range(len(people))], float),
        np.array([(true == person).sum() for person in range(len(people))], float))


def main() -> None:
    parser = script_parser(__doc__, data="folder data/Depth of UTD-MHAD")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    clips = read_all(args.data)
    walks = {key: clip for key, clip in clips.items() if key[0] == WALKS}
    models: dict[str, GaitNet] = {kind: load_model(kind) for kind in KINDS}
    read = {key: identify(models, clip, np.arange(len(clip)) / RATE)
            for key, clip in walks.items()}
    steps = step_rows(clips)
    plain = rank_row(clips, {key: gait_energy(clip).ravel() for key, clip in walks.items()})
    logger.info("pixels of the energy image %s", plain)
    for kind in KINDS:
        rows = [rank_row(clips, {key: found[kind].embedding for key, found in read.items()})]
        if kind == "lstm":
            rows += steps
        card = load_card(f"gait_{kind}")
        kept = [row for row in card["metrics"] if not row["split"].startswith(SET)]
        card["metrics"] = kept + rows
        if kind == "gei":
            kept = [row for row in card["baseline"]["metrics"]
                    if not row["split"].startswith(SET)]
            card["baseline"]["metrics"] = [*kept, plain]
        for row in rows:
            logger.info("%s %s", kind, row)
        write_card(card)


if __name__ == "__main__":
    main()
