"""The seven expressions that every witness knows, and where they lie in the plane of feeling.

Places in the plane are coarse: the octants of the circumplex of Russell, *A Circumplex Model of
Affect*, Journal of Personality and Social Psychology 1980, read off by hand, not measured.
"""

from __future__ import annotations

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")  # as in FER2013
VALENCE_AROUSAL = {  # (unpleasant to pleasant, calm to roused), each -1..1
    "angry": (-0.6, 0.7),
    "disgust": (-0.7, 0.3),
    "fear": (-0.6, 0.8),
    "happy": (0.85, 0.45),
    "sad": (-0.75, -0.4),
    "surprise": (0.2, 0.85),
    "neutral": (0.0, 0.0),
}
