"""The samples of the emotion room: faces that this project draws, voices that it synthesises."""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _made(file: str, title: str, caption: str, *, fails: bool = False) -> Sample:
    return Sample(file.partition(".")[0].removeprefix("emotion-"), title, caption,
                  ASSETS / "samples" / file, fails=fails)


SAMPLES = (
    _made("emotion-face.mp4", "A face and a voice",
          "Drawn: a face that smiles, frowns and is astonished, while a made voice counts. Nobody "
          "feels anything here."),
    _made("emotion-voices.flac", "Three voices",
          "Made: somebody counts with a low and even voice, then fast, high and hoarse, then "
          "slowly. What differs are pitch, tempo and edge."),
    _made("emotion-group.png", "Three portraits",
          "Drawn: three faces on a wall; two smile, one is angry."),
    _made("emotion-music.flac", "Music only",
          "Made: chords and a melody. Nobody speaks, so the voice gets no emotion."),
)
