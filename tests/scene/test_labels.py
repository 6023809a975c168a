"""What is said of given probabilities: the most telling name that is likely enough."""

from __future__ import annotations

import numpy as np
import pytest

from hybridcore.encoder.labels import scene_names
from hybridcore.scene.calibration import calibrate
from hybridcore.scene.families import FAMILIES, membership
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.labels import LEVELS, NONE, NOT_SURE, levels, names, said, said_in_turn, title


def mixture(**shares: float) -> np.ndarray:
    """``[1, 100]``: the shares of some scenes, what is left spread over all others."""
    given = {name.replace("_", " "): share for name, share in shares.items()}
    p = np.full(100, (1 - sum(given.values())) / (100 - len(given)), np.float32)
    for name, share in given.items():
        p[scene_names().index(name)] = share
    return p[None]


@pytest.mark.parametrize(("probabilities", "label", "probability"), [
    (mixture(bar=0.6), "bar", 0.6),
    (mixture(bar=0.4, restaurant=0.3), "place to eat or drink", 0.7),
    (mixture(bar=0.3, kitchen=0.3, office=0.3), "indoor", 0.9),
    (mixture(bar=0.3, river=0.3, palace=0.3), NOT_SURE, 0.3),
])
def test_the_most_telling_name_that_is_likely_enough(
    probabilities: np.ndarray, label: str, probability: float
) -> None:
    (code,), (value,) = said(probabilities, np.ones(1), 0.5)
    assert names()[code] == label
    assert value == pytest.approx(probability, abs=0.05)


def test_a_lower_threshold_says_more() -> None:
    p = mixture(bar=0.4, restaurant=0.3)
    told = [names()[said(p, np.ones(1), threshold)[0][0]] for threshold in (0.3, 0.5, 0.8, 0.99)]
    assert told == ["bar", "place to eat or drink", "indoor", NOT_SURE]


def test_a_name_is_kept_until_it_is_far_less_likely() -> None:
    """Hysteresis: 0.5 to be said, a third less to stay; what is as telling takes over at once."""
    shares = [0.4, 0.5, 0.4, 0.34, 0.3, 0.4, 0.6, 0.4]
    p = np.concatenate([mixture(bar=share) for share in shares])
    p = np.concatenate([p, mixture(bar=0.4, river=0.55)])
    codes, values = said_in_turn(p, np.ones(len(p)), 0.5)
    told = [names()[code] for code in codes]
    assert [name == "bar" for name in told] == [
        False, True, True, True, False, False, True, True, False]
    assert told[-1] == "river"
    assert values[2:4] == pytest.approx([0.4, 0.34])
    alone, _ = said(p, np.ones(len(p)), 0.5)
    assert [names()[code] == "bar" for code in alone] == [
        False, True, False, False, False, False, True, False, False]


def test_what_is_no_place_is_none_that_it_knows() -> None:
    """The share of none goes first, and a group is told whatever it is."""
    p = mixture(bar=0.7, restaurant=0.3)
    told = [names()[said(p * known, np.array([known]), 0.5)[0][0]] for known in (0.8, 0.6, 0.4)]
    assert told == ["bar", "place to eat or drink", NONE]
    assert names()[said(p * 0.45, np.array([0.45]), 0.6)[0][0]] == "indoor"


def test_what_is_no_more_likely_than_not_is_not_sure() -> None:
    """However low the threshold is: one of three groups is always a third likely."""
    p = mixture(bar=0.2, office=0.2, river=0.2, mountain=0.2, palace=0.1, highway=0.1)
    assert names()[said(p * 0.6, np.array([0.6]), 0.3)[0][0]] == NOT_SURE


def test_every_name_has_its_level() -> None:
    by_level = {level: [name for name, k in zip(names(), levels(), strict=True)
                        if LEVELS[k] == level] for level in LEVELS}
    assert by_level == {"scene": list(scene_names()), "family": list(FAMILIES),
                        "none": [NONE], "group": list(GROUPS), NOT_SURE: [NOT_SURE]}
    assert len(set(names())) == len(names())


def test_every_scene_has_one_family_and_a_family_one_group() -> None:
    family, group = membership(scene_names())
    assert (family.sum(1) == 1).all()
    assert sum(map(len, FAMILIES.values())) == 100
    assert ((family.T @ group > 0).sum(1) == 1).all()


def test_who_is_not_sure_says_what_it_could_be() -> None:
    bar = scene_names().index("bar")
    assert title(bar, bar) == "bar"
    assert title(names().index(NOT_SURE), bar) == "not sure (bar?)"


def test_a_temperature_keeps_the_order_and_half_precision_keeps_the_answer() -> None:
    p = np.random.default_rng(0).dirichlet(np.full(100, 0.05), 50).astype(np.float32)
    for temperature in (0.5, 1, 2, 4):
        soft = calibrate(p, temperature)
        np.testing.assert_allclose(soft.sum(1), 1, atol=1e-5)
        np.testing.assert_array_equal(soft.argmax(1), p.argmax(1))
        stored = calibrate(p.astype(np.float16).astype(np.float32), temperature)
        np.testing.assert_allclose(stored, soft, atol=4e-3)
    np.testing.assert_allclose(calibrate(np.array([[0.8, 0.2]]), 2), [[2 / 3, 1 / 3]], atol=1e-6)
