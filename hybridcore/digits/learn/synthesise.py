"""Have speech synthesisers say digits in hundreds of voices, for training alone.

``python -m hybridcore.digits.learn.synthesise --data FOLDER``

Six speakers are few. ``espeak-ng`` (formants; accents, variants of its voice, pitch, pace),
``flite`` (voices learned from four people) and :mod:`~hybridcore.digits.learn.voice` are asked for
every digit; some voices read English with the sounds of another language, as many who will speak
into a microphone do. Recordings are ``DIGIT_SPEAKER_NUMBER.wav`` at 8 kHz, silence cut off, as
those of the data set are. Both programs are packages of Debian; nothing of them is part of this
project.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable

import numpy as np
import soundfile
from scipy.signal import resample_poly

from hybridcore.digits.learn import voice
from hybridcore.digits.learn.data import MADE, slower
from hybridcore.digits.model import WORDS
from hybridcore.media.mel import RATE
from hybridcore.training.options import script_parser

_TAKES = 2  # that each voice says every digit
_ENGLISH = ("en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd",
            "en-029", "en-us-nyc")
# As who speaks that language would write down the English word.
_ACCENTS = {
    "de": "siero wann tu sri for feif sicks sewen äit nein",
    "fr-fr": "zirau ouane tou sri for faïve sixe sévène eïte naïne",
    "nl": "ziero wan toe srie for faif siks sevven eet nain",
    "it": "zirou uan tu tri for faiv sics seven eit nain",
    "es": "sirou uan tu tri for faif sics seven eit nain",
}
_VARIANTS = """
    m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt3 klatt4 adam Alex Alicia Andrea Andy
    Annie anika antonio aunty belinda benjamin boris caleb david Denis Diogo ed edward Gene Gene2
    grandma grandpa gustave Henrique Hugo iven iven2 Jacky john Lee linda Marco Mario max michel
    Michael miguel Mike norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 travis
    victor zac
"""
_PEOPLE = {"kal16": 105.0, "awb": 120.0, "rms": 100.0, "slt": 175.0}  # flite's, and their pitch, Hz
_SILENCE = 0.02  # of the loudest sample
Say = Callable[[int, np.random.Generator], np.ndarray]


def _formant_voice(rng: np.random.Generator) -> Say:
    """Somebody whom espeak-ng makes."""
    foreign = rng.random() < 0.3
    language = str(rng.choice(list(_ACCENTS) if foreign else _ENGLISH))
    words = _ACCENTS[language].split() if foreign else list(WORDS)
    name = f"{language}+{rng.choice(_VARIANTS.split())}"
    pitch, pace = rng.integers(15, 86), rng.integers(120, 221)

    def say(digit: int, rng: np.random.Generator) -> np.ndarray:
        return heard(["espeak-ng", "-v", name, "-p", str(pitch + rng.integers(-8, 9)),
                      "-s", str(pace + rng.integers(-20, 21)), "--stdout", words[digit]])

    return say


def _learned_voice(rng: np.random.Generator) -> Say:
    """Somebody whom flite has after one of four people."""
    name = str(rng.choice(list(_PEOPLE)))
    pitch, stretch = _PEOPLE[name] * rng.uniform(0.8, 1.3), rng.uniform(0.75, 1.25)

    def say(digit: int, rng: np.random.Generator) -> np.ndarray:
        return heard(["flite", "-voice", name,
                      "--setf", f"int_f0_target_mean={pitch * rng.uniform(0.95, 1.05):.1f}",
                      "--setf", f"duration_stretch={stretch * rng.uniform(0.9, 1.1):.2f}",
                      "-t", WORDS[digit], "-o", "/dev/stdout"])

    return say


def _own_voice(rng: np.random.Generator) -> Say:
    """Somebody whom this project's synthesiser makes."""
    somebody = voice.somebody(rng)
    return lambda digit, rng: _trimmed(slower(voice.say(digit, somebody, rng)))


_VOICES = ((_formant_voice, 200), (_learned_voice, 60), (_own_voice, 50))  # and how many of each


def heard(command: list[str]) -> np.ndarray:
    """What a program writes to its standard output as WAV, trimmed, float32 ``[n]`` at 8 kHz, its
    loudest sample 1.

    Raises:
        CalledProcessError, FileNotFoundError: the program fails, or is not installed.
    """
    written = subprocess.run(command, check=True, capture_output=True).stdout
    sound, rate = soundfile.read(io.BytesIO(written), dtype="float32")
    return _trimmed(resample_poly(sound, RATE, rate))


def _trimmed(sound: np.ndarray) -> np.ndarray:
    """Without the silence before and after, its loudest sample 1."""
    even: np.ndarray = sound / np.abs(sound).max()
    loud = np.flatnonzero(np.abs(even) > _SILENCE)
    return even[loud[0] : loud[-1] + 1]


def main() -> None:
    parser = script_parser(__doc__, data="where the recordings go", seed=True)
    args = parser.parse_args()
    args.data.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(args.seed)
    voices = (make for make, count in _VOICES for _ in range(count))
    for number, make in enumerate(voices):
        say = make(rng)
        for digit in range(len(WORDS)):
            for take in range(_TAKES):
                name = f"{digit}_{MADE}{number}_{take}.wav"
                soundfile.write(args.data / name, say(digit, rng), RATE, subtype="PCM_16")


if __name__ == "__main__":
    main()
