"""What a head learns, how it is tested, what it says, and its file."""

from __future__ import annotations

import json
import pickle
import struct
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from hybridcore.errors import TextError, WeightsError
from hybridcore.teach.features import Features
from hybridcore.teach.head import Head, label, teach
from hybridcore.teach.head_file import check_fit, from_bytes, to_bytes
from hybridcore.teach.held_out import PARTS, deal, taught
from hybridcore.teach.marks import NONE
from hybridcore.teach.network import SteadyDropout, TwoWayGRU
from hybridcore.teach.projection import COMPONENTS, Projection, principal
from tests.teach.made import LABELS, made_up

ALL = {"all": ("seen", "noise")}
NAMES = {"title": "Test", "system": "scene", "recipe": "made up", "basis": "0"}


@pytest.fixture(scope="module")
def head() -> Head:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hybridcore.teach.fit.ROUNDS", 50)  # suffice for what is made up
        patch.setattr("hybridcore.teach.fit.BATCH", 8)
        return teach([made_up(0)], aspects=ALL, **NAMES)


def test_the_gru_is_that_of_torch_in_every_group() -> None:
    torch.manual_seed(0)
    ours = TwoWayGRU(groups=2, inputs=5, hidden=3)
    inputs = torch.randn(2, 4, 7, 5)
    for group in range(2):
        theirs = nn.GRU(5, 3, batch_first=True, bidirectional=True)
        for way, suffix in enumerate(("", "_reverse")):
            at = 2 * group + way
            for name, rows in (("ih", ours.inputs), ("hh", ours.recurrent)):
                getattr(theirs, f"weight_{name}_l0{suffix}").data = rows.weight[at].T
                getattr(theirs, f"bias_{name}_l0{suffix}").data = rows.bias[at, 0]
        torch.testing.assert_close(ours(inputs)[group], theirs(inputs[group])[0])


def test_components_have_unit_variance_and_none_is_made_up() -> None:
    lesson = made_up(0)
    weight, bias = principal(lesson.features.values, lesson.features.parts)
    projected = lesson.features.values @ weight + bias
    assert projected.shape == (len(lesson.features), 2 * COMPONENTS)
    np.testing.assert_allclose(projected.mean(0), 0, atol=1e-3)
    for part, columns in enumerate(lesson.features.parts.values()):
        variance = projected[:, COMPONENTS * part : COMPONENTS * (part + 1)].var(0)
        assert variance[:columns].mean() == pytest.approx(1, abs=1e-3)
        assert not variance[columns:].any()


def test_the_projection_of_a_part_is_that_of_the_part_alone() -> None:
    lesson = made_up(0)
    (labels,) = taught([lesson], LABELS)
    alone = Projection.fitted([lesson.features.only(["noise"])], [labels])
    narrowed = Projection.fitted([lesson.features], [labels]).only(["noise"])
    assert narrowed.parts == alone.parts == {"noise": 4}
    torch.testing.assert_close(narrowed.weight, alone.weight)
    torch.testing.assert_close(narrowed.bias, alone.bias)
    with pytest.raises(ValueError, match="no sound"):
        lesson.features.only(["seen", "sound"])


def test_dropout_is_steady_over_time_and_only_while_learning() -> None:
    drop, ones = SteadyDropout(0.5), torch.ones(2, 3, 4, 50)
    assert (drop(ones) == drop(ones)[:, :, :1]).float().mean() < 1  # another draw each time
    dropped = drop(ones)
    assert (dropped == dropped[:, :, :1]).all()
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert (drop.eval()(ones) == ones).all()


def test_no_step_of_a_held_out_stretch_is_told() -> None:
    lesson = made_up(0)
    (told,), (dealt,) = taught([lesson], LABELS), deal([lesson])
    assert len(told) == 1 + min(PARTS, 4)
    assert (told[0] == lesson.labels(LABELS)).all()
    for number, part in enumerate(dealt):
        steps = lesson.at == number
        assert (told[1 + part, steps] == -1).all()
        assert (told[[k for k in range(len(told)) if k != 1 + part]][:, steps] >= 0).all()


def test_memory_tells_what_one_step_cannot(head: Head) -> None:
    held = head.held_out
    assert (held.stretches, held.most, held.once) == (12, 4, ())
    assert held.memory.right == 12
    assert held.memory.seconds > 0.9 * held.seconds > 21
    assert held.still.seconds < 0.8 * held.seconds  # rising and falling are one to it
    assert "12 of 12" in held.verdict
    assert head.marked == pytest.approx((8, 8, 8))


