"""Where the networks run."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import torch

from hybridcore.errors import OptionError


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
