"""How large a file may be before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds for a file from outside; crossing one raises `MediaError`.

    max_bytes: size of the file, bytes.
    max_seconds: length of the clip, s.
    max_pixels: width x height of a frame; the default is an 8K frame, which a phone
        picture of 24 megapixels fits too.
    max_frames: of a film; the default is half an hour at 277 frames/s.
    max_decoded_pixels: width x height x frames of a film; the default is half an hour of full HD
        at 60 frames/s, which decodes in minutes. Small files can hold hours of empty 8K frames.
    max_decode_seconds: codec time, that is how long the decoder may work on one frame, s.
    max_cpu_seconds: of the processor, for one reading of the file, s.
    max_memory: that decoding may take, bytes; the default is what the reference frames of an 8K
        film in 10 bits need. This and the one before bound a process, not a thread.
    """

    max_bytes: int = 1_000_000_000
    max_seconds: float = 1800.0
    max_pixels: int = 8192 * 4320
    max_frames: int = 500_000
    max_decoded_pixels: int = 1920 * 1080 * 60 * 1800
    max_decode_seconds: float = 20.0
    max_cpu_seconds: int = 3600
    max_memory: int = 3_000_000_000


DEFAULT_LIMITS = Limits()
