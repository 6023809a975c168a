"""Train the sentence model that hears words.

``python -m hybridcore.caption.learn.say_train --data TEXT --cache CACHE --run RUN --minutes 6``

Text alone: what TEXT holds says :mod:`hybridcore.caption.learn.sentences`. On a GPU if there is
one. Measured by ``python -m hybridcore.caption.learn.seen_evaluate``.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from hybridcore.caption.compounds import merge
from hybridcore.caption.concepts import NO_CONCEPT, Concepts
from hybridcore.caption.learn.hearing import Sentences, Text, batches
from hybridcore.caption.learn.lexicon import concepts_of, rare_names
from hybridcore.caption.learn.sentences import STYLES, Group, read_groups
from hybridcore.caption.model import decoder_inputs
from hybridcore.caption.say import COUNTS, NOTHING, Say, SayConfig
from hybridcore.caption.vocabulary import END, LEAST_COUNT, MARKS, PADDING, UNKNOWN, Vocabulary
from hybridcore.device import describe, pick_device
from hybridcore.text import listed
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.weights import save_weights

NAME = "caption_say"
MOST_WORDS = 22
MOST_CONCEPTS = 10  # of a sentence
SMOOTHING = 0.1
MANY = set(listed(
    "two three four five six several many some few"))
ONE = set(["a", "an", "one", "another"])

logger = logging.getLogger("hybridcore.training")


def prepare(groups: Sequence[Group]) -> tuple[Vocabulary, Concepts, Text, list[str]]:
    """Words, concepts, the sentences as numbers, and the words that are never said."""
    merged = [(g.style, [merge(s) for s in g.sentences]) for g in groups]
    counts = Counter(w for _, sentences in merged for s in sentences for w in s)
    kept = sorted((w for w, n in counts.items() if n >= LEAST_COUNT), key=lambda w: (-counts[w], w))
    vocabulary = Vocabulary((*MARKS, *kept))
    found = concepts_of(s for _, sentences in merged for s in sentences)
    kinds = dict(sorted({found[w] for w in kept if w in found}))
    names = {name: i for i, name in enumerate(kinds)}
    of_word = tuple(
        names[found[w][0]] if w in found else NO_CONCEPT for w in vocabulary.words)
    concepts = Concepts(tuple(names), tuple(kinds.values()), of_word)
    never = rare_names(
        (s for _, sentences in merged for s in sentences), kept, found.keys() & set(kept))
    return vocabulary, concepts, _numbers(merged, vocabulary, concepts), never


def _numbers(
    merged: Sequence[tuple[str, list[tuple[str, ...]]]], vocabulary: Vocabulary,
    concepts: Concepts,
) -> Text:
    total = sum(len(sentences) for _, sentences in merged)
    words = np.full((total, MOST_WORDS + 1), PADDING, np.int16)
    own = np.full((total, 2, MOST_CONCEPTS), NOTHING, np.int16)
    group, style = np.zeros(total, np.int32), np.zeros(total, np.int8)
    row = 0
    for number, (name, sentences) in enumerate(merged):
        for sentence in sentences:
            numbers = [vocabulary.numbers.get(w, UNKNOWN) for w in sentence]
            target = [*numbers, END][: MOST_WORDS + 1]
            words[row, : len(target)] = target
            heard = _own(sentence, numbers, concepts)
            own[row, :, : len(heard)] = np.array(heard, np.int16).reshape(-1, 2).T
            group[row], style[row] = number, STYLES.index(name)
            row += 1
    return Text(words, own, group, style, concepts.needs_support)


def _own(
    sentence: Sequence[str], numbers: Sequence[int], concepts: Concepts
) -> list[tuple[int, int]]:
    """Concepts of a sentence with their counts."""
    found: dict[int, int] = {}
    for i, number in enumerate(numbers):
        concept = concepts.of_word[number]
        if concept != NO_CONCEPT:
            before = set(sentence[max(0, i - 2) : i])
            plural = sentence[i] not in (concepts.names[concept],) and sentence[i].endswith("s")
            many = plural or sentence[i] in ("men", "women", "people", "children") or before & MANY
            count = "many" if many else "one" if before & ONE else "unknown"
            found.setdefault(concept, COUNTS.index(count))
    return list(found.items())[:MOST_CONCEPTS]


def loss_of(model: Say, batch: Sentences, device: torch.device) -> torch.Tensor:
    """Cross entropy of all words but UNKNOWN."""
    words = batch.words.to(device)
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        memory = model.read(batch.heard.to(device))
        logits = model(memory, decoder_inputs(words.clamp(min=0)))
    targets = (words != PADDING) & (words != UNKNOWN)
    return F.cross_entropy(logits[targets].float(), words[targets], label_smoothing=SMOOTHING)


def train(
    text: Text, concepts: Concepts, vocabulary: Vocabulary, *, minutes: float, folder: Path,
    batch: int, rate: float, seed: int, device: torch.device,
) -> Say:
    """A sentence model, its averaged weights, in eval mode on the CPU."""
    model = Say(config=SayConfig(vocabulary=len(vocabulary), concepts=len(concepts.names)))
    model.of_word.copy_(torch.tensor(concepts.of_word))
    learned = text.words[text.words > UNKNOWN]
    counts = torch.from_numpy(np.bincount(learned, minlength=len(vocabulary)))
    counts[END] = len(text.words)
    with torch.no_grad():
        model.bias.copy_(((counts + 0.5) / counts.sum()).log())
    model.to(device).train()
    logger.info("%d parameters, %d sentences", sum(p.numel() for p in model.parameters()),
                len(text.words))
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.02)
    run = ClockRun(model, optimiser, minutes=minutes, directory=folder, average_decay=0.998)
    run.learn(batches(text, batch, seed=seed + run.step), lambda b: loss_of(model, b, device))
    logger.info("%d steps, %.1f passes", run.step, run.step * batch / len(text.words))
    return model.cpu().eval()


def main() -> None:
    parser = script_parser(
        __doc__, data="the text", cache="nothing yet", run="checkpoint and log", minutes=6,
        seed=True)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=2e-3)
    args = parser.parse_args()
    log_to(args.run / "say.txt")
    seed_everything(args.seed)
    vocabulary, concepts, text, never = prepare(read_groups(args.data))
    device = pick_device(None)
    model = train(
        text, concepts, vocabulary, minutes=args.minutes, folder=args.run, batch=args.batch,
        rate=args.rate, seed=args.seed, device=device)
    save_weights(model, NAME, {
        "config": vars(model.config), "vocabulary": vocabulary.words,
        "concepts": concepts.names, "kinds": concepts.kinds, "of_word": concepts.of_word,
        "never_said": never,
        "training": {
            "command": f"python -m hybridcore.caption.learn.say_train --data TEXT --cache CACHE "
                       f"--run RUN --minutes {args.minutes:g} --batch {args.batch} "
                       f"--rate {args.rate:g} --seed {args.seed}",
            "seed": args.seed, "minutes": args.minutes, "hardware": describe(device),
        },
        "metrics": [],
    })


if __name__ == "__main__":
    main()
