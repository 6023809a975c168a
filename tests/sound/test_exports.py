"""What is exported of a sound, read back: every file says what the result of its kind says."""

import csv
import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hybridcore.media import Clip, read_sound
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.model import KINDS, Kind
from hybridcore.sound.system import SYSTEM
from tests.sound.made import HITS, STRENGTH, STRUCK, SURE, answer

EXPORTS = {export.key: export for export in SYSTEM.exports}
NOTES = {"metal": 53, "wood": 77, "ceramic": 56, "water": 79}


def written(key: str, kind: Kind, video: Path, tmp_path: Path) -> Path:
    path = tmp_path / EXPORTS[key].file_name
    EXPORTS[key].write(answer(kind, video), path, None)
    return path


def check_rows(rows: list[dict], kind: Kind) -> None:
    """Time, strength in dB (negative), confidence as a probability, material: of this kind."""
    assert [float(row["time"]) for row in rows] == pytest.approx(HITS[kind], abs=0.01)
    assert [float(row["strength"]) for row in rows] == [STRENGTH[kind]] * len(rows)
    assert [float(row["confidence"]) for row in rows] == pytest.approx(
        [SURE[kind]] * len(rows), abs=1e-3)
    assert {row["material"] for row in rows} == {STRUCK[kind]}
    assert {row["action"] for row in rows} == {"hit"}


@pytest.mark.parametrize("kind", KINDS)
def test_csv(kind: Kind, video: Path, tmp_path: Path) -> None:
    text = written("csv", kind, video, tmp_path).read_text()
    assert text.splitlines()[0] == "time,strength,action,material,confidence,exemplar"
    check_rows(list(csv.DictReader(io.StringIO(text))), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_json(kind: Kind, video: Path, tmp_path: Path) -> None:
    content = json.loads(written("json", kind, video, tmp_path).read_text())
    assert (content["model"], content["duration"]) == (kind, 2.0)
    assert (content["method"], content["bank"]) == ("exemplar", "synthetic")
    check_rows(content["onsets"], kind)


@pytest.mark.parametrize("kind", KINDS)
def test_midi(kind: Kind, video: Path, tmp_path: Path) -> None:
    notes = notes_on(written("midi", kind, video, tmp_path).read_bytes())
    assert [time for time, _, _ in notes] == pytest.approx(HITS[kind], abs=0.011)
    assert {note for _, note, _ in notes} == {NOTES[STRUCK[kind]]}
    # -60 dB is hardly heard, 0 dB as loud as it gets: louder is faster.
    loudness = round(127 * (STRENGTH[kind] + 60) / 60)
    assert {velocity for _, _, velocity in notes} == {loudness}


@pytest.mark.parametrize("kind", KINDS)
def test_wav_is_heard_at_the_onsets(kind: Kind, video: Path, tmp_path: Path) -> None:
    sound, rate = soundfile.read(written("wav", kind, video, tmp_path), dtype="float32")
    assert (rate, len(sound)) == (RATE, 2 * RATE)
    result = answer(kind, video).result
    np.testing.assert_allclose(sound, result.sound, atol=2 / 32768)
    first = round((result.onsets[0].time - 0.02) * RATE)
    assert not sound[:first].any()
    for onset in result.onsets:
        at = round(onset.time * RATE)
        assert np.abs(sound[at : at + RATE // 50]).max() > 0.01


def test_wav_is_wav_whatever_the_file_is_called(video: Path, tmp_path: Path) -> None:
    EXPORTS["wav"].write(answer("lstm", video), tmp_path / "sound", None)
    assert soundfile.info(tmp_path / "sound").format == "WAV"


@pytest.mark.parametrize("kind", ["lstm", "frame"])
def test_mp4_has_the_made_sound_in_place_of_the_clips_own(
    kind: Kind, loud_video: Path, tmp_path: Path
) -> None:
    path = written("mp4", kind, loud_video, tmp_path)
    original, copy = Clip.open(loud_video), Clip.open(path)
    assert copy.info.frame_count == original.info.frame_count
    made = answer(kind, loud_video).result.sound
    heard = read_sound(path, RATE)
    shared = min(len(made), len(heard))
    assert np.corrcoef(made[:shared], heard[:shared])[0, 1] > 0.9
    own = read_sound(loud_video, RATE)[:shared]
    assert abs(np.corrcoef(own, heard[:shared])[0, 1]) < 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_text_says_percent_with_one_decimal(kind: Kind, video: Path) -> None:
    head, *lines = SYSTEM.text(answer(kind, video)).splitlines()
    assert head.split() == ["time", "dB", "confidence", "action", "material", "sound"]
    assert len(lines) == len(HITS[kind])
    assert f"{STRENGTH[kind]:.1f}  " in lines[0]
    assert f" {100 * SURE[kind]:.1f} %  hit" in lines[0]
    count = len(HITS[kind])
    plural = "s" if count > 1 else ""
    assert SYSTEM.headline(answer(kind, video)) == f"{count} hit{plural} on {STRUCK[kind]}"


def notes_on(content: bytes) -> list[tuple[float, int, int]]:
    """Time (s), note and velocity of every note that begins on channel 10 of a format 0 file."""
    _, division = struct.unpack(">HH", content[10:14])
    at, now, microseconds, notes = content.index(b"MTrk") + 8, 0.0, 500_000, []
    while at < len(content):
        delta = 0
        while True:
            byte, at = content[at], at + 1
            delta = delta << 7 | byte & 0x7F
            if byte < 0x80:
                break
        now += delta * microseconds / 1e6 / division
        if content[at] == 0xFF:
            kind, length = content[at + 1], content[at + 2]
            body = content[at + 3 : at + 3 + length]
            microseconds = int.from_bytes(body, "big") if kind == 0x51 else microseconds
            at += 3 + length
        else:
            if content[at] == 0x99:
                notes.append((now, content[at + 1], content[at + 2]))
            at += 3
    return notes
