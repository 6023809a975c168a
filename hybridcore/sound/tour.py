"""The tour of silent video to sound. What each card claims, tests/systems/test_tours.py holds to
the numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="strokes", title="It never hears the clip",
        text="The network watches the stick and says when it strikes. The sound is made from that: "
             "seven strokes, all in time.",
        sample="blocks", kind="lstm", frame=150, until=232),
    TourCard(
        key="made", title="Made beside true",
        text="Above, the sound that was made; below, the one that the network did not hear. The "
             "peaks stand at the same times.",
        sample="blocks", kind="lstm", frame=150, until=232, tab="waveforms"),
    TourCard(
        key="still", title="Silence is right too",
        text="The stick swings above the blocks and touches none. Nothing is struck, and nothing "
             "is heard.",
        sample="still", kind="lstm", frame=30, until=150),
    TourCard(
        key="ahead", title="Looking ahead",
        text="This LSTM reads the clip both ways. It hears a stroke at 1.6 s that the stick never "
             "makes: more context is not always better.",
        sample="blocks", kind="bilstm", frame=20, until=62),
    TourCard(
        key="ball", title="Where it fails: too fast",
        text="Eight bounces, faster and faster, and only the first three are heard. It learned "
             "from strokes of a drumstick.",
        sample="ball", kind="lstm", frame=15, until=80),
)