def test_that_is_kept_which_does_best_on_what_was_held_out(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.teach.fit.ROUNDS", 12)
    monkeypatch.setattr("hybridcore.teach.fit.BATCH", 8)
    chosen = teach([made_up(0)], aspects={"noise only": ("noise",), "seen only": ("seen",)},
                   **NAMES)
    assert (chosen.aspect, chosen.parts) == ("seen only", {"seen": 6})
    assert chosen.compared["seen only"] == chosen.held_out.memory
    assert chosen.compared["noise only"].seconds < 0.6 * chosen.compared["seen only"].seconds
    assert "Learned from seen only. Right on" in chosen.learned_from
    again = from_bytes(to_bytes(chosen), "head.safetensors")
    assert (again.aspect, again.compared) == (chosen.aspect, chosen.compared)
    features = made_up(0).features
    blind = features.values.copy()
    blind[:, 6:] = 100  # what it did not learn from is not looked at
    assert (label(again, replace(features, values=blind)).codes == label(again, features).codes
            ).all()


def test_another_clip_is_labelled_and_the_unknown_is_none(head: Head) -> None:
    lesson = made_up(0, stretches=9)
    said = label(head, lesson.features)
    assert (said.codes == lesson.labels(LABELS)).mean() > 0.9
    assert [s.label for s in said.stretches][:3] == ["falling", "rising", "still"]
    assert said.stretches[-1].end == pytest.approx(18)
    strange = replace(lesson.features, values=lesson.features.values * -6 + 20)
    unknown = label(head, strange)
    assert {s.label for s in unknown.stretches} == {NONE}
    assert unknown.to_vtt() == "WEBVTT\n"
    assert unknown.to_csv().splitlines()[1:] == [f"0.0,18.0,{NONE},"]
    assert unknown.to_text().endswith(f"18.00{'':13}  {NONE}")
    assert len(json.loads(said.to_json())["probabilities"]) == len(lesson.features)
    assert said.to_csv().splitlines()[0] == "start,end,label,probability"
    strip = said.strip(np.arange(0, 18, 0.04))
    assert strip.codes[0] == LABELS.index("falling")


def test_too_little_is_said_to_be_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hybridcore.teach.fit.ROUNDS", 3)
    lesson = made_up(0, stretches=4)
    few = teach([lesson], aspects={**ALL, "seen only": ("seen",)}, **NAMES)
    held = few.held_out
    assert few.aspect == "all"
    assert "too little is marked" in few.learned_from
    assert held.once == ("rising", "still")
    assert "Too little" in held.verdict
    with pytest.raises(TextError, match="at least two"):
        teach([replace(lesson, marks=lesson.marks[:1])], aspects=ALL, **NAMES)
    short = replace(lesson.marks[1], end=lesson.marks[1].start + 0.3)
    with pytest.raises(TextError, match="less than 1 s of rising"):
        teach([replace(lesson, marks=(lesson.marks[0], short))], aspects=ALL, **NAMES)


def test_a_head_is_the_same_after_its_file(head: Head) -> None:
    again = from_bytes(to_bytes(head), "head.safetensors")
    assert len(to_bytes(head)) < 200_000
    assert (again.names, again.marked, again.held_out, again.parts) == (
        head.names, head.marked, head.held_out, head.parts)
    features = made_up(0).features
    assert (label(again, features).codes == label(head, features).codes).mean() > 0.99
    check_fit(again, system="scene", recipe="made up", basis="0")
    with pytest.raises(WeightsError, match="was taught on scene"):
        check_fit(again, system="sound", recipe="made up", basis="0")
    with pytest.raises(WeightsError, match="another version"):
        check_fit(again, system="scene", recipe="made up", basis="1")


def poisoned(head: Head) -> dict[str, bytes]:
    """Files that are no head, by what is wrong."""
    good = to_bytes(head)
    tensors = load(good)
    length = struct.unpack("<Q", good[:8])[0]
    text = json.loads(good[8 : 8 + length])["__metadata__"]["hybridcore.head"]

    def told(**changes: object) -> bytes:
        return save(tensors, {"hybridcore.head": json.dumps({**json.loads(text), **changes})})

    def with_tensor(name: str, value: torch.Tensor) -> bytes:
        return save({**tensors, name: value}, {"hybridcore.head": text})

    weight = tensors["classifier.weight"]
    return {
        "nothing": b"",
        "pickle": pickle.dumps({"classifier.weight": [1.0]}),
        "cut off": good[: len(good) // 2],
        "long header": struct.pack("<Q", 1 << 62) + good[8:],
        "no description": save(tensors),
        "no json": save(tensors, {"hybridcore.head": "{" * 4000}),
        "nested": save(tensors, {"hybridcore.head": "[" * 100_000}),
        "unknown key": told(code="x"),
        "another format": told(format=2),
        "names of wrong type": told(names=[1, 2, 3]),
        "names that move the page": told(names=["a\n# b", "b", "c"]),
        "one name twice": told(names=["a", "a", "b"]),
        "more names than classes": told(names=["a", "b", "c", "d"]),
        "huge": told(hidden=10**9),
        "negative": told(hidden=-1),
        "huge parts": told(parts={"seen": 10**9, "noise": 4}),
        "other parts": told(parts={"seen": 7, "noise": 4}),
        "infinite limit": told(strange=float("inf")),
        "aspect that moves the page": told(aspect="a\n# b"),
        "compared to what cannot be": told(compared={"a": {"right": 99, "seconds": 1.0}}),
        "more right than tried": told(
            held_out={**json.loads(text)["held_out"], "stretches": 1}),
        "not a number": with_tensor("classifier.weight", weight * float("nan")),
        "integers": with_tensor("classifier.weight", weight.int()),
        "another shape": with_tensor("classifier.weight", weight[:, :-1].contiguous()),
        "one more tensor": with_tensor("more", weight.clone()),
        "too large": bytes(9 << 20),
    }


def test_poisoned_files_are_refused_in_a_sentence(head: Head) -> None:
    for what, content in poisoned(head).items():
        with pytest.raises(WeightsError) as error:
            from_bytes(content, "head.safetensors")
        said = str(error.value)
        assert said.startswith("head.safetensors"), what
        assert said.endswith("."), what
        assert "\n" not in said, what
        assert len(said) < 200, (what, said)


def test_features_must_fit_their_times() -> None:
    with pytest.raises(ValueError, match="parts"):
        Features(np.arange(3.0), np.zeros((3, 4)), {"a": 3}, 1.0)
    with pytest.raises(ValueError, match="increasing"):
        Features(np.zeros(3), np.zeros((3, 3)), {"a": 3}, 1.0)
