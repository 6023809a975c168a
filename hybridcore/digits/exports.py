"""What is heard as subtitles."""

from __future__ import annotations

from pathlib import Path

from hybridcore.digits.view import DigitAnswer, cues
from hybridcore.progress import Progress
from hybridcore.text import vtt_text


def write_vtt(answer: DigitAnswer, path: Path, progress: Progress | None = None) -> None:
    """The digits as WebVTT, each with those before it."""
    path.write_text(vtt_text(cues(answer.result)), encoding="utf-8")
