"""The tour of gestures. What each card claims, tests/systems/test_tours.py holds to the numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="words", title="Three words",
        text="Hands and arms become points, and the LSTM names what they say while they say it: "
             "hello, thanks, I love you. Between the words it says nothing.",
        sample="gesture-words", kind="lstm", frame=18, until=156),
    TourCard(
        key="commands", title="A hand that shuts and opens",
        text="The same hand grabs and opens again; then it points. Each begins where the shape of "
             "the hand changes.",
        sample="gesture-commands", kind="lstm", frame=26, until=134),
    TourCard(
        key="swipe", title="Which way?",
        text="A swipe is a movement: the LSTM names the one to the right. One moment alone sees no "
             "movement and names no swipe.",
        sample="gesture-swipes", kind="lstm", frame=66, until=92, tab="comparison"),
    TourCard(
        key="unnamed", title="It has no word for this",
        text="A V is none of the gestures, yet it is called thanks: somebody whom the network "
             "learned from says it so. Then a thumb, and no gesture is named.",
        sample="gesture-unnamed", kind="lstm", frame=18, until=100),
)
