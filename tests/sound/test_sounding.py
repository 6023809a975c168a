"""From onsets to sound: inversion, bank, exemplars, mix, MIDI, table, game."""

import io
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch

from hybridcore.errors import MediaError
from hybridcore.sound.bank import Bank, Exemplar, shipped_bank
from hybridcore.sound.cochleagram import RATE, cochleagram_numpy
from hybridcore.sound.events import Onset
from hybridcore.sound.exemplar import nearest, ranked
from hybridcore.sound.game import Answer, answers_csv, draw_trials
from hybridcore.sound.heard import strengths
from hybridcore.sound.inversion import invert
from hybridcore.sound.midi import midi
from hybridcore.sound.mix import PEAK, Piece, mix
from hybridcore.sound.own_bank import cut, describe, read_own_bank
from hybridcore.sound.parametric import pieces
from hybridcore.sound.synthesis.synthesise import synthesise
from hybridcore.sound.table import from_table, to_table


def test_an_inverted_cochleagram_correlates_with_its_target() -> None:
    sound = np.concatenate([synthesise("wood", seed=2), synthesise("leaf", "scratch", seed=1)])
    target = cochleagram_numpy(sound)
    again = cochleagram_numpy(invert(torch.from_numpy(target), len(sound), seed=5))
    once = cochleagram_numpy(invert(torch.from_numpy(target), len(sound), seed=5, iterations=1))
    r = [np.corrcoef(target.ravel(), found.ravel())[0, 1] for found in (once, again)]
    assert r[1] > 0.97
    assert r[1] > r[0]


def test_silence_is_inverted_to_silence() -> None:
    assert np.abs(invert(torch.zeros(90, 42), RATE)).max() < 1e-4


def click(at: int = 300, length: int = 4000) -> np.ndarray:
    sound = np.zeros(length, np.float32)
    sound[at:] = np.exp(-np.arange(length - at) / 300) * np.cos(np.arange(length - at))
    return sound


def test_a_pasted_onset_falls_on_its_sample_and_has_its_level() -> None:
    times = np.array([0.1234567, 0.9, 1.5])
    track = mix([Piece(click(), 300, float(t), -30.0) for t in times], 2 * RATE)
    assert track.shape == (2 * RATE,)
    assert track.dtype == np.float32
    for time in times:
        at = round(time * RATE)
        assert track[at] == np.abs(track[at - 20 : at + 4000]).max()
        assert not track[at - 20 : at].any()
    assert strengths(track, RATE, times) == pytest.approx([-30.0] * 3, abs=0.3)


def test_no_piece_clips_and_silence_stays_silent() -> None:
    loud = mix([Piece(click(), 300, 0.01 * k, 0.0) for k in range(50)], RATE)
    assert np.abs(loud).max() <= PEAK + 1e-6
    assert len(loud) == RATE
    assert not mix([], 777).any()
    assert not mix([Piece(np.zeros(100, np.float32), 0, 0.1, -10.0)], RATE).any()


