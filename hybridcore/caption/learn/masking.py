"""Is the attention shown the attention used?

``python -m hybridcore.caption.learn.masking --data FLICKR8K --cache CACHE``

For every word of the sentence that Show, Attend and Tell gives a photograph (beam 5), the cells it
looked at most are taken out, one word at a time: each is replaced by the mean cell of its
photograph. What the word then loses in log-probability, after the same words before it, is held
against what it loses when as many cells at random are taken out. On photographs of Flickr8k's dev
split; the figures go into the card.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hybridcore.caption.decode import beam_search
from hybridcore.caption.learn.data import encode_dev, read_flickr8k
from hybridcore.caption.model import CaptionModel, Reading, decoder_inputs
from hybridcore.caption.networks import load_model
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.vocabulary import END
from hybridcore.cards import load_card, write_card
from hybridcore.encoder.grids import unpack_grid
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

CARD = "caption_attend"
CELLS = 5  # taken out, of 49
DRAWS = 4  # of cells at random, for every word
BEAM = 5

logger = logging.getLogger("hybridcore.training")


@dataclass(frozen=True)
class Lost:
    """Log-probability lost by the T words of one sentence, float32 ``[T]`` each, in nats: without
    the most attended cells, and without random ones (the mean of the draws)."""

    attended: NDArray[np.float32]
    random: NDArray[np.float32]


@torch.inference_mode()
def losses(
    model: CaptionModel, cells: Tensor, rng: np.random.Generator, *,
    count: int = CELLS, draws: int = DRAWS,
) -> Lost:
    """Of one photograph, ``cells [1, L, cell_dim]``, and the sentence generated for it.

    Raises:
        ValueError: if the model has no attention.
    """
    reading = model.read(cells)
    words, _ = beam_search(model, reading, DecodingOptions(beam=BEAM)).sentence(0)
    numbers = torch.from_numpy(words).to(cells.device)
    output = model(reading, decoder_inputs(numbers)[None, None])
    if output.attention is None:
        raise ValueError("This captioner has no attention.")
    plain = numbers[numbers != END]
    most = output.attention[0, 0, : len(plain)].topk(count).indices  # [T, count]
    order = rng.random((draws * len(plain), cells.shape[1])).argsort(1)
    scattered = torch.from_numpy(order[:, :count]).to(cells.device)
    before = _log_probabilities(model, reading, plain)[0]  # [T]
    after = without(model, cells, torch.cat([most, scattered]))
    own = torch.arange(len(plain)).repeat(1 + draws)
    left = _log_probabilities(model, after, plain)[torch.arange(len(own)), own]
    lost = (before - left.view(1 + draws, -1)).cpu().numpy()  # [1 + draws, T]
    return Lost(lost[0], lost[1:].mean(0))


def without(model: CaptionModel, cells: Tensor, taken: Tensor) -> Reading:
    """One photograph ``[1, L, cell_dim]``, M times, with the cells ``taken [M, count]`` given way
    to their mean cell. Each cell is annotated by itself, so that is done once for all."""
    count = cells.shape[1]
    reading = model.read(torch.cat([cells, cells.mean(1, keepdim=True)], 1))
    assert reading.keys is not None
    rows = torch.arange(count, device=cells.device).repeat(len(taken), 1).scatter(1, taken, count)
    return Reading(reading.features[0, rows], reading.keys[0, rows])


def _log_probabilities(model: CaptionModel, reading: Reading, words: Tensor) -> Tensor:
    """``[M, T]`` of ``words [T]``, given each of M photographs."""
    rows = words.expand(len(reading.features), 1, -1)
    log_p = model.log_probabilities(model(reading, decoder_inputs(rows)).readout)
    return log_p.gather(-1, rows[..., None])[:, 0, :, 0]


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of flickr8k.zip", cache="the encoder's grids", seed=True)
    parser.add_argument("--photos", type=int, default=1000, help="of the dev split, from the first")
    args = parser.parse_args()
    log_to(args.cache / "masking.txt")

    dev = read_flickr8k(args.data, "dev")
    grids = encode_dev(dev.photos, args.cache)[: args.photos]
    model, rng = load_model("attend"), np.random.default_rng(args.seed)
    measured = [losses(model, unpack_grid(np.array(grid[None])), rng) for grid in grids]
    weights = np.array([len(one.attended) for one in measured])
    rows = []
    for name, values in {
        f"log-probability lost per word without its {CELLS} most attended cells":
            [one.attended.sum() for one in measured],
        f"the same without {CELLS} random cells": [one.random.sum() for one in measured],
        "difference of the two": [(one.attended - one.random).sum() for one in measured],
    }.items():
        value, *interval = bootstrap(np.array(values), weights)
        rows.append({
            "name": name, "split": f"Flickr8k dev, {len(measured):,} photographs",
            "count": int(weights.sum()), "value": round(value, 4), "unit": "nats",
            "interval": [round(x, 4) for x in interval],
        })
        logger.info("%s", rows[-1])
    card = load_card(CARD)
    names = {row["name"] for row in rows}
    kept = [row for row in card["metrics"] if row["name"] not in names]
    write_card({**card, "metrics": kept + rows})


if __name__ == "__main__":
    main()
