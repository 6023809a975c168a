"""What is said of hands: the gestures that the networks know, in words, and their colours."""

from __future__ import annotations

from hybridcore.figures import OTHER

NOTHING = "nothing"
WORDS = ("hello", "thanks", "I love you")
COMMANDS = ("swipe left", "swipe right", "pinch", "grab", "open", "point")
GESTURES = (NOTHING, *WORDS, *COMMANDS)
NOT_SURE = "not sure"
SAID = (*GESTURES, NOT_SURE)  # all that can be said at a moment
COLOURS = (
    "#9AA5B1",  # nothing
    "#0072B2", "#009E73", "#CC79A7",  # words
    "#D55E00", "#BF8300", "#7B6FD0", "#A855C7", "#3F9C95", "#C2564B",  # commands
    OTHER)
