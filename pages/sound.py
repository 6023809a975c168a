"""Silent video to sound: when something is struck, how hard, on what, and how it sounds."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["sound"])
