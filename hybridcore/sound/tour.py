"""The tour of silent video to sound. What each card claims, tests/systems/test_tours.py holds to
the numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="strokes", title="It never hears the clip",
        text="The network watches the stick and says when it strikes. The sound is made from that: "
             "seven strokes, all in time.",
        sample="blocks", kind="bilstm", frame=20, until=130),
    TourCard(
        key="made", title="Made beside true",
        text="Above, the sound that was made; below, the one that the network did not hear. The "
             "peaks stand at the same times.",
        sample="blocks", kind="bilstm", frame=20, until=130, tab="waveforms"),
    TourCard(
        key="still", title="Silence is right too",
        text="The stick is waved above the blocks and touches none. Nothing is struck, and nothing "
             "is heard.",
        sample="still", kind="lstm", frame=30, until=150),
    TourCard(
        key="convolutions", title="Another memory",
        text="Here convolutions over time stand in the LSTM's place. They hear a stroke at 4.4 s "
             "that the stick never makes; the LSTM does not.",
        sample="blocks", kind="tcn", frame=115, until=165),
    TourCard(
        key="ball", title="Where it fails: on what",
        text="Seven bounces, all heard. But the floor is wood and it hears cloth: what is struck "
             "is harder to see than when.",
        sample="ball", kind="bilstm", frame=10, until=130),
)
