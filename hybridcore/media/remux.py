"""The packets of a file as an MP4, in pieces: nothing is decoded, and no file is written.

It runs where decoding does, in a process that may not write; what takes the pieces does that
(`hybridcore.media.browser_copy`).
"""

from __future__ import annotations

import heapq
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from hybridcore.errors import MediaError
from hybridcore.media.limits import Limits
from hybridcore.media.source import open_source, packets

PIECE_BYTES = 1 << 18
_HEAD_BYTES = 256  # in which the boxes before the packets begin
_SPARE_BYTES = 64  # behind the index; FFmpeg needs 8 to mark them as free


class Piece(NamedTuple):
    """``content`` belongs at ``offset``, bytes; by then ``done`` pictures were copied."""

    offset: int
    content: bytes
    done: int


def mp4_pieces(
    path: Path, limits: Limits, streams: Sequence[int], sound: Path | None
) -> Iterator[Piece | None]:
    """Some streams of a file as an MP4 that begins with its index; None as a sign of life.

    The file is gone through twice: how long the index is, is known at the end only.

    streams: their numbers, that of the pictures first. sound: a file whose first stream joins them.

    Raises:
        MediaError: the file cannot be read, or its packets cannot be kept in an MP4.
    """
    head, size = bytearray(_HEAD_BYTES), 0
    for piece in _muxed(path, limits, streams, sound, 0):
        begin = bytes(piece.content[: max(0, _HEAD_BYTES - piece.offset)])
        head[piece.offset : piece.offset + len(begin)] = begin
        size = max(size, piece.offset + len(piece.content))
        yield None
    yield from _muxed(path, limits, streams, sound, size - _packets_end(head) + _SPARE_BYTES)


def _packets_end(head: bytearray) -> int:
    """Where the box of the packets ends, in an MP4 that begins so, bytes."""
    at = 0
    while head[at + 4 : at + 8] != b"mdat":
        at += max(8, int.from_bytes(head[at : at + 4]))
        if at >= len(head):
            raise MediaError("The packets of the file cannot be copied.")
    length = int.from_bytes(head[at : at + 4])
    return at + (length if length > 1 else int.from_bytes(head[at + 8 : at + 16]))


def _muxed(
    path: Path, limits: Limits, streams: Sequence[int], sound: Path | None, index_bytes: int
) -> Iterator[Piece]:
    """The MP4, with room for its index at the front if ``index_bytes`` is given, else at the end.
    """
    out, done = _Out(), 0
    options = {"moov_size": str(index_bytes)} if index_bytes else {}
    with ExitStack() as stack:
        film = stack.enter_context(open_source(path, limits))
        target = stack.enter_context(
            av.open(out, "w", format="mp4", options=options, buffer_size=PIECE_BYTES))
        taken = _chosen(film, streams)
        copies = {stream: target.add_stream_from_template(stream) for stream in taken}
        feeds = [_timed(film, taken)]
        if sound is not None:
            track = stack.enter_context(open_source(sound, limits))
            heard = _chosen(track, (0,))
            copies |= {stream: target.add_stream_from_template(stream) for stream in heard}
            feeds.append(_timed(track, heard))
        for _, packet in heapq.merge(*feeds, key=lambda timed: timed[0]):
            done += packet.stream is taken[0]
            packet.stream = copies[packet.stream]
            target.mux(packet)
            yield from (Piece(*part, done) for part in out.taken())
    yield from (Piece(*part, done) for part in out.taken())  # closing it wrote the index


def _chosen(
    container: InputContainer, numbers: Sequence[int]
) -> list[VideoStream | AudioStream]:
    found: list[VideoStream | AudioStream] = [*container.streams.video, *container.streams.audio]
    return [stream for number in numbers for stream in found if stream.index == number]


def _timed(
    container: InputContainer, streams: Sequence[VideoStream | AudioStream]
) -> Iterator[tuple[float, Packet]]:
    """The packets, each with its decoding time, s."""
    for packet in packets(container, streams):
        if packet.size == 0:
            continue  # the flush packet that ends a stream
        if packet.is_corrupt or packet.pts is None or packet.dts is None:
            raise MediaError("Packets without both their stamps are lost in an MP4.")
        yield float(packet.dts * packet.time_base), packet


class _Out:
    """What PyAV takes for a file: it keeps what was written until that is taken."""

    def __init__(self) -> None:
        self._at = self._size = 0
        self._written: list[tuple[int, bytes]] = []

    def write(self, data: bytes) -> int:
        """Keep a copy of the data."""
        self._written.append((self._at, bytes(data)))
        self._at += len(data)
        self._size = max(self._size, self._at)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on at another place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def taken(self) -> list[tuple[int, bytes]]:
        """Places and contents since this was asked last, of at most `PIECE_BYTES` each."""
        parts = [
            (place + start, content[start : start + PIECE_BYTES])
            for place, content in self._written
            for start in range(0, len(content), PIECE_BYTES)]
        self._written.clear()
        return parts
