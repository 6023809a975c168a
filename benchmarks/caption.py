"""Captioning: batched beam search against the plain way, photographs a second, the first word."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from benchmarks.timing import line, median_seconds
from hybridcore.answers import finish, shared_model
from hybridcore.caption.decode import beam_search
from hybridcore.caption.model import CaptionModel
from hybridcore.caption.options import MOST_WORDS, DecodingOptions
from hybridcore.caption.predict import Captioner
from hybridcore.caption.system import SYSTEM
from hybridcore.caption.vocabulary import END, START
from hybridcore.command import answer_all
from hybridcore.media.picture import Picture, jpeg, read_picture
from hybridcore.system import At

BEAM = 5
PHOTOS = 32
SMALL, LARGE = "500 x 375, as Flickr's", "4032 x 3024, as a phone's"
SIZES = {SMALL: (375, 500), LARGE: (3024, 4032)}


def photographs(count: int, size: tuple[int, int]) -> list[bytes]:
    """JPEG files with texture of every scale, about as hard to decode as photographs."""
    height, width = size
    files = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        layers = [
            cv2.resize(rng.integers(0, 256, (3 * 2**k, 4 * 2**k, 3), np.uint8), (width, height),
                       interpolation=cv2.INTER_CUBIC).astype(np.float32) / 2**k for k in range(7)
        ]
        picture = np.clip(sum(layers) / 1.98, 0, 255).astype(np.uint8)
        files.append(jpeg(picture, max(size)))
    return files


@torch.inference_mode()
def beam_plainly(model: CaptionModel, cells: Tensor, beams: int) -> tuple[list[int], float]:
    """One photograph, ``cells [49, 2560]``; its grid is read again for every beam at every step.

    The best ended sentence and its log-probability.
    """
    sentences: list[tuple[float, list[int]]] = [(0.0, [START])]
    ended: list[tuple[float, list[int]]] = []
    state = None
    for _ in range(MOST_WORDS):
        reading = model.read(cells.expand(len(sentences), -1, -1))
        words = torch.tensor([[[sentence[-1]]] for _, sentence in sentences])
        step = model(reading, words, state)
        log_p = model.log_probabilities(step.readout[:, 0, 0])  # [K, V]
        total = log_p + torch.tensor([score for score, _ in sentences])[:, None]
        best = total.flatten().topk(beams - len(ended))
        places = [divmod(i, log_p.shape[1]) for i in best.indices.tolist()]
        grown = [
            (score, [*sentences[row][1], word], row)
            for score, (row, word) in zip(best.values.tolist(), places, strict=True)
        ]
        ended += [(score, sentence) for score, sentence, _ in grown if sentence[-1] == END]
        going = [entry for entry in grown if entry[1][-1] != END]
        sentences = [(score, sentence) for score, sentence, _ in going]
        if not going:
            break
        rows = torch.tensor([row for _, _, row in going])
        state = type(step.last)(step.last.h[rows], step.last.c[rows])
    score, sentence = max(ended or sentences, key=lambda pair: pair[0] / len(pair[1][1:]) ** 0.7)
    return sentence[1:], score


def beams(captioner: Captioner, cells: Tensor) -> None:
    """Both searches on the same grids; they must find the same sentences."""
    model, options = captioner.models["attend"], DecodingOptions(beam=BEAM)

    @torch.inference_mode()
    def ours() -> list[list[int]]:
        decoded = beam_search(model, model.read(cells), options)
        return [decoded.sentence(k)[0].tolist() for k in range(len(cells))]

    def plainly() -> list[list[int]]:
        return [beam_plainly(model, photo, BEAM)[0] for photo in cells]

    same = sum(a == b for a, b in zip(ours(), plainly(), strict=True))
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(5):  # by turns, so that a slow moment of the machine meets both
        for name, run in (("ours", ours), ("plain", plainly)):
            start = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - start) / len(cells))
    fast, slow = (float(np.median(times[name])) for name in ("ours", "plain"))
    line(f"beam {BEAM}, {len(cells)} photographs together", f"{1e3 * fast:.1f} ms a photo")
    line("the plain way, one by one", f"{1e3 * slow:.1f} ms a photo",
         f"same sentence for {same} of {len(cells)}")
    line("ratio", f"{slow / fast:.2f} x", "bar 4")


def _answer_all(paths: list[Path], kind: str) -> None:
    for _ in answer_all(SYSTEM, paths, kind, SYSTEM.defaults(kind)):
        pass


def throughput(folder: Path, name: str, files: list[bytes]) -> None:
    """JPEG files to captions, as the command line does it."""
    paths = []
    for number, content in enumerate(files):
        paths.append(folder / f"{number}.jpg")
        paths[-1].write_bytes(content)
    for kind in SYSTEM.kinds:
        seconds = median_seconds(partial(_answer_all, paths, kind.key), 3)
        line(f"JPEG files to captions, {kind.title}, {name}",
             f"{len(paths) / seconds:.1f} photos/s", "bar 20")


def first_word(captioner: Captioner, folder: Path, name: str, content: bytes) -> None:
    """What the page does before a sentence begins to appear, the captioner being loaded."""
    path, kind = folder / "one.jpg", SYSTEM.kinds[0].key
    model: Any = captioner

    def answer() -> None:
        path.write_bytes(content)
        picture = Picture.open(path)
        outputs = captioner.run(picture)
        answer = finish(SYSTEM, model, outputs, picture, kind, SYSTEM.defaults(kind))
        SYSTEM.sentence_view(answer, At())

    line(f"picture to first word, {name}", f"{1e3 * median_seconds(answer, 9):.0f} ms")


def report() -> None:
    """Print everything; about a minute."""
    captioner = shared_model(SYSTEM)
    assert isinstance(captioner, Captioner)
    print(f"\nimage captioning, {torch.get_num_threads()} threads")
    files = {SMALL: photographs(PHOTOS, SIZES[SMALL]), LARGE: photographs(2, SIZES[LARGE]) * 8}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, content in enumerate(files[SMALL]):
            (folder / f"{number}.jpg").write_bytes(content)
        pictures = [read_picture(folder / f"{k}.jpg") for k in range(PHOTOS)]
        beams(captioner, torch.from_numpy(captioner.encode(pictures).cells))
        for size, contents in files.items():
            throughput(folder, size, contents)
        for size, contents in files.items():
            first_word(captioner, folder, size, contents[0])
