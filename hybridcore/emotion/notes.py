"""What a person should know before believing an answer: one sentence each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.emotion.hearing import SPEECH
from hybridcore.emotion.result import CARE, EmotionResult
from hybridcore.emotion.view import EmotionAnswer
from hybridcore.emotion.witnesses import FUSED
from hybridcore.media import Clip

NO_FACE = ("No face is seen: faces are found that are larger than a few dozen pixels and not "
           "turned far away.")
NO_SOUND = "There is no sound to hear, so the voice says nothing."
NO_SPEECH = ("Nobody is heard to speak: silence, music and noise get no emotion. Somebody who "
             "whispers or sings may be missed or taken for somebody who speaks.")
STILL = "One picture has no movement and no sound: what is said comes from the face alone."
ONE_WITNESS = "Only one witness is heard, so there is nothing to fuse."
SILENT = "The witness that is chosen says nothing here; choose “Together” or another one."
SEVERAL = "Several people are seen; the voice counts for each of them, whoever speaks."


def notes(answer: EmotionAnswer) -> Sequence[str]:
    """Sentences on an answer, the care first."""
    result: EmotionResult = answer.result
    outputs = result.outputs
    still = isinstance(answer.source, Clip) and len(outputs.times) == 1
    found = [CARE]
    if isinstance(answer.source, Clip) and not outputs.people:
        found.append(NO_FACE)
    if still:
        found.append(STILL)
    elif outputs.voice is None:
        found.append(NO_SOUND)
    elif not (outputs.voice.activity >= SPEECH).any() or \
            not np.isfinite(outputs.voice.log_p).any():
        found.append(NO_SPEECH)
    if len(outputs.people) > 1 and result.voice is not None:
        found.append(SEVERAL)
    found += covered(result)
    if result.kind != FUSED and not any(
            result.kind in result.witnesses(item) for item in range(max(1, len(outputs.people)))):
        found.append(SILENT)
    if result.kind == FUSED and len(result.heard(0)) == 1:
        found.append(ONE_WITNESS)
    if silence := result.silence(0):
        found.append(silence)
    return tuple(found)


def covered(result: EmotionResult) -> list[str]:
    """Of everybody whose mouth and nose look covered."""
    found = []
    for item, person in enumerate(result.people):
        share = result.covered_share(item)
        part = "" if share == 1 else f" for {max(1, round(100 * share))} % of the time"
        if share > 0:
            found.append(f"{person.name}'s mouth and nose look covered{part}: what the face shows "
                         "cannot be told.")
    return found
