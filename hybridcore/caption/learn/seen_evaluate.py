"""How good "see, then say" is, beside the attention model, at home and elsewhere.

``python -m hybridcore.caption.learn.seen_evaluate --data FLICKR8K --coco COCO --cache CACHE``

COCO holds photographs that no model learned from: ``images/ID.jpg``, ``captions_val2017.json``,
``labels/ID.txt`` (class number, then the box; a line an object). Flickr8k's dev split is home to
the attention model. Three ways to answer are compared: the attention model, see and say, and the
attention model's sentence where the words confirm it. The figures complete the cards.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hybridcore.caption.learn.chair import OBJECTS, hallucination
from hybridcore.caption.learn.data import read_flickr8k
from hybridcore.caption.learn.evaluate import Row, coco_scores
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.predict import Captioner
from hybridcore.caption.seen import SeenWord
from hybridcore.caption.speak import NAME, Speaker
from hybridcore.caption.vocabulary import tokenise
from hybridcore.cards import load_card, write_card
from hybridcore.encoder.words import WORDS_NAME
from hybridcore.media.picture import read_picture
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

SURE = (0.5, 0.7)  # probabilities at which objects are measured

logger = logging.getLogger("hybridcore.training")


@dataclass(frozen=True)
class Photos:
    """Photographs with what people wrote, and the objects that have boxes (None: unknown)."""

    name: str
    style: str
    paths: tuple[Path, ...]
    captions: tuple[tuple[str, ...], ...]
    boxes: tuple[set[str], ...] | None = None


def read_coco(root: Path) -> Photos:
    """The photographs of ``root`` that have captions."""
    captions = defaultdict(list)
    for row in json.loads((root / "captions_val2017.json").read_text())["annotations"]:
        captions[row["image_id"]].append(row["caption"])
    paths = sorted(p for p in (root / "images").iterdir() if int(p.stem) in captions)
    return Photos(
        "COCO val2017", "coco", tuple(paths), tuple(tuple(captions[int(p.stem)]) for p in paths),
        tuple(_boxes(root / "labels" / f"{p.stem}.txt") for p in paths))


def _boxes(path: Path) -> set[str]:
    lines = path.read_text().splitlines() if path.exists() else []
    return {OBJECTS[int(line.split()[0])] for line in lines}


def answers(
    photos: Photos, captioner: Captioner
) -> tuple[list[tuple[SeenWord, ...]], dict[str, list[str]]]:
    """What was seen in each photograph, and each way's sentences."""
    seer, speaker = captioner.seer, captioner.speaker
    seen: list[tuple[SeenWord, ...]] = []
    ways: dict[str, list[str]] = {
        "Show, Attend and Tell": [], "see and say": [], "confirmed, else see and say": []}
    attended, said, confirmed = ways.values()
    for at in range(0, len(photos.paths), 32):
        pictures = [read_picture(path) for path in photos.paths[at : at + 32]]
        encoding, options = captioner.encode(pictures), DecodingOptions()
        words = seer.words_in(encoding.seen)
        seen += words
        attended += [
            one.best.text for one in captioner.caption(encoding.cells, "attend", options)]
        heard = [speaker.hearer.choose(one) for one in words]
        contrasts = encoding.contrasts.tolist()
        said += [  # sentences are measured however sure they are
            next((one.text for one in answer.captions if not one.alone), answer.best.text)
            for answer in speaker.speak(heard, contrasts, options, style=photos.style)]
        for k in range(at, at + len(pictures)):
            keep = speaker.hearer.confirms(seen[k], tokenise(attended[k]))
            confirmed.append(attended[k] if keep else said[k])
    return seen, ways


def measure(photos: Photos, ways: dict[str, list[str]], speaker: Speaker) -> list[Row]:
    """The figures of each way."""
    rows: list[Row] = []
    for way, sentences in ways.items():
        figures = [row for row in coco_scores(sentences, photos.captions)
                   if row["name"] in ("BLEU-4", "CIDEr")]
        words = len({word for text in sentences for word in tokenise(text)})
        figures.append({"name": "different words", "value": words})
        if photos.boxes is not None:
            chair = hallucination(
                sentences, photos.captions, photos.boxes, speaker.vocabulary, speaker.concepts)
            figures += [
                {"name": "CHAIR-i", "value": round(chair.wrong, 3)},
                {"name": "all objects right", "value": round(chair.all_right, 3)},
                {"name": "main objects named", "value": round(chair.main_named, 3)},
            ]
        rows += [{**row, "name": f"{row['name']}, {way}", "split": photos.name,
                  "count": len(sentences)} for row in figures]
    return rows


def object_rows(photos: Photos, seen: Sequence[Sequence[SeenWord]]) -> list[Row]:
    """Precision and recall of the 80 objects by their boxes."""
    assert photos.boxes is not None
    rows: list[Row] = []
    for least in SURE:
        right = named = 0
        for words, boxed in zip(seen, photos.boxes, strict=True):
            found = {w.name for w in words if w.probability >= least} & set(OBJECTS)
            right, named = right + len(found & boxed), named + len(found)
        shares = {"precision": right / max(1, named),
                  "recall": right / sum(map(len, photos.boxes))}
        rows += [{"name": f"{name} of the 80 objects at {least}", "split": photos.name,
                  "count": len(seen), "value": round(value, 3)} for name, value in shares.items()]
    return rows


def main() -> None:
    parser = script_parser(__doc__, data="folder of flickr8k.zip", cache="log and sentences")
    parser.add_argument("--coco", type=Path, required=True, help="see above")
    args = parser.parse_args()
    log_to(args.cache / "seen_evaluate.txt")
    captioner = Captioner.load("cpu")
    dev = read_flickr8k(args.data, "dev")
    rows: dict[str, list[Row]] = {NAME: [], WORDS_NAME: []}
    for photos in (
        read_coco(args.coco), Photos("Flickr8k dev", "flickr", dev.photos, dev.captions),
    ):
        seen, ways = answers(photos, captioner)
        rows[NAME] += measure(photos, ways, captioner.speaker)
        if photos.boxes is not None:
            rows[WORDS_NAME] += object_rows(photos, seen)
        for way, sentences in ways.items():
            name = f"{photos.name} {way}.txt".replace(" ", "_")
            np.savetxt(args.cache / name, sentences, fmt="%s")
    for name, figures in rows.items():
        for figure in figures:
            logger.info("%s %s", name, figure)
        names = {(row["name"], row["split"]) for row in figures}
        kept = [row for row in load_card(name).get("metrics", [])
                if (row["name"], row["split"]) not in names]
        write_card({**load_card(name), "metrics": figures + kept})


if __name__ == "__main__":
    main()
