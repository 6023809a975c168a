"""The beginning of a long clip, looked at by a model that can tell what it knows so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hybridcore.errors import Cancelled
from hybridcore.progress import Progress


class _First:
    """Progress that stops a run after so many frames, and keeps its outputs so far."""

    outputs: Any

    def __init__(self, frames: int) -> None:
        self.frames, self.done = frames, 0

    def __call__(self, done: int, total: int) -> None:
        self.done = done

    def offer(self, make: Callable[[], Any]) -> None:
        if self.done >= self.frames:
            self.outputs = make()
            raise Cancelled("enough")


def first_outputs(run: Callable[[Progress], Any], frames: int) -> Any:
    """What ``run(progress)``, a model's on some clip, gives of about its first ``frames`` frames:
    whole chunks; of all of it where it is shorter."""
    watch = _First(frames)
    try:
        return run(watch)
    except Cancelled:
        return watch.outputs
