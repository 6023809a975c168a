"""The tour of pose and action. What each card claims, tests/systems/test_tours.py holds to the
numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="bench", title="Down, and up again",
        text="The same poses twice, in the other order. The LSTM leans to sitting down on the way "
             "down, and says standing up on the way up.",
        sample="pose-chair", kind="lstm", frame=6, until=112),
    TourCard(
        key="order", title="One pose cannot know",
        text="One pose alone looks the same on the way down and on the way up. It never says that "
             "somebody stands up.",
        sample="pose-chair", kind="pose", frame=6, until=112, tab="comparison"),
    TourCard(
        key="two", title="Everybody has a name",
        text="Two people, two skeletons that keep their colours. Person 1 squats, then claps, and "
             "the LSTM says so.",
        sample="pose-two", kind="lstm", frame=36, until=180),
    TourCard(
        key="torso", title="Only what is seen",
        text="The legs are outside the picture, so they are not drawn and have no angles.",
        sample="pose-torso", kind="lstm", frame=20, until=110),
    TourCard(
        key="unknown", title="It has no word for this",
        text="Knocking at a door is none of the 21 actions. Not sure is the right answer.",
        sample="pose-unknown", kind="lstm", frame=90, until=150),
)
