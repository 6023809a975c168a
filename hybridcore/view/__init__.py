"""What a page shows of a result: plain arrays and texts, checked, and packed for the browser.

T is the number of frames of a video, or of words of a sentence. Nothing here knows which system
made the arrays, nor how they are drawn; only NumPy is needed.
"""

from hybridcore.view.events import Event, all_events, uncertain_frames
from hybridcore.view.outlines import Outlines
from hybridcore.view.overlays import Classes, Field, Heat, Ramp
from hybridcore.view.panels import Line, Panel, Series
from hybridcore.view.parts import NEWS, Part, Parts
from hybridcore.view.pinned import PinnedStrip, beside
from hybridcore.view.player import PlayerView, SoundTrack, Strip
from hybridcore.view.sentence import SentenceView
from hybridcore.view.shared import Overlay
from hybridcore.view.sprites import Film, Sprite, Sprites

__all__ = [
    "NEWS",
    "Classes",
    "Event",
    "Field",
    "Film",
    "Heat",
    "Line",
    "Outlines",
    "Overlay",
    "Panel",
    "Part",
    "Parts",
    "PinnedStrip",
    "PlayerView",
    "Ramp",
    "SentenceView",
    "Series",
    "SoundTrack",
    "Sprite",
    "Sprites",
    "Strip",
    "all_events",
    "beside",
    "uncertain_frames",
]
