"""How large a file may be before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds for a file from outside; crossing one raises `MediaError`.

    max_bytes: size of the file, bytes.
    max_seconds: length of the clip, s.
    max_pixels: width x height of a frame; the default is an 8K frame, which a phone
        picture of 24 megapixels fits too.
    max_decode_seconds: codec time, that is how long the decoder may work on one frame, s.
    """

    max_bytes: int = 1_000_000_000
    max_seconds: float = 1800.0
    max_pixels: int = 8192 * 4320
    max_decode_seconds: float = 20.0


DEFAULT_LIMITS = Limits()
