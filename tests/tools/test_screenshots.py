"""The pictures of the README are those that the tool takes."""

import re
from pathlib import Path

import pytest

screenshots = pytest.importorskip("tools.screenshots", exc_type=ImportError)

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_shows_every_picture_and_no_other_lies_there() -> None:
    shown = re.findall(r"\]\(assets/screenshots/(\w+)\.png\)", README.read_text())
    assert sorted(shown) == sorted(screenshots.names())
    assert {path.stem for path in screenshots.SCREENSHOTS.iterdir()} == set(shown)
