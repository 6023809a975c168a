"""The page of faces and voices."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["emotion"])
