"""The page of gestures."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["gesture"])
