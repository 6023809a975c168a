"""What can be set of a captioner: how sentences are decoded, how they begin, and a sentence to
align. Networks are not needed to say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hybridcore.options import Choice, Number, Option, Text

MOST_WORDS = 24
MOST_BEAMS = 50
BEAM_SEARCH, SAMPLING = "beam", "sampling"
MEAN_OF_FRAMES, MIDDLE_FRAME = "mean", "middle"


@dataclass(frozen=True)
class DecodingOptions:
    """How to decode.

    beam: sentences followed at a time. alpha: length normalisation (:mod:`decode`). prefix: words
    the sentences begin with. temperature, nucleus and seed are for sampling: probabilities are
    flattened (> 1) or sharpened (< 1), then only the likeliest words that make up ``nucleus`` of
    them are drawn from.
    """

    beam: int = 5
    alpha: float = 0.7
    most_words: int = MOST_WORDS
    prefix: tuple[int, ...] = ()
    temperature: float = 1.0
    nucleus: float = 1.0
    seed: int = 0


OPTIONS: tuple[Option, ...] = (
    Choice(
        key="decoding", title="Decoding", default=BEAM_SEARCH,
        choices={BEAM_SEARCH: "Beam search", SAMPLING: "Sampling"},
        help="Search for the likeliest sentences, or draw words at random by their probability."),
    Number(
        key="beam", title="Sentences", default=DecodingOptions.beam, low=1, high=MOST_BEAMS, step=1,
        help="How many sentences the beam keeps, or how many are drawn."),
    Number(
        key="alpha", title="Length", default=DecodingOptions.alpha, low=0.0, high=2.0, step=0.1,
        only=("decoding", BEAM_SEARCH),
        help="0 takes the likeliest sentence, which is short; more favours longer ones."),
    Number(
        key="most_words", title="Most words", default=MOST_WORDS, low=4, high=MOST_WORDS, step=1,
        only=("decoding", BEAM_SEARCH), help="The longest that a sentence may get."),
    Number(
        key="temperature", title="Temperature", default=0.8, low=0.1, high=2.0, step=0.05,
        only=("decoding", SAMPLING),
        help="Below 1, likely words are drawn even more often; above 1, less often."),
    Number(
        key="nucleus", title="Nucleus", default=0.9, low=0.05, high=1.0, step=0.05,
        only=("decoding", SAMPLING),
        help="Words are drawn only from the likeliest that together reach this probability."),
    Number(
        key="seed", title="Seed", default=0, low=0, high=99, step=1, only=("decoding", SAMPLING),
        help="A different seed draws different sentences."),
    Text(
        key="prefix", title="First words",
        placeholder="Type how the sentence begins, or choose another word beside the picture",
        help="How every sentence begins; the network goes on from there."),
    Text(
        key="add", title="Words to add", kinds=("say",), placeholder="frisbee, traffic light",
        help="What is in the picture, whatever was seen; the sentence answers at once."),
    Text(
        key="without", title="Words to leave out", kinds=("say",), placeholder="dog, red",
        help="What is not in the picture, whatever was seen; the sentence answers at once."),
    Choice(
        key="shot", title="How a shot of a video is read", default=MEAN_OF_FRAMES,
        choices={MEAN_OF_FRAMES: "Mean over frames", MIDDLE_FRAME: "Middle frame"},
        help="A sentence from five frames of a shot together, the clearest of which count most, or "
             "from the one in its middle."),
    Text(
        key="align", title="Your own sentence on this picture",
        placeholder="Aligned with the picture under “Look inside”",
        help="A sentence to align with the picture, in place of the network's own."),
)
DEFAULTS: dict[str, Any] = {option.key: option.default for option in OPTIONS}
