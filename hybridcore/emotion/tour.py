"""The tour of the emotion room. What each card claims, tests/systems/test_tours.py holds to the
numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="smile", title="Four witnesses, one clock",
        text="A drawn face smiles, and the CNN calls every frame of it happy. Below it: the face "
             "over time, C3D, the voice, and all together.",
        sample="face", kind="fused", frame=45, until=90),
    TourCard(
        key="covered", title="What it relies on",
        text="A patch covers each place of the face in turn. No place decides alone: over the "
             "mouth happy falls from 92 to 69 %, elsewhere it hardly falls.",
        sample="face", kind="face", frame=60, tab="covered"),
    TourCard(
        key="unsure", title="Astonished, or afraid?",
        text="Brows up, mouth open: the CNN wavers between surprise and fear, and says that it is "
             "not sure.",
        sample="face", kind="face", frame=160, until=180),
    TourCard(
        key="group", title="A group",
        text="Two smile, one is angry. How happy they look together, by how large and how central "
             "each face is.",
        sample="group", kind="face", frame=0),
    TourCard(
        key="music", title="Nobody speaks",
        text="Chords and a melody: the voice witness hears that nobody speaks, and says nothing.",
        sample="music", kind="voice", frame=10, until=70),
)
