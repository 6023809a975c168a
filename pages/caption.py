"""The page of image captioning."""

from hybridcore.studio.page import show
from hybridcore.systems import systems

show(systems()["caption"])
