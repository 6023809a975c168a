"""The page of scene labelling."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["scene"])
