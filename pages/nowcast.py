"""The page of rain in the next hour."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["nowcast"])
