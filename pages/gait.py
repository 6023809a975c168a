"""The page of gait recognition."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["gait"])
