"""The pattern: three spellings of one network, its shapes, and the one that breaks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from hybridcore.errors import OptionError
from hybridcore.lab.hybrid import HybridCNNRNN, HybridConfig
from hybridcore.lab.shapes import as_file, shapes, what_breaks


def test_the_three_spellings_are_one_network() -> None:
    config = HybridConfig(channels=3, height=11, width=14, filters=4, hidden=5, classes=2)
    frames = torch.randn(2, 6, 3, 11, 14)
    networks = [HybridCNNRNN(config=config, spelling=spelling)
                for spelling in ("reshape", "wrap all", "wrap each layer")]
    for network in networks[1:]:
        weights = dict(zip(network.state_dict(), networks[0].state_dict().values(), strict=True))
        network.load_state_dict(weights)
        torch.testing.assert_close(network(frames), networks[0](frames))


def test_shapes_are_those_of_the_readers_input_and_the_wrong_one_breaks() -> None:
    steps = {step.name: step.shape for step in shapes(HybridConfig(), 32, 8)}
    assert steps["clips"] == (32, 8, 1, 28, 28)
    assert steps["pooling"] == (32, 8, 16, 13, 13)
    assert steps["flattened"] == (32, 8, 2704)
    assert steps["classes"] == (32, 10)
    assert HybridConfig().features == 2704
    assert "3136" in what_breaks(HybridConfig(), 16 * 14 * 14).replace(",", "")
    assert what_breaks(HybridConfig(), 2704) == ""
    with pytest.raises(OptionError, match="4 x 4"):
        shapes(HybridConfig(height=3), 1, 1)
    with pytest.raises(OptionError, match="maps of these clips"):
        shapes(HybridConfig(height=512, width=512), 8, 8)
    with pytest.raises(OptionError, match="17,050,107,904 weights"):
        shapes(HybridConfig(height=512, width=512, filters=64, hidden=1024), 1, 1)


def test_the_file_runs_by_itself_with_the_readers_sizes(tmp_path: Path) -> None:
    path = tmp_path / "hybrid.py"
    path.write_text(as_file(HybridConfig(channels=3, height=20, width=9, classes=7)))
    done = subprocess.run([sys.executable, "-I", path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "torch.Size([32, 7])"
