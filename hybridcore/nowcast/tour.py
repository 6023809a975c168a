"""The tour of the next hour. What each card claims, tests/systems/test_tours.py holds to the
numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="now", title="Where the known ends",
        text="Two hours of made rain, of which the forecast sees one. Left of the mark it was "
             "observed, right of it, it is forecast. The last hour tells who is right.",
        sample="band", kind="corrector", frame=4, until=24),
    TourCard(
        key="moves", title="Rain that only moves",
        text="What forecasters begin with: the rain of now, moved on. Nothing grows, nothing "
             "decays, so it is right after ten minutes and wrong more often after sixty.",
        sample="band", kind="lagrangian", frame=12, until=24),
    TourCard(
        key="doubt", title="Doubt grows",
        text="The network says a distribution for every place. The later, the less sure: its "
             "chances leave 0 and 100 %, and heavy cores grow smooth.",
        sample="band", kind="corrector", frame=12, until=24),
    TourCard(
        key="turns", title="Showers that turn",
        text="Optical flow sees the turn: north of the low rain moves west, south of it east. Each "
             "shower is carried along its own arrow.",
        sample="turn", kind="corrector", frame=12, until=24, tab="motion"),
    TourCard(
        key="memory", title="Memory with a place",
        text="A ConvLSTM remembers in maps. It reads the last half hour, carried to now, so that "
             "what only moves stands still; then it goes on for an hour alone.",
        sample="band", kind="corrector", frame=18, tab="memory"),
    TourCard(
        key="born", title="Nobody can know this storm",
        text="A storm of more than 50 mm/h forms where it was dry. No method expects a hundredth "
             "of it there: rain that is not there yet cannot be seen.",
        sample="born", kind="corrector", frame=12, until=24),
)