def test_pieces_over_both_ends_are_cut() -> None:
    track = mix([Piece(click(), 300, 0.0, -20.0), Piece(click(), 300, 0.099, -20.0)], RATE // 10)
    assert len(track) == RATE // 10
    assert np.abs(track[0]) > 0.01


def test_a_long_sound_gives_way_to_the_next() -> None:
    long = np.full(RATE, 0.3, np.float32)
    track = mix([Piece(long, 0, 0.0, -20.0), Piece(np.zeros(9, np.float32), 0, 0.4, -20.0)], RATE)
    assert np.abs(track[round(0.45 * RATE) :]).max() == 0


def onset(time: float, material: str = "metal", exemplar: str = "") -> Onset:
    return Onset(time, -20.0, "hit", material, exemplar=exemplar)


def test_the_nearest_is_of_the_material_and_a_chosen_one_stays() -> None:
    bank = shipped_bank()
    target = next(e for e in bank.exemplars if e.name.startswith("metal hit"))
    track = mix([Piece(target.sound, 0, 0.5, -15.0)], 2 * RATE)
    values = cochleagram_numpy(track)
    names = nearest(bank, values, [onset(0.5), onset(0.5, "wood"), onset(0.5, "wood", target.name)])
    assert names[0].startswith("metal hit")
    assert names[1].startswith("wood hit")
    assert names[2] == target.name
    (order,) = ranked(bank, values, [onset(0.5)])
    assert target.name in order[:3]
    assert sorted(order) == sorted(
        e.name for e in bank.exemplars if (e.material, e.action) == ("metal", "hit"))


def test_the_same_sound_is_not_heard_twice_in_a_row() -> None:
    values = np.ones((270, 42), np.float32)
    bank = Bank("few", [e for e in shipped_bank().exemplars if e.name[-2:] in ("1b", "2b", "3b")])
    names = nearest(bank, values, [onset(0.3 * k) for k in range(6)])
    assert all(one != other for one, other in pairwise(names))
    assert len(set(names)) == 3  # those that suit best
    unsure = nearest(bank, values, [onset(0.3 * k, "unsure") for k in range(4)])
    assert len({bank[name].material for name in unsure}) == 1  # one thing is struck
    lone = Bank("mine", [Exemplar("a", "", "", click())])
    assert nearest(lone, values, [onset(0.3), onset(0.6)]) == ["a", "a"]


def test_a_hard_blow_takes_a_sound_that_was_struck_hard() -> None:
    values = np.ones((90, 42), np.float32)
    names = [
        nearest(shipped_bank(), values, [Onset(0.3, strength, "hit", "wood")])[0]
        for strength in (-40.0, -10.0)]
    assert [name[-1] for name in names] == ["a", "c"]


def test_an_unknown_material_is_chosen_by_the_cochleagram_alone() -> None:
    bank = Bank("few", [e for e in shipped_bank().exemplars if e.name.endswith(" 3b")])
    target = bank["metal hit 3b"]
    values = cochleagram_numpy(mix([Piece(target.sound, 0, 0.5, target.strength)], 2 * RATE))
    (order,) = ranked(bank, values, [Onset(0.5, target.strength, "hit", "unsure")])
    assert len(order) == len(bank) // 2  # all that are struck
    assert order[0] == target.name


def test_parametric_pieces_are_like_the_prediction_and_repeatable() -> None:
    sound = np.zeros(RATE, np.float32)
    hit = synthesise("metal", seed=1)[: RATE // 2]
    sound[22_050 : 22_050 + len(hit)] = hit
    values = cochleagram_numpy(sound)
    (piece,) = pieces(values, [onset(0.5)], seed=3)
    again = pieces(values, [onset(0.5)], seed=3)[0]
    assert np.array_equal(piece.sound, again.sound)
    made = cochleagram_numpy(mix([piece], RATE))
    assert np.corrcoef(made[44:80].ravel(), values[44:80].ravel())[0, 1] > 0.8


def test_a_bank_with_bad_files_says_what_is_wrong_and_keeps_the_rest(tmp_path: Path) -> None:
    good = 0.5 * np.concatenate([np.zeros(2000), synthesise("wood"), np.zeros(2000)])
    folder = tmp_path / "mine"
    (folder / "metal").mkdir(parents=True)
    soundfile.write(folder / "metal" / "scratch.wav", good, RATE)
    soundfile.write(folder / "8bit.wav", good, RATE, subtype="PCM_U8")
    soundfile.write(folder / "stereo.flac", np.stack([good, good], 1), RATE)
    fast = np.repeat(good, 4)
    soundfile.write(folder / "fast.wav", fast, 192_000)
    soundfile.write(folder / "vorbis.ogg", good, RATE)
    soundfile.write(folder / "silent.wav", np.zeros(RATE), RATE)
    soundfile.write(folder / "long.flac", np.zeros(8000 * 400), 8000)
    (folder / "broken.wav").write_bytes(b"RIFF and nothing more")
    (folder / "empty.wav").touch()
    (folder / "notes.txt").write_text("not a sound")
    own = read_own_bank(folder)
    assert {e.name.split()[0] for e in own.exemplars} == {
        "metal/scratch.wav", "8bit.wav", "stereo.flac", "fast.wav", "vorbis.ogg"}
    assert {p.split()[0].rstrip(":") for p in own.problems} == {
        "silent.wav", "long.flac", "broken.wav", "empty.wav"}
    assert all(p.endswith(".") for p in own.problems)
    first = own["metal/scratch.wav"]
    assert (first.material, first.action) == ("metal", "scratch")
    assert abs(first.onset - 220) < 700  # the contact begins 5 ms into the piece


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def wav(sound: np.ndarray) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV")
    return file.getvalue()


def test_a_zip_that_is_a_trap_does_no_harm(tmp_path: Path) -> None:
    bomb = b"RIFF" + bytes(80_000_000)
    path = zipped(tmp_path / "trap.zip", {
        "../../escaped.wav": wav(synthesise("wood")), "/absolute.wav": wav(synthesise("wood")),
        "bomb.wav": bomb, "good.wav": wav(synthesise("glass")), "readme.md": b"hello"})
    assert path.stat().st_size < 1_000_000
    own = read_own_bank(path)
    assert next(e.name.split()[0] for e in own.exemplars) == "good.wav"
    assert {p.split()[0].rstrip(":") for p in own.problems} == {
        "escaped.wav", "absolute.wav", "bomb.wav"}
    assert not list(tmp_path.parent.rglob("escaped.wav"))


def test_many_sounds_are_cut_off_and_a_locked_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = wav(synthesise("glass"))
    path = zipped(tmp_path / "many.zip", {f"{k}.wav": good for k in range(4)})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1  # the first one has a password
    path.write_bytes(data)
    monkeypatch.setattr("hybridcore.sound.own_bank._MAX_FILES", 3)
    own = read_own_bank(path)
    assert {e.name.split()[0] for e in own.exemplars} == {"1.wav", "2.wav"}
    many, locked = own.problems
    assert "first 3 of 4" in many
    assert locked.startswith("0.wav ")


@pytest.mark.parametrize("content", [b"", b"not a zip at all", b"PK\x03\x04 broken"])
def test_what_is_no_zip_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bank.zip").write_bytes(content)
    with pytest.raises(MediaError, match="neither a folder nor a zip"):
        read_own_bank(tmp_path / "bank.zip")
    with pytest.raises(MediaError, match="no folder or zip"):
        read_own_bank(tmp_path / "missing.zip")
    with pytest.raises(MediaError, match="holds no usable sound"):
        read_own_bank(zipped(tmp_path / "none.zip", {"a.txt": b"x"}))


def test_a_recording_is_cut_at_its_onsets() -> None:
    track = mix([Piece(synthesise("wood"), 0, t, -15.0) for t in (0.5, 1.2, 2.0)], 3 * RATE)
    found = cut(track, "desk")
    assert [e.name for e in found] == ["desk 1", "desk 2", "desk 3"]
    assert cut(np.zeros(RATE, np.float32), "nothing") == []
    assert describe("My Metal/Scratch-02.wav") == ("metal", "scratch")
    assert describe("take7.wav") == ("", "")


def test_an_exemplar_without_a_material_suits_every_onset() -> None:
    bank = Bank("mine", [Exemplar("a", "", "", synthesise("wood"))])
    assert nearest(bank, np.zeros((90, 42), np.float32), [onset(0.3, "glass")]) == ["a"]


def test_midi_holds_every_onset() -> None:
    content = midi([onset(0.25), onset(1.5, "unheard-of")])
    assert content[:4] == b"MThd"
    track = content[content.index(b"MTrk") + 8 :]
    assert int.from_bytes(content[18:22], "big") == len(track)
    assert track.count(b"\x99") == 2
    assert b"\x81\x7a\x99\x35" in track  # 250 ticks of 1 ms, then cowbell for metal
    assert track.endswith(b"\xff\x2f\x00")


def test_the_table_gives_the_onsets_back_and_fills_new_rows() -> None:
    onsets = [onset(0.5), onset(1.25, "wood", "wood hit 1a")]
    table = to_table(onsets)
    assert from_table(table) == onsets
    exact = Onset(1 / 3, -20 / 3, "scratch", "leaf", confidence=0.12345678)
    (again,) = from_table(to_table([exact]))
    assert (again.time, again.strength) == (exact.time, exact.strength)
    assert again.confidence == pytest.approx(exact.confidence)
    assert to_table([exact])["confidence"].iloc[0] == pytest.approx(12.345678)
    table.loc[2] = [0.1, None, None, None, None, None]
    table.loc[3] = [None, -3.0, "hit", "wood", "", 100.0]  # no time yet: not heard
    table.loc[0, "strength"] = 40.0
    found = from_table(table)
    assert [o.time for o in found] == [0.1, 0.5, 1.25]
    assert found[0].action == "hit"
    assert found[0].exemplar == ""
    assert found[1].strength <= 0
    assert from_table(pd.DataFrame(columns=table.columns)) == []


def test_trials_hold_an_onset_and_are_blind() -> None:
    clips = {f"clip {k}": (8.0, [onset(6.5)]) for k in range(200)}
    trials = draw_trials(clips, seed=1)
    assert {t.clip for t in trials} == set(clips)
    assert all(t.start <= 6.5 <= t.start + 3 and 0 <= t.start <= 5 for t in trials)
    assert 70 < sum(t.real_first for t in trials) < 130
    assert [t.clip for t in trials] != list(clips)
    text = answers_csv([Answer(trials[0], True)])
    assert text.splitlines()[0] == "clip,start,real_first,fooled"
    assert text.splitlines()[1].endswith(",1")
