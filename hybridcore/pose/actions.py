"""What is said of a body: the actions that the networks know, in words, and their colours."""

from __future__ import annotations

from hybridcore.figures import OTHER

STANDING, SITTING = "standing", "sitting"
ACTIONS = (
    STANDING, SITTING, "sitting down", "standing up", "walking", "running", "jumping", "squatting",
    "picking up", "kicking", "waving", "clapping", "gesturing", "pushing", "punching", "throwing",
    "catching", "swinging", "golf swing", "pulling up", "pouring",
)
NOT_SURE = "not sure"
SAID = (*ACTIONS, NOT_SURE)  # all that can be said at a moment
_FAMILIES: dict[str, tuple[str, ...]] = {
    "#7F8FA6": (STANDING, SITTING),
    "#0072B2": ("walking", "running"),
    "#009E73": ("sitting down", "standing up", "squatting", "picking up"),
    "#D55E00": ("jumping", "kicking", "pulling up"),
    "#BF8300": ("waving", "clapping", "gesturing"),
    "#CC79A7": ("pushing", "punching", "pouring"),
    "#A855C7": ("throwing", "catching", "swinging", "golf swing"),
}
COLOURS = (*(next(colour for colour, names in _FAMILIES.items() if action in names)
             for action in ACTIONS), OTHER)
