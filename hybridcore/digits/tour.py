"""The tour of spoken digits. What each card claims, tests/systems/test_tours.py holds to the
numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="number", title="A number, written down",
        text="Seven digits, all heard. Between them and during most of each the network says "
             "“blank”: nobody told it when a digit is.",
        sample="number", kind="bilstm", frame=5, until=100),
    TourCard(
        key="lattice", title="All paths at once",
        text="Every way to say these digits, blanks between. Three fives in a row need a blank "
             "after each, or they would be one.",
        sample="number", kind="bilstm", frame=5, until=60, tab="lattice"),
    TourCard(
        key="noise", title="Not sure in the noise",
        text="A hiss swells over the number. In the middle of it the network says that it is not "
             "sure.",
        sample="noise", kind="bilstm", frame=5, until=110),
    TourCard(
        key="words", title="Words that are no digits",
        text="Four words of any sounds. It knows ten digits only; some of these sound like one to "
             "it, but it is sure of none.",
        sample="words", kind="bilstm", frame=5, until=90),
)
