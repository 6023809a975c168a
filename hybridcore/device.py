"""Where the networks run."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

import torch

from hybridcore.cores import core_count
from hybridcore.errors import OptionError

T = TypeVar("T")


def pick_device(name: str | None = None) -> torch.device:
    """``name`` if given, otherwise the first CUDA device, otherwise the CPU.

    Raises:
        OptionError: if a CUDA device is asked for and there is none.
    """
    if name and name.startswith("cuda") and not torch.cuda.is_available():
        raise OptionError("No CUDA device was found: use --device cpu.")
    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch computes in one thread meanwhile, as far as this thread asks for it: many small steps
    lose more by handing work over than they gain."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def in_parts(
    compute: Callable[[slice], list[T]], count: int, *, most: int, device: torch.device
) -> list[T]:
    """What ``compute`` gives for each of ``count`` things, some at a time.

    On a CPU every core takes a part and computes it in one thread (:func:`one_thread`).

    Args:
        compute: the answers of a part, in order.
        most: how many things a part may have.
    """
    if device.type == "cpu":
        most = max(1, min(most, -(-count // core_count())))
    parts = [slice(at, at + most) for at in range(0, count, most)]
    if device.type != "cpu":
        return list(chain.from_iterable(map(compute, parts)))

    def alone(part: slice) -> list[T]:
        with one_thread():
            return compute(part)

    if len(parts) == 1:
        return alone(parts[0])
    with ThreadPoolExecutor(core_count()) as cores:
        return list(chain.from_iterable(cores.map(alone, parts)))


@cache
def describe(device: torch.device) -> str:
    """The device in words: the GPU's name, or the processor and its number of cores."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0].split(":", 1)[1].strip() if names else model
    threads = torch.get_num_threads()
    return f"{model}, {threads} thread{'s' * (threads > 1)}"
