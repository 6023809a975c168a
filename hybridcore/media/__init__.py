"""Files to arrays and back.

Frames   uint8 [n, height, width, 3], RGB, upright (the file's rotation is applied), 0..255
Times    float64 [n], seconds since the first frame, from the file's own stamps, increasing
Sound    float32 [n] or [n, channels], -1..1; sample 0 is at the first frame
Sizes    (height, width), as in the arrays

A file that cannot be used raises `MediaError`, whose text is one sentence for a person.
"""

from hybridcore.media.clip import CHUNK, Chunk, Clip, ClipInfo
from hybridcore.media.closer import Closer
from hybridcore.media.formats import FORMATS, endings, kind_of, kinds_of
from hybridcore.media.inputs import Input
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.picture import Picture
from hybridcore.media.sound import read_sound, write_sound
from hybridcore.media.writer import VideoWriter

__all__ = [
    "CHUNK",
    "DEFAULT_LIMITS",
    "FORMATS",
    "Chunk",
    "Clip",
    "ClipInfo",
    "Closer",
    "Input",
    "Limits",
    "Picture",
    "VideoWriter",
    "endings",
    "kind_of",
    "kinds_of",
    "read_sound",
    "write_sound",
]
