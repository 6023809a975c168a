"""Weather radar: files of the national services, and pictures, as one sequence of rain rates.

Rates are mm/h, float32 ``[rows, columns]``, NaN where there is no data, and row 0 is in the north.
"""

from hybridcore.media.radar.sequence import RadarSequence

__all__ = ["RadarSequence"]
