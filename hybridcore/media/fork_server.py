"""The process that forks a decoder for each reading of a file.

It is a plain process without threads in which everything is imported, so that a fork takes
milliseconds; the program itself, with its threads and networks, could not be forked safely.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import time
import traceback
from contextlib import closing, suppress
from typing import Any

import av.subtitles.stream  # noqa: F401 - PyAV would import it in every fork
import cv2
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.reading import READINGS
from hybridcore.media.ring import Ring
from hybridcore.media.sandbox import bind_to_parent, limit, shut_off
from hybridcore.media.wire import Channel, Closed

_TELL_SECONDS = 0.02  # to tell of each frame alone would cost as much as a tenth of decoding it
_BEAT_SECONDS = 0.5  # between two signs of life


def serve(number: int) -> None:
    """Fork a decoder for each request that comes at the socket of this number, until it closes.

    A request is two descriptors: a socket to talk through and the memory for the frames.
    """
    control = socket.socket(fileno=number)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that no zombies are left
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the program, which closes this
    cv2.setNumThreads(1)
    Image.init()
    gc.freeze()  # forks share what is there
    shut_off()
    server = os.getpid()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not message:
            return
        with suppress(OSError):  # no room for one more: the program sees its socket close
            if os.fork() == 0:
                try:
                    bind_to_parent(server)
                    control.close()
                    _work(*descriptors)
                finally:
                    os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _work(talk: int, memory: int) -> None:
    end = socket.socket(fileno=talk)
    process = os.pidfd_open(os.getpid())
    socket.send_fds(end, [b"!"], [process])  # with it the program can end this process, no other
    os.close(process)
    channel = Channel(end)
    request = channel.receive()
    ring = Ring(memory, request["slots"], request["slot_bytes"])
    limit(request["max_memory"], request["max_seconds"])
    try:
        _produce(channel, ring, request)
    except Closed:
        return  # nobody wants more
    except MediaError as error:
        channel.send({"refused": str(error)})
    except MemoryError:
        channel.send({"refused": (
            f"Decoding the file takes more memory than the limit of "
            f"{request['max_memory'] / 1e9:.1f} GB; save it smaller.")})
    except Exception:
        channel.send({"fault": traceback.format_exc()})
    else:
        channel.send({"end": True})
    with suppress(Closed):  # until the program has taken the last frames, and ends this
        while True:
            channel.receive()


def _produce(channel: Channel, ring: Ring, request: dict[str, Any]) -> None:
    taken, sent = 0, time.monotonic()
    ready: list[tuple[Any, tuple[int, ...], str]] = []  # in the ring, and not told yet

    def tell() -> None:
        nonlocal sent
        channel.send({"items": ready})  # without any it is a sign of life
        ready.clear()
        sent = time.monotonic()

    try:
        with closing(READINGS[request["reading"]](**request["arguments"])) as items:
            for item in items:
                if item is not None:
                    note, array = item
                    while taken >= ring.slots:
                        taken -= channel.receive()
                    ring.put(array)
                    taken += 1
                    ready.append((note, array.shape, array.dtype.name))
                waited = time.monotonic() - sent
                if 2 * len(ready) >= ring.slots or waited > (
                        _TELL_SECONDS if ready else _BEAT_SECONDS):
                    tell()
    finally:
        tell()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
