"""What has changed between two trees is enough to make the second of the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hybridcore.growth import difference
from hybridcore.packing import pack, unpack


def changed(node: Any, change: dict[str, Any] | None) -> Any:
    """The node after a change, as the browser makes it."""
    if change is None:
        return node
    if "append" in change:
        return np.concatenate([node, change["append"]])
    if "whole" in change:
        return change["whole"]
    places = {**(node if isinstance(node, dict) else dict(enumerate(node)))}
    for place, part in change["change"].items():
        at = place if isinstance(node, dict) else int(place)
        places[at] = changed(places.get(at), part)
    return places if isinstance(node, dict) else list(places.values())


def tree(count: int, **more: Any) -> dict[str, Any]:
    """A tree that looks like a view of so many frames."""
    rows = np.arange(3 * count, dtype=np.float32).reshape(count, 3)
    return {"times": np.arange(count) / 30, "labels": ["a", "b"], "cuts": [], "length": 9.0,
            "panels": [{"title": "one", "series": [{"value": rows, "colours": None}]}], **more}


def assert_same(one: Any, other: Any) -> None:
    assert pack(one) == pack(other)


@pytest.mark.parametrize("after", [
    tree(7),
    tree(4),
    tree(2),
    tree(7, cuts=[0.1, 0.2]),
    tree(7, labels=["a"]),
    tree(7, labels=["a", "c"]),
    tree(7, length=None),
    tree(7, panels=[]),
    tree(7, panels=[*tree(7)["panels"], {"title": "two", "series": []}]),
    tree(7, times=np.arange(7, dtype=np.uint8)),
    {"other": 1},
])
def test_a_change_makes_the_next_tree_of_the_last(after: dict[str, Any]) -> None:
    change = difference(tree(4), after)
    sent = None if change is None else unpack(pack(change))
    assert_same(changed(tree(4), sent), after)


def test_only_what_is_new_is_sent() -> None:
    assert difference(tree(1000), tree(1000)) is None
    change = difference(tree(10_000), tree(10_010))
    assert len(pack(change)) < 1000
    assert change == {"change": {"times": change["change"]["times"],
                                 "panels": change["change"]["panels"]}}


def test_rows_that_changed_are_all_sent() -> None:
    after = tree(7)
    after["times"][0] = -1.0
    change = difference(tree(4), after)
    assert change is not None
    np.testing.assert_array_equal(change["change"]["times"]["whole"], after["times"])


def test_an_array_that_occurs_twice_is_sent_once() -> None:
    def both(count: int) -> dict[str, Any]:
        pictures = np.ones((count, 64, 44), np.uint8)
        return {"overlay": pictures, "film": pictures}

    assert len(pack(difference(both(10), both(20)))) < 1.2 * 10 * 64 * 44
