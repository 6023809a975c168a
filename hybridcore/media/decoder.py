"""Runs a reading of a file in a process of its own, whose end is not that of the program.

The process has limits and rights of its own (`hybridcore.media.sandbox`); frames come through
shared memory. Where processes cannot be had so (not on Linux, or with HYBRIDCORE_DECODE=thread) a
thread reads, without these limits.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.limits import Limits
from hybridcore.media.prefetch import POLL_SECONDS, Patience, prefetch
from hybridcore.media.ring import Ring
from hybridcore.media.wire import REMEDIES, Channel, Closed, died

_RING_BYTES = 64 << 20  # about as much is read ahead at most
_PAGE = 4096
_TYPES: dict[str, np.dtype[Any]] = {"uint8": np.dtype(np.uint8), "float32": np.dtype(np.float32),
                                 "int32": np.dtype(np.int32)}
# What a server inherits: nothing that a hostile file should find.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_STARTING_SECONDS = 120.0  # with everything to import from a cold disk
_ENDING_SECONDS = 5.0
_NOTICING_SECONDS = 0.2


def read(
    reading: str, arguments: dict[str, Any], limits: Limits, *, item_bytes: int = 0,
    depth: int = 1, stop: threading.Event | None = None,
) -> Generator[tuple[Any, NDArray[Any]], None, None]:
    """The items of one of the `hybridcore.media.reading.READINGS`.

    An array is good until the next item is asked for. Closing this generator ends the process.

    item_bytes: of an array at most. depth: items that are read ahead.
    stop: once set, the consumer gets `Cancelled`.

    Raises:
        MediaError: the reading says so, stalls for ``limits.max_decode_seconds``, exceeds the
            limits on memory or time, or its process dies.
        Cancelled: ``stop`` was set.
    """
    if has_processes():
        yield from _in_process(reading, arguments, limits, item_bytes, depth, stop)
        return
    readings = import_module("hybridcore.media.reading").READINGS  # which needs this module
    items = readings[reading](**arguments)
    with closing(prefetch(items, depth, limits.max_decode_seconds, stop)) as ahead:
        yield from (item for item in ahead if item is not None)


def read_one(
    reading: str, arguments: dict[str, Any], limits: Limits, *, item_bytes: int = 0
) -> tuple[Any, NDArray[Any]]:
    """The only item of a reading; its array may be kept."""
    with closing(read(reading, arguments, limits, item_bytes=item_bytes)) as items:
        note, array = next(items)
        return note, array.copy()


def has_processes() -> bool:
    """Whether files are decoded in processes of their own."""
    return (
        sys.platform == "linux" and bool(sys.executable)
        and os.environ.get("HYBRIDCORE_DECODE") != "thread")


def _in_process(
    reading: str, arguments: dict[str, Any], limits: Limits, item_bytes: int, depth: int,
    stop: threading.Event | None,
) -> Generator[tuple[Any, NDArray[Any]], None, None]:
    slot_bytes = max(1, -(-item_bytes // _PAGE)) * _PAGE
    slots = max(1, min(depth, max(2, _RING_BYTES // slot_bytes)))
    patience = Patience(limits.max_decode_seconds, stop, REMEDIES.get(reading))
    with closing(_Process(slots, slot_bytes, stop)) as process:
        try:
            channel = process.channel
            patience.begin()
            channel.send({
                "reading": reading, "arguments": arguments, "slots": slots,
                "slot_bytes": slot_bytes, "max_memory": limits.max_memory,
                "max_seconds": limits.max_cpu_seconds,
            }, patience.check)
            while True:
                patience.begin()
                message = channel.receive(patience.check)
                if "items" in message:
                    for note, shape, kind in message["items"]:
                        yield note, process.ring.get(tuple(shape), _TYPES[kind])
                    with suppress(Closed):  # it has ended, but what it said last is still to come
                        channel.send(len(message["items"]))  # slots that are free again
                elif "refused" in message:
                    raise MediaError(str(message["refused"]))
                elif "end" in message:
                    return
                elif "fault" in message:
                    raise died(reading) from RuntimeError(message["fault"])
        except (Closed, ValueError, TypeError, KeyError, AttributeError) as error:
            raise died(reading) from error


class _Process:
    """A decoder that was forked for one reading."""

    def __init__(self, slots: int, slot_bytes: int, stop: threading.Event | None) -> None:
        memory = os.memfd_create("hybridcore-frames", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(memory, slots * slot_bytes)
            # A decoder that shrinks it would end the program, which reads from it.
            fcntl.fcntl(memory, fcntl.F_ADD_SEALS, (
                fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL))
            self.ring = Ring(memory, slots, slot_bytes)
            self._end, self._handle = _forked(memory, stop)
        finally:
            os.close(memory)
        self.channel = Channel(self._end)

    def close(self) -> None:
        """End it, whatever it is doing, and wait until it is gone."""
        self._end.close()
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        gone = select.poll()
        gone.register(self._handle, select.POLLIN)
        gone.poll(1000 * _ENDING_SECONDS)
        os.close(self._handle)
        self.ring.close()


def _forked(memory: int, stop: threading.Event | None) -> tuple[socket.socket, int]:
    """The socket of a new decoder, and the descriptor that stands for its process."""
    patience = Patience(_STARTING_SECONDS, stop)
    for _ in range(3):  # again, if the server was ended from outside
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                _server.fork(theirs.fileno(), memory)
            ours.settimeout(POLL_SECONDS)
            patience.begin()
            while True:
                try:
                    _, handles, _, _ = socket.recv_fds(ours, 1, 1)
                    break
                except TimeoutError:
                    patience.check()
            if handles:
                return ours, handles[0]
        except OSError:
            pass
        except BaseException:
            ours.close()
            raise
        ours.close()
        _server.restart()
    raise MediaError(
        "No process can be started to decode the file; try again later, or set "
        "HYBRIDCORE_DECODE=thread to do without one.")


class _Server:
    """The process that forks decoders: started when it is first needed, ended with the program.

    It ends when its socket closes, which happens however the program ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0  # process number: a fork of the program has no server yet

    def fork(self, talk: int, memory: int) -> None:
        """Ask for a decoder. Raises OSError if there is no server."""
        with self._lock:
            if self._control is None or self._owner != os.getpid():
                self._start()
            assert self._control is not None
            socket.send_fds(self._control, [b"!"], [talk, memory])

    def restart(self) -> None:
        """Start another one with the next request, if this one is gone."""
        with self._lock:
            if self._process is not None:
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_NOTICING_SECONDS)
                    self._close()

    def end(self) -> None:
        """End it, and with it every decoder."""
        with self._lock:
            self._close()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        here = str(Path(__file__).resolve().parents[2])
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"{__package__}.fork_server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd="/", env={
                    **{name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                    "PYTHONPATH": os.pathsep.join([here, *map(os.path.abspath, sys.path)]),
                    "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1",
                    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
                })
        self._owner = os.getpid()

    def _close(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_ENDING_SECONDS)
        self._process = self._control = None


_server = _Server()
atexit.register(_server.end)
