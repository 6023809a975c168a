"""The witnesses, in the order in which the page shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Witness:
    """Somebody who says what he sees or hears. card: of his weights. weight: at first; what the
    three who look at the same face say counts as much, together, as the voice."""

    key: str
    title: str
    card: str
    weight: float
    memory: bool = True


VOICE, FUSED = "voice", "fused"
WITNESSES = (
    Witness("face", "Face", "emotion_face", 0.3, memory=False),
    Witness("over_time", "Face over time", "emotion_face_lstm", 0.4),
    Witness("motion", "C3D", "emotion_c3d", 0.3),
    Witness(VOICE, "Voice", "emotion_voice", 1.0),
)
FACES = tuple(one.key for one in WITNESSES if one.key != VOICE)
