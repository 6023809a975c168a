"""The page of spoken digits."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["digits"])
