"""The code of the README is that of the files that are tested."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_pattern_and_the_example_are_those_of_the_files() -> None:
    readme = (ROOT / "README.md").read_text()
    blocks = [part.partition("```")[0] for part in readme.split("```python\n")[1:]]
    pattern, example = blocks[:2]
    assert "class HybridCNNRNN" in pattern
    assert pattern in (ROOT / "hybridcore" / "lab" / "hybrid.py").read_text()
    assert example == (ROOT / "examples" / "own_network.py").read_text()
