"""The page of pose and action."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["pose"])
