"""What the program and the processes of its decoders tell each other.

Messages are JSON, not pickles: a decoder that a hostile file took over must not get further. The
frames themselves lie in shared memory.
"""

from __future__ import annotations

import json
import socket
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from hybridcore.errors import MediaError
from hybridcore.media.clock import Span
from hybridcore.media.closer import Closer
from hybridcore.media.limits import Limits
from hybridcore.media.probe import ClipInfo

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (ClipInfo, Closer, Limits, Span)}
_BYTES = "bytes in base64"
_LENGTH = struct.Struct(">I")
# What to do about a file that a decoder gives up, for readings of no film and no picture.
REMEDIES = {"radar": "download it again, or choose fewer radar files"}
_LONGEST = 64 << 20  # bytes of a message
_AT_ONCE = 1 << 16


class Closed(Exception):
    """The other side is gone."""


class Channel:
    """One end of a stream socket, for whole messages."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._received = bytearray()

    def send(self, message: Any, waiting: Callable[[], None] | None = None) -> None:
        """Send a message; ``waiting`` as of `receive`. Raises `Closed`."""
        data = json.dumps(message, default=_packed).encode()
        left = memoryview(_LENGTH.pack(len(data)) + data)
        while left:
            if waiting is not None:
                waiting()
            try:
                left = left[self._end.send(left) :]
            except TimeoutError:
                continue
            except OSError as error:
                raise Closed from error

    def receive(self, waiting: Callable[[], None] | None = None) -> Any:
        """The next message.

        waiting: called each time that the socket's timeout is over; it may raise.

        Raises:
            Closed: there is none any more, or what comes is not a message.
        """
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size, waiting))
        if length > _LONGEST:
            raise Closed
        try:
            return json.loads(self._take(length, waiting), object_hook=_unpacked)
        except (ValueError, TypeError) as error:
            raise Closed from error

    def _take(self, count: int, waiting: Callable[[], None] | None) -> bytes:
        while len(self._received) < count:
            if waiting is not None:
                waiting()
            try:
                part = self._end.recv(_AT_ONCE)
            except TimeoutError:
                continue
            except OSError as error:
                raise Closed from error
            if not part:
                raise Closed
            self._received += part
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken


def _packed(value: Any) -> Any:
    if type(value) in _KINDS.values():
        return {type(value).__name__: {f.name: getattr(value, f.name) for f in fields(value)}}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return {_BYTES: b64encode(value).decode()}
    return value.item()  # a number of NumPy


def _unpacked(value: dict[str, Any]) -> Any:
    name = next(iter(value)) if len(value) == 1 else ""
    if name == _BYTES:
        return b64decode(value[name])
    if name not in _KINDS:
        return value
    content = value[name].items()
    return _KINDS[name](**{k: tuple(v) if isinstance(v, list) else v for k, v in content})


def died(reading: str = "") -> MediaError:
    """What is said of a decoder that broke off, or failed in a way that nobody foresaw."""
    remedy = REMEDIES.get(reading, "save it again as H.264 MP4, or a picture as JPEG")
    return MediaError("The decoder gave up on this file: it is damaged, or takes more memory or "
                      f"time than allowed; {remedy}.")
