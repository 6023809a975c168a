"""What a person should know before believing an answer: one sentence each."""

from __future__ import annotations

import numpy as np

from hybridcore.gesture.points import HANDS
from hybridcore.gesture.result import GestureResult, Signer

_RARE = 0.3  # share of the frames of a person in which a hand is seen
_SMALL = 24  # px of the video, wrist to the middle knuckle
NOBODY = ("No hands are seen. They are found where palm and fingers show and are not tiny; gloves, "
          "drawings and hands that are blurred by speed often are not.")
STILL = "One picture shows no movement: what is said comes from the shape of the hand alone."
NO_HANDS = "The hands of {} are hardly ever seen, so most of what they say is missed."
SMALL = "The hands of {} are small in the picture: fingers are rough."


def notes(result: GestureResult) -> tuple[str, ...]:
    """Sentences on a result."""
    if not result.signers or not any(signer.hands.any() for signer in result.signers):
        return (NOBODY,)
    found = [STILL] if len(result.times) == 1 else []
    found += [NO_HANDS.format(signer.name) for signer in result.signers
              if signer.hands.any(1).mean() < _RARE]
    found += [SMALL.format(signer.name) for signer in result.signers
              if _palm(signer, result) < _SMALL]
    return tuple(found)


def _palm(signer: Signer, result: GestureResult) -> float:
    """From the wrist to the middle knuckle, px; infinite where no hand is seen."""
    points = result.pixels(signer)
    lengths = np.concatenate([
        np.linalg.norm(points[:, part.start + 9] - points[:, part.start], axis=-1)
        for part in HANDS])
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if len(lengths) else float("inf")
