"""The way of tensors through a network, recorded while it runs.

What is shown of a network's shapes is what went through it for this very input: modules are
observed by forward hooks, and what passes between them is noted by hand. A network that works
through a clip in chunks is called many times; sizes add up along the axis that grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn


@dataclass(frozen=True)
class Step:
    """One station: its name, the symbol of what leaves it, and the shape of that.

    trained: whether its weights are this project's own.
    """

    name: str
    symbol: str
    shape: tuple[int, ...]
    trained: bool = True


class FlowRecorder:
    """Collects steps in the order in which they first happen.

    >>> flow = FlowRecorder()
    >>> with flow.watching({"LSTM": model.lstm}, axis=1, symbol="h_t"):
    ...     for chunk in chunks:
    ...         flow.note("cells", cells, trained=False)
    ...         model(cells)
    >>> flow.steps
    """

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything recorded."""
        return tuple(self._steps.values())

    def note(
        self, name: str, value: Tensor | np.ndarray | tuple[int, ...], *, symbol: str = "",
        axis: int | None = 0, batch: int | None = None, trained: bool = True,
    ) -> None:
        """Record what passes.

        Args:
            value: an array, or its shape.
            axis: along which the calls of one run add up, counted before ``batch`` is dropped;
                None: every call has the same shape.
            batch: an axis that is always one and is not shown.
        """
        shape = list(value if isinstance(value, tuple) else value.shape)
        if axis is not None:
            axis %= len(shape)
        if batch is not None:
            del shape[batch]
            if axis is not None and axis > batch:
                axis -= 1
        if axis is not None and (before := self._steps.get(name)) is not None:
            shape[axis] += before.shape[axis]
        self._steps[name] = Step(name, symbol, tuple(int(side) for side in shape), trained)

    @contextmanager
    def watching(
        self, modules: dict[str, nn.Module], *, symbol: str = "", axis: int | None = 0,
        batch: int | None = None, trained: bool = True,
        pick: Callable[[Any], Tensor] = lambda output: output[0] if isinstance(output, tuple)
        else output,
    ) -> Iterator[None]:
        """Record what leaves modules, by the names they are given here, while the block runs.

        Args:
            pick: the tensor of a module's output; the first where there are several.
            symbol, axis, batch, trained: as in :meth:`note`.
        """
        def hook(name: str) -> Callable[[nn.Module, Any, Any], None]:
            def record(module: nn.Module, inputs: Any, output: Any) -> None:
                self.note(name, pick(output), symbol=symbol, axis=axis, batch=batch,
                          trained=trained)
            return record

        with ExitStack() as hooks:
            for name, module in modules.items():
                hooks.callback(module.register_forward_hook(hook(name)).remove)
            yield
