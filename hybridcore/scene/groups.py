"""Up-classification: from the objects in a frame to indoor, outdoor natural or outdoor built.

Each of the 1,000 ImageNet objects has a vote for each group, P(group | object), counted on
MiniPlaces training photographs (groups weighed equally). A frame's group is the vote of the
objects in it, ``P(group) = sum_k p_k P(group | object k)``, so that it can be shown which
object voted for what.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn, zeros

GROUPS = ("indoor", "outdoor natural", "outdoor built")
_EPSILON = 1e-6  # of the smoothing

NATURAL = frozenset({
    "badlands", "bamboo forest", "botanical garden", "canyon", "coast", "corn field",
    "desert sand", "hot spring", "iceberg", "mountain", "rainforest", "river", "rock arch",
    "ski slope", "swamp", "valley", "volcano", "campsite", "yard",
})
INDOOR = frozenset({
    "airport terminal", "aquarium", "art gallery", "assembly line", "auditorium", "bakery shop",
    "ballroom", "banquet hall", "bar", "bathroom", "beauty salon", "bedroom", "bookstore",
    "bowling alley", "boxing ring", "bus interior", "butchers shop", "candy store", "classroom",
    "clothing store", "cockpit", "coffee shop", "conference room", "corridor", "dining room",
    "food court", "hospital room", "kindergarden classroom", "kitchen", "laundromat",
    "living room", "lobby", "locker room", "martial arts gym", "museum indoor", "office",
    "restaurant", "shower", "stage indoor", "staircase", "subway station platform", "supermarket",
})


def group_of(scene: str) -> int:
    """Index into :data:`GROUPS` of a MiniPlaces scene; what is neither is outdoor built."""
    return 0 if scene in INDOOR else 1 if scene in NATURAL else 2


class GroupVotes(nn.Module):
    """``votes [1000, 3]``: P(group | object)."""

    votes: Tensor

    def __init__(self, *, objects: int = 1000) -> None:
        super().__init__()
        self.register_buffer("votes", zeros(objects, len(GROUPS)))

    def forward(self, objects: Tensor) -> Tensor:
        """Object probabilities ``[..., 1000]`` -> group probabilities ``[..., 3]``."""
        return objects @ self.votes


def count_votes(objects: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """P(group | object), float32 ``[1000, 3]``, from probabilities ``[N, 1000]`` of photographs
    and their groups ``[N]``; every group weighs the same, with add-epsilon smoothing.
    """
    mass = np.stack([objects[groups == g].mean(0) for g in range(len(GROUPS))], 1)
    mass = mass + _EPSILON
    return (mass / mass.sum(1, keepdims=True)).astype(np.float32)
