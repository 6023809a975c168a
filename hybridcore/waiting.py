"""Who comes next, and when: a fair queue of several owners, and times to wait.

The queue is start-time fair queueing (Goyal, Vin and Cheng, 1996) of items of equal weight: every
item has a turn, and an owner's next item has a later turn than the one before. So one owner's ten
items do not hold up another's first, and nobody waits for ever.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Wait:
    """What is before a piece of work that has not begun.

    ahead: how many others run or come first. seconds: about how long that takes; None: not known.
    """

    ahead: int
    seconds: float | None


@dataclass(frozen=True, order=True)
class _Entry(Generic[T]):
    turn: int
    number: int  # of arrival: within a turn, who came first is first
    owner: str
    item: T


class FairQueue(Generic[T]):
    """Items in the order in which they are taken, whoever came with how many."""

    def __init__(self) -> None:
        self._entries: list[_Entry[T]] = []
        self._turn = 0  # of the item taken last
        self._last: dict[str, int] = {}  # the last turn given to an owner, where it matters still
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[T]:
        return (entry.item for entry in self._entries)

    def add(self, item: T, owner: str) -> None:
        """Put an item of an owner into its place."""
        turn = self._last[owner] = self._next_turn(owner)
        insort(self._entries, _Entry(turn, next(self._numbers), owner, item))

    def pop(self) -> T:
        """Take the item that comes first.

        Raises:
            IndexError: there is none.
        """
        entry = self._entries.pop(0)
        self._turn = entry.turn
        self._last = {owner: turn for owner, turn in self._last.items() if turn >= self._turn}
        return entry.item

    def remove(self, item: T) -> bool:
        """Take an item out, if it is there; returns whether it was."""
        before = len(self._entries)
        self._entries = [entry for entry in self._entries if entry.item != item]
        return len(self._entries) < before

    def place(self, owner: str) -> int:
        """How many items would be before the next one of an owner."""
        return bisect_right([entry.turn for entry in self._entries], self._next_turn(owner))

    def owned(self, owner: str) -> int:
        """How many items of an owner are there."""
        return sum(entry.owner == owner for entry in self._entries)

    def hasten(self, item: T, owner: str) -> None:
        """Bring an item forward to where it would be if ``owner`` had added it now."""
        entry = next((entry for entry in self._entries if entry.item == item), None)
        if entry is not None and self._next_turn(owner) < entry.turn:
            self.remove(item)
            self.add(item, owner)

    def _next_turn(self, owner: str) -> int:
        return max(self._turn, self._last.get(owner, -1) + 1)


def seconds_until_free(busy: Sequence[float], before: Sequence[float]) -> float:
    """When work can begin.

    Args:
        busy: seconds that every worker is busy still, at least one worker.
        before: seconds that each piece of work takes that comes first, in order.
    """
    free = list(busy)
    heapq.heapify(free)
    for seconds in before:
        heapq.heapreplace(free, free[0] + seconds)
    return free[0]
