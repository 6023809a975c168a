"""The page of DNA."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["dna"])
