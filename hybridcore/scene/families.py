"""Coarser names for scenes: what is said where the scene itself is not told.

Every one of the 100 scenes belongs to one family, a family to one group (:mod:`groups`); the
probability of a family is the sum over its scenes, that of a group the sum over its families.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.scene.groups import GROUPS, group_of

FAMILIES: dict[str, frozenset[str]] = {
    "shop": frozenset({
        "bakery shop", "beauty salon", "bookstore", "butchers shop", "candy store",
        "clothing store", "laundromat", "supermarket"}),
    "place to eat or drink": frozenset({
        "bar", "banquet hall", "coffee shop", "food court", "restaurant"}),
    "room at home": frozenset({
        "bathroom", "bedroom", "dining room", "kitchen", "living room", "shower"}),
    "workplace or classroom": frozenset({
        "assembly line", "classroom", "conference room", "hospital room",
        "kindergarden classroom", "office"}),
    "hall or passage": frozenset({
        "airport terminal", "corridor", "lobby", "staircase", "subway station platform"}),
    "stage or museum": frozenset({
        "aquarium", "art gallery", "auditorium", "ballroom", "museum indoor", "stage indoor"}),
    "sports hall": frozenset({"bowling alley", "boxing ring", "locker room", "martial arts gym"}),
    "inside a vehicle": frozenset({"bus interior", "cockpit"}),
    "garden, yard or camp": frozenset({"botanical garden", "campsite", "yard"}),
    "forest or field": frozenset({"bamboo forest", "corn field", "rainforest"}),
    "water or shore": frozenset({"coast", "hot spring", "river", "swamp"}),
    "mountain, rock or ice": frozenset({
        "badlands", "canyon", "desert sand", "iceberg", "mountain", "rock arch", "ski slope",
        "valley", "volcano"}),
    "street or car park": frozenset({
        "construction site", "driveway", "fire station", "gas station", "highway",
        "market outdoor", "parking lot", "phone booth", "railroad track", "runway", "slum",
        "trench"}),
    "court or park": frozenset({
        "amusement park", "amphitheater", "cemetery", "courtyard", "fountain", "playground",
        "shed", "swimming pool outdoor"}),
    "sports ground": frozenset({
        "baseball field", "golf course", "ice skating rink outdoor", "racecourse",
        "stadium football", "track outdoor"}),
    "building": frozenset({
        "abbey", "chalet", "church outdoor", "monastery outdoor", "palace", "skyscraper",
        "temple east asia"}),
    "bridge or harbour": frozenset({
        "aqueduct", "boat deck", "bridge", "dam", "harbor", "lighthouse"}),
}


def family_of(scene: str) -> int:
    """Index of the family that a MiniPlaces scene belongs to, in the order of FAMILIES."""
    return next(k for k, members in enumerate(FAMILIES.values()) if scene in members)


def membership(scenes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which family and which group each of ``scenes`` belongs to: float32 ``[C, families]`` and
    ``[C, groups]``, one 1 in each row; probabilities of scenes times it are those of the others.
    """
    family = np.eye(len(FAMILIES), dtype=np.float32)[[family_of(scene) for scene in scenes]]
    group = np.eye(len(GROUPS), dtype=np.float32)[[group_of(scene) for scene in scenes]]
    return family, group
