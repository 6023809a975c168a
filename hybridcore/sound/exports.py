"""The files of a sound: itself, its onsets, the clip with it."""

from __future__ import annotations

from pathlib import Path

from hybridcore.media import Clip
from hybridcore.media.mux import mux
from hybridcore.progress import Progress
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.midi import midi
from hybridcore.sound.result import SoundResult
from hybridcore.system import Answer

SoundAnswer = Answer[Clip, SoundResult]


def write_wav(answer: SoundAnswer, path: Path, progress: Progress | None = None) -> None:
    """The sound as 16-bit WAV, whatever the file is called."""
    path.write_bytes(answer.result.to_wav())


def write_midi(answer: SoundAnswer, path: Path, progress: Progress | None = None) -> None:
    """The onsets as notes."""
    path.write_bytes(midi(answer.result.onsets))


def write_mp4(answer: SoundAnswer, path: Path, progress: Progress | None = None) -> None:
    """The clip's pictures with the sound that was made in place of its own.

    Raises:
        MediaError: the clip does not decode any more, or ``path`` is the clip itself.
    """
    mux(answer.source, answer.result.sound, RATE, path, progress)


def text(answer: SoundAnswer) -> str:
    """The onsets as lines for a person."""
    return answer.result.to_text()


def headline(answer: SoundAnswer) -> str:
    """The answer in a line."""
    return answer.result.headline()


def notes(answer: SoundAnswer) -> tuple[str, ...]:
    """What could not be used of a bank that was read for this answer."""
    return answer.result.bank.problems if isinstance(answer.options.get("bank"), Path) else ()
