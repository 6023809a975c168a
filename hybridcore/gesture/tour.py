"""The tour of gestures. What each card claims, tests/systems/test_tours.py holds to the numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR: tuple[TourCard, ...] = ()
