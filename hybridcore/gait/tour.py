"""The tour of gait recognition. On it three walkers of the samples are enrolled. What each card
claims, tests/systems/test_tours.py holds to the numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="silhouettes", title="Cut out of the picture",
        text="A network finds each person and cuts out the silhouette, also where the camera "
             "moves. All silhouettes of a walk make its energy image.",
        sample="gait-one", kind="lstm", frame=41, until=130),
    TourCard(
        key="steps", title="Ten steps, four cycles",
        text="Level streaks are a foot that stands, slopes one that swings. Steps are counted "
             "from these.",
        sample="gait-one", kind="lstm", frame=48, until=164, tab="stance"),
    TourCard(
        key="again", title="It is Ada",
        text="Another walk, other colours. In under a second of whole silhouettes the LSTM knows "
             "her from the walk that was enrolled.",
        sample="gait-again", kind="lstm", frame=38, until=100),
    TourCard(
        key="stranger", title="No match is an answer",
        text="Nobody enrolled walks like this. From the first frame to the last the distance to "
             "every name is too large.",
        sample="gait-stranger", kind="lstm", frame=50, until=150),
    TourCard(
        key="cross", title="Two people cross",
        text="Where one hides the other, outlines cannot be trusted. Those frames count for "
             "neither, and each is found again on the other side.",
        sample="gait-two", kind="lstm", frame=90, until=150),
    TourCard(
        key="coat", title="In a coat, still Ada",
        text="A long coat hides the thighs and changes the outline. At first there is no match; "
             "within a second of whole silhouettes she is known.",
        sample="gait-coat", kind="lstm", frame=40, until=140),
)
