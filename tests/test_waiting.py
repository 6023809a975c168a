"""Turns are fair whatever comes, and the time to wait adds up."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from hybridcore.waiting import FairQueue, seconds_until_free


def test_nobodys_first_waits_for_anothers_second() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(10):
        queue.add(f"a{number}", "a")
    taken = [queue.pop(), queue.pop()]  # two workers
    queue.add("b0", "b")
    queue.add("c0", "c")
    assert taken == ["a0", "a1"]
    assert list(queue)[:3] == ["b0", "c0", "a2"]
    assert len(queue) == 10
    assert (queue.owned("a"), queue.owned("b"), queue.owned("nobody")) == (8, 1, 0)


def test_the_place_of_the_next_is_the_place_it_gets() -> None:
    rng = np.random.default_rng(0)
    queue: FairQueue[int] = FairQueue()
    for number in range(400):
        owner = "abcd"[rng.integers(4)]
        place = queue.place(owner)
        queue.add(number, owner)
        assert list(queue).index(number) == place
        if rng.random() < 0.6:
            first = next(iter(queue))
            assert queue.pop() == first


def test_who_always_has_work_gets_as_much_as_others() -> None:
    queue: FairQueue[str] = FairQueue()
    for owner, items in (("a", 50), ("b", 20), ("c", 20)):
        for _ in range(items):
            queue.add(owner, owner)
    assert Counter(queue.pop() for _ in range(60)) == {"a": 20, "b": 20, "c": 20}
    assert [queue.pop() for _ in range(30)] == ["a"] * 30
    with pytest.raises(IndexError):
        queue.pop()


def test_an_item_is_brought_forward_but_never_back() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(3):
        queue.add(f"a{number}", "a")
    queue.hasten("a0", "b")
    assert list(queue) == ["a0", "a1", "a2"]
    queue.hasten("a2", "b")
    assert list(queue) == ["a0", "a2", "a1"]
    queue.hasten("gone", "b")
    assert queue.remove("a2")
    assert not queue.remove("a2")
    assert list(queue) == ["a0", "a1"]


@pytest.mark.parametrize(("busy", "before", "seconds"), [
    ([0.0], [], 0.0), ([5.0], [], 5.0), ([5.0, 3.0], [], 3.0), ([5.0, 3.0], [4.0], 5.0),
    ([5.0, 3.0], [4.0, 1.0], 6.0), ([5.0], [4.0, 1.0], 10.0),
])
def test_time_until_a_worker_is_free(
    busy: list[float], before: list[float], seconds: float
) -> None:
    assert seconds_until_free(busy, before) == seconds
