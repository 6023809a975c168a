"""How good sentences about shots are, by how a shot is read.

``python -m hybridcore.caption.learn.shots_evaluate --data FLICKR8K --cache CACHE``

The photographs of Flickr8k's dev split as moving, spoilt shots (:mod:`moving`), of which people's
sentences about the photograph are what is known. A shot is read by its middle frame, by the plain
mean of its frames, or by their mean weighted by contrast, which is what the captioner does
(:mod:`hybridcore.caption.shots`); the temperature was chosen on the first 300, and the figures are
of the 300 after them. Differences from the middle frame are paired, shot by shot. They go into the
card of each model.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from hybridcore.caption.learn.data import as_cells, read_flickr8k
from hybridcore.caption.learn.evaluate import Row, ciders
from hybridcore.caption.learn.moving import SeenShots, see_shots
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.predict import SAY, Captioner
from hybridcore.caption.result import Encoding
from hybridcore.caption.seen import Seen
from hybridcore.caption.shots import FRAMES, MIDDLE, mean, shares
from hybridcore.caption.sureness import contrast
from hybridcore.caption.system import SYSTEM
from hybridcore.caption.vocabulary import tokenise
from hybridcore.cards import replace_metrics
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

CHOSEN_ON, MEASURED_ON = slice(300), slice(300, 600)  # shots
SPLIT = "moving, spoilt shots of Flickr8k dev"
AT_ONCE = 50
WAYS = ("middle frame", "plain mean", "mean over frames")

logger = logging.getLogger("hybridcore.training")


def weights_of(way: str, contrasts: np.ndarray) -> np.ndarray:
    """How much each frame weighs, ``[N, F]``, when shots are read in a ``way``."""
    if way == "mean over frames":
        return shares(contrasts)
    if way == "plain mean":
        return np.full(contrasts.shape, 1 / FRAMES, np.float32)
    return np.tile(np.eye(FRAMES, dtype=np.float32)[MIDDLE], (len(contrasts), 1))


def encoding_of(shots: SeenShots, way: str, part: slice) -> Encoding:
    """Some of the shots, read in a ``way``."""
    cells = as_cells(np.array(shots.cells[part])).numpy()  # [N, F, 49, 2560]
    contrasts = np.array([[contrast(frame) for frame in shot] for shot in cells], np.float32)
    weights = weights_of(way, contrasts)
    words, classes = (
        mean(values[part].astype(np.float32).reshape(-1, values.shape[-1]), weights)
        for values in (shots.words, shots.classes))
    nowhere = np.zeros((*words.shape, 1, 1), np.float32)
    return Encoding(mean(cells.reshape(-1, *cells.shape[2:]), weights),
                    Seen(words, classes, nowhere), (contrasts * weights).sum(1), ())


def say_all(
    captioner: Captioner, shots: SeenShots, way: str, part: slice
) -> dict[str, list[str]]:
    """The best sentences of each kind of model about some shots, read in a ``way``; sentences are
    measured however sure they are."""
    said: dict[str, list[str]] = {kind.key: [] for kind in SYSTEM.kinds}
    for at in range(*part.indices(len(shots.cells)))[::AT_ONCE]:
        encoding = encoding_of(shots, way, slice(at, min(at + AT_ONCE, part.stop)))
        for key, sentences in said.items():
            answers = (
                captioner.say(encoding, DecodingOptions(), style="flickr") if key == SAY
                else captioner.caption(encoding.cells, key, DecodingOptions()))
            sentences += [
                next((one.text for one in answer.captions if not one.alone), answer.best.text)
                for answer in answers]
    return said


def difference(each: np.ndarray, base: np.ndarray) -> tuple[float, float, float]:
    """The mean difference of two CIDEr a shot and its interval, paired."""
    return bootstrap(each - base, np.ones(len(each)))


def compared(each: np.ndarray, base: np.ndarray, than: str) -> str:
    """The same in words; than: what ``base`` is of."""
    more, low, high = difference(each, base)
    return (f"CIDEr {each.mean():.4f} on {len(each):,} shots; {more:+.4f} ({low:+.3f} to "
            f"{high:+.3f}) against {than}, paired")


def rows_of(way: str, sentences: Sequence[str], each: np.ndarray, base: np.ndarray) -> list[Row]:
    """The figures of a way; each, base: CIDEr a shot, this way's and the middle frame's."""
    value, low, high = bootstrap(each, np.ones(len(each)))
    rows: list[dict[str, Any]] = [
        {"name": f"CIDEr, {way}", "value": round(value, 4), "interval": [low, high]},
        {"name": f"different words, {way}",
         "value": len({word for text in sentences for word in tokenise(text)})}]
    if each is not base:
        more, low, high = difference(each, base)
        rows.append({"name": f"CIDEr, {way}, more than the middle frame", "value": round(more, 4),
                     "interval": [low, high]})
    for row in rows:
        row |= {"split": SPLIT, "count": len(each)}
        if "interval" in row:
            row["interval"] = [round(side, 3) for side in row["interval"]]
    return rows


def main() -> None:
    parser = script_parser(__doc__, data="folder of flickr8k.zip", cache="what was read, and log")
    args = parser.parse_args()
    log_to(args.cache / "shots_evaluate.txt")
    dev = read_flickr8k(args.data, "dev")
    shots, captioner = see_shots(dev.photos, args.cache), Captioner.load("cpu")
    people = dev.captions[MEASURED_ON]
    said = {way: say_all(captioner, shots, way, MEASURED_ON) for way in WAYS}
    for kind in SYSTEM.kinds:
        rows: list[Row] = []
        each = {way: ciders(said[way][kind.key], people) for way in WAYS}
        for way in WAYS:
            rows += rows_of(way, said[way][kind.key], each[way], each[WAYS[0]])
        for row in rows:
            logger.info("%s %s", kind.key, row)
        replace_metrics(kind.card, SPLIT, rows)


if __name__ == "__main__":
    main()
