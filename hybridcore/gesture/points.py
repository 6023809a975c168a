"""The points that the gesture networks read: seven of the upper body and both hands.

They are a subset of MediaPipe's: landmarks of the body (:data:`LANDMARKS` says which) and the 21
points of the person's own left and right hand (:data:`hybridcore.people.points.HAND_POINTS`). In
arrays ``[..., 49, 2]`` x grows to the right of the picture and y downwards, in equal units; a point
that is not seen is NaN. A picture is taken not to be mirrored.
"""

from __future__ import annotations

from hybridcore.people.points import HAND_EDGES, HAND_POINTS

RATE = 15.0  # steps a second
LANDMARKS = (0, 11, 12, 13, 14, 15, 16)  # nose, shoulders, elbows, wrists; left before right
BODY, HAND = len(LANDMARKS), len(HAND_POINTS)
COUNT = BODY + 2 * HAND
NOSE, SHOULDERS, ELBOWS, WRISTS = 0, (1, 2), (3, 4), (5, 6)
HANDS = (slice(BODY, BODY + HAND), slice(BODY + HAND, COUNT))  # left, right
MIRRORED = (0, 2, 1, 4, 3, 6, 5, *range(BODY + HAND, COUNT), *range(BODY, BODY + HAND))
EDGES = (
    (1, 2), (1, 3), (3, 5), (2, 4), (4, 6),
    *((a + hand.start, b + hand.start) for hand in HANDS for a, b in HAND_EDGES),
)
SIDES = ("left", "right")
NAMES = (
    "nose", *(f"{side} {joint}" for joint in ("shoulder", "elbow", "wrist") for side in SIDES),
    *(f"{side} hand {name}" for side in SIDES for name in HAND_POINTS),
)

# Of the 21 points of a hand.
WRIST, THUMB_TIP, INDEX_TIP, MIDDLE = 0, 4, 8, 9
TIPS = (4, 8, 12, 16, 20)
KNUCKLES = (1, 5, 9, 13, 17)  # where a finger begins; its next points follow
