"""The sample recordings: nobody said them, this project's synthesiser made them."""

from __future__ import annotations

from hybridcore.cards import ASSETS
from hybridcore.system import Sample


def _made(key: str, title: str, caption: str) -> Sample:
    return Sample(key, title, caption, ASSETS / "samples" / f"digits-{key}.flac")


SAMPLES = (
    _made("number", "A telephone number", "Made: 555 0173, said by a low voice."),
    _made("noise", "In noise",
          "Made: 867 5309, said by a high voice while a hiss comes and goes; in the middle it is "
          "not sure."),
    _made("words", "Words that are none",
          "Made: four words of any sounds, none of them a digit. It is sure of nothing here; of "
          "other such words it is now and then, and wrong."),
)
