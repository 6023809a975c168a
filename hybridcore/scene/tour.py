"""The tour of scene labelling. What each card claims, tests/systems/test_tours.py holds to the
numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

_EVERY = {"threshold": 0.0}  # the likeliest scene at every frame, however unlikely
TOUR = (
    TourCard(
        key="labels", title="A film that nobody labelled",
        text="At every frame the network names the scene, one of a hundred. The strip is the whole "
             "film: four places, two cuts and a dissolve.",
        sample="rendered-tour", kind="lstm", frame=48, until=112, options=_EVERY),
    TourCard(
        key="dissolve", title="One place melts into the next",
        text="There is no cut here. Frame only sees a volcano on the way; the LSTM keeps the "
             "desert, doubts for a moment, and lets go once.",
        sample="rendered-tour", kind="lstm", frame=128, until=166, options=_EVERY),
    TourCard(
        key="covered", title="Something covers the lens",
        text="Frame only jumps from scene to scene. The LSTM remembers the coast and holds it, "
             "though it is less sure.",
        sample="hard-footage", kind="lstm", frame=20, until=56, options=_EVERY),
    TourCard(
        key="flicker", title="The camera pans, the name stays",
        text="Temple or monastery? Without memory the answer changes back and forth. The LSTM "
             "settles on one.",
        sample="photographs", kind="lstm", frame=29, until=74, options=_EVERY, tab="comparison"),
    TourCard(
        key="forgets", title="How a network forgets",
        text="Each row is a unit of the LSTM. At the cut, in one frame, what they say changes "
             "three times as much as at any other around it.",
        sample="hard-footage", kind="lstm", frame=88, until=116, options=_EVERY, tab="states"),
    TourCard(
        key="mistaken", title="Where it fails",
        text="For half a second the LSTM takes the iceberg for skyscrapers, as frame only does. "
             "The TCN, which remembers in another way, does not.",
        sample="hard-footage", kind="lstm", frame=252, until=286, options=_EVERY),
)
