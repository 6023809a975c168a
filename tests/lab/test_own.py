"""A network of somebody's own becomes a system, and what is wrong with its file gets words."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from hybridcore.__main__ import main
from hybridcore.answers import finish, key_of, look, shared_model
from hybridcore.errors import OptionError
from hybridcore.lab.hybrid import HybridCNNRNN, HybridConfig
from hybridcore.lab.own import OwnModel
from hybridcore.media import Clip
from hybridcore.system import At
from hybridcore.systems import OWN, systems
from tests.pages.pages import ROOT, open_page, wait_for_charts

EXAMPLE = ROOT / "examples" / "own_network.py"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(OWN, str(EXAMPLE))
    return "mine"


def test_the_example_answers_as_the_module_itself_does(example: str, two_shots: Path) -> None:
    system, clip = systems()[example], Clip.open(two_shots)
    (reader, *_) = system.reads
    outputs = look(system, reader, clip, {})
    answer = finish(system, shared_model(system), outputs, clip, "lstm", {})
    frames = np.concatenate([chunk.frames for chunk in clip.chunks(size=(36, 64))])
    batch = torch.from_numpy(frames).float().div(255).permute(0, 3, 1, 2)[None]
    module = shared_model(system).module
    with torch.inference_mode():
        expected = module(batch).softmax(1).numpy()[0]
        first = module(batch[:, :1]).softmax(1).numpy()[0]
        last = module(batch[:, -1:]).softmax(1).numpy()[0]
    np.testing.assert_allclose(answer.result.p[-1], expected, atol=1e-5)
    erased = finish(system, shared_model(system), outputs, clip, "frame", {})
    np.testing.assert_allclose(erased.result.p[0], first, atol=1e-5)
    np.testing.assert_allclose(erased.result.p[-1], last, atol=1e-5)
    states = system.states(answer, At())
    assert states is not None
    np.testing.assert_allclose(states.trace.o * np.tanh(states.trace.c), states.trace.h, atol=1e-5)
    view = system.view(answer, 0)
    assert view is not None
    np.testing.assert_array_equal(view.strips[0].codes, answer.result.p.argmax(1))


def test_its_page_opens_and_its_command_writes(
    example: str, two_shots: Path, tmp_path: Path
) -> None:
    app = wait_for_charts(open_page(example))
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "My network"
    assert main([example, str(two_shots), "--as", "csv", "--to", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    rows = list(csv.DictReader(path.open()))
    assert len(rows) == 60
    assert {row["label"] for row in rows} <= {"left", "right", "still"}


def test_another_content_of_the_file_is_another_answer(
    example: str, two_shots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, clip = systems()[example], Clip.open(two_shots)
    changed = tmp_path / "changed.py"
    changed.write_text(EXAMPLE.read_text().replace("manual_seed(0)", "manual_seed(1)"))
    monkeypatch.setenv(OWN, str(changed))
    other = systems()[example]
    assert key_of(system, system.reads[0], clip, {}) != key_of(other, other.reads[0], clip, {})


@pytest.mark.parametrize(("content", "words"), [
    (None, "no Python file"), ("x = 1", "holds no SYSTEM"), ("import nowhere", "nowhere"),
    ("SYSTEM = ", "SyntaxError"),
    ("from hybridcore.scene.system import SYSTEM", "system scene already"),
])
def test_a_wrong_file_gets_words(
    content: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "own.py"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv(OWN, str(path))
    with pytest.raises(OptionError, match=words):
        systems()
    assert main(["commands"]) == 1
    assert words in capsys.readouterr().err


def test_a_module_that_does_not_fit_gets_words(two_shots: Path) -> None:
    with pytest.raises(OptionError, match="no read"):
        OwnModel(nn.Linear(2, 2), ("a",), (8, 8), 3)
    config = HybridConfig(channels=3, height=8, width=8, classes=2)
    clip = Clip.open(two_shots)
    with pytest.raises(OptionError, match="2 classes, but 3"):
        OwnModel(HybridCNNRNN(config=config), ("a", "b", "c"), (8, 8), 3).run(clip)
    with pytest.raises(OptionError, match="cannot read frames"):
        OwnModel(HybridCNNRNN(config=config), ("a", "b"), (8, 8), 1).run(clip)
    both = HybridCNNRNN(config=config)
    both.lstm = nn.LSTM(config.features, 4, bidirectional=True, batch_first=True)
    with pytest.raises(OptionError, match="one direction"):
        OwnModel(both, ("a", "b"), (8, 8), 3)


def test_the_server_takes_files_after_two_dashes(monkeypatch: pytest.MonkeyPatch) -> None:
    from hybridcore.studio.routing import _name_own

    monkeypatch.setenv(OWN, "")
    _name_own(["--own", "a.py", "b.py"])
    assert os.environ[OWN] == os.pathsep.join(("a.py", "b.py"))
