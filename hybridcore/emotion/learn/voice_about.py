"""What the card of the voice witness says beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.training.sources import EMODB, PAPERS, RAVDESS

DATA = [RAVDESS, EMODB]
ABOUT: dict[str, Any] = {
    "title": "Emotion in a voice, CNN, BiLSTM and attention",
    "description": "Log mel bands and pitch of 2.56 s, two convolutions, a bidirectional LSTM, and "
                   "attention over time; trained on acted emotions.",
    "paper": PAPERS["emotion_attention"],
    "differences": [
        "Convolutions over log mel bands in place of fully connected layers over single frames",
        "Pitch and periodicity beside the bands",
        "Spreads beside means (attentive statistics); what the CNN found, and mean and spread of "
        "the bands, beside what the LSTM says",
        "No peepholes",
        "Bands are level with the clip: loudness, which depends on the microphone, is not heard",
    ],
}
LIMITS = [
    "Learned from 24 North American actors who said two sentences, each clip one emotion, acted: "
    "what people do by themselves is weaker and mixed, and is told less well",
    "Other languages, children and old people are heard worse; the transfer to German says how "
    "much worse",
    "Recall by actor lies a little below the 62 % hoped for, and below the 65 % published: calm, "
    "sad and neutral voices are taken for each other, and men are told less well than women",
    "The LSTM adds nothing that could be measured: the same network without it is right as often",
    "Voice activity knows the kinds of noise and music that it learned from. Of kinds that it "
    "never heard it takes many for speech, knocks and sirens most; singing it cannot tell from "
    "speech at all",
]
