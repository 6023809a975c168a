"""Packets to frames, and their presentation stamps."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from av.codec.context import CodecContext
from av.container import InputContainer
from av.frame import Frame
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hybridcore.media.source import damage_skipped, packets

# FFmpeg's own decoders of these leave out the second stream, that of the transparency.
_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


def decode(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Every frame that decodes, in order of presentation; damaged packets are skipped."""
    decoder = picture_decoder(stream)
    with damage_skipped():  # where the file breaks off: what came before is still good
        for packet in packets(container, [stream]):
            with damage_skipped():
                yield from decoder.decode(packet)


def picture_decoder(stream: VideoStream) -> VideoCodecContext:
    """What decodes the packets of a stream, transparency included."""
    context = stream.codec_context
    if stream.metadata.get("alpha_mode") != "1" or context.codec.name not in _WITH_ALPHA:
        return context
    decoder = CodecContext.create(_WITH_ALPHA[context.codec.name], "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.options, decoder.thread_count = context.options, context.thread_count
    return decoder


def stamp(frame: Frame, time_base: Fraction | None, delay: int | None = None) -> float | None:
    """The frame's presentation time on the file's own clock, s; None if the file has none.

    delay: None where packets carry presentation stamps; else how far decoding runs ahead, in ticks
        of ``time_base``, and the frame's place is that of the packet which completed it.
    """
    ticks = frame.pts if delay is None else frame.dts
    if ticks is None or time_base is None:
        return None
    return (ticks - (delay or 0)) * time_base.numerator / time_base.denominator
