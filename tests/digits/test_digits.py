"""What is heard, how sure, and what the networks learn from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.signal import resample_poly

from hybridcore.answers import finish, run, shared_model
from hybridcore.digits.heard import digits_of, surely
from hybridcore.digits.learn import voice
from hybridcore.digits.learn.data import MOST, other_sounds, warped
from hybridcore.digits.learn.data import Recording as Said
from hybridcore.digits.learn.evaluate import aligned, cut_of, distance, rows_of
from hybridcore.digits.learn.synthesise import heard
from hybridcore.digits.learn.train import batches, loss_of, spoilt_strings
from hybridcore.digits.model import KINDS, POOL, DigitConfig, DigitNet
from hybridcore.digits.result import DigitResult
from hybridcore.digits.system import SYSTEM
from hybridcore.digits.view import cues, said_codes, so_far
from hybridcore.media import write_sound
from hybridcore.media.mel import log_mel
from hybridcore.media.recording import Recording
from hybridcore.system import Answer, At


def spoken(labels: list[int]) -> np.ndarray:
    """Log probabilities of 0.9 for each label in turn."""
    p = np.full((len(labels), 11), 0.01)
    p[np.arange(len(labels)), labels] = 0.9
    return np.log(p).astype(np.float32)


def answer_of(sound: np.ndarray, folder: Path, kind: str = "bilstm") -> Answer:
    write_sound(folder / "a.wav", sound, voice.RATE)
    source = Recording.open(folder / "a.wav")
    outputs = run(SYSTEM, SYSTEM.reads[0], source, SYSTEM.defaults(kind))
    return finish(SYSTEM, shared_model(SYSTEM), outputs, source, kind, SYSTEM.defaults(kind))


def test_digits_have_their_steps_and_probability() -> None:
    found = digits_of(spoken([0, 6, 6, 0, 6, 1, 1, 0]))
    assert [(d.digit, d.start, d.end) for d in found] == [(5, 1, 3), (5, 4, 5), (0, 5, 7)]
    assert [d.sure for d in found] == pytest.approx([0.9] * 3)


def test_what_is_shown_is_what_is_heard() -> None:
    result = DigitResult("bilstm", spoken([0, 6, 0, 0, 0, 0, 0, 2]), cut=0.95)
    assert result.headline() == "5? 1?"
    assert said_codes(result, 0.1).tolist() == [-1, 10, 10, 10, -1, -1, -1, 10]
    assert DigitResult("bilstm", result.log_p, 0.5).shown(result.digits[0]) == "5"
    assert so_far(result).codes.tolist() == [-1, 0, 0, 0, 0, 0, 0, 1]
    assert cues(result) == [(0.03, pytest.approx(0.21), "5?"), (0.21, pytest.approx(0.24), "5? 1?")]
    shares, total = result.lattice
    assert shares.shape == (8, 5)
    assert 0.9**8 < total < 1
    assert result.hypotheses[0][0] == [5, 1]


def test_silence_and_music_are_no_sure_digits(tmp_path: Path) -> None:
    silent = answer_of(np.zeros(voice.RATE, np.float32), tmp_path)
    assert silent.result.headline() == "no digit"
    assert len(silent.notes) == 1
    times = np.arange(2 * voice.RATE) / voice.RATE
    chord = sum(np.sin(2 * np.pi * f * times) for f in (220, 277, 330)) / 4
    music = answer_of(chord.astype(np.float32), tmp_path)
    assert not any(map(music.result.is_sure, music.result.digits))


def test_both_directions_of_the_lstm_are_shown(tmp_path: Path) -> None:
    answer = answer_of(voice.say(4, voice.Voice(), np.random.default_rng(0)), tmp_path)
    states = SYSTEM.states(answer, At())
    network = answer.model.networks["bilstm"]
    with torch.inference_mode():
        inputs = network.inputs(torch.from_numpy(answer.source.bands)[None])
        hidden = network.lstm(inputs)[0][0].numpy()
    np.testing.assert_allclose(states.trace.h, hidden, atol=1e-5)
    np.testing.assert_allclose(states.trace.o * np.tanh(states.trace.c), hidden, atol=1e-4)
    assert states.names(3) == "unit 3"
    assert states.names(network.config.hidden) == "unit 0 ←"


@pytest.mark.parametrize("kind", KINDS)
def test_only_two_directions_hear_what_follows(kind: str) -> None:
    torch.manual_seed(0)
    network = DigitNet(config=DigitConfig(kind=kind)).eval()
    bands = torch.randn(1, 60, 40)
    later = bands.clone()
    later[:, 45:] += 1
    with torch.inference_mode():
        changed = (network(bands) != network(later))[0].any(1)
    assert network(bands).shape == (1, 60 // POOL, 11)
    assert changed[-1]
    assert bool(changed[:12].any()) == (kind == "bilstm")


def test_a_made_voice_says_something_else_each_time_and_formants_move() -> None:
    rng = np.random.default_rng(0)
    low, high = (voice.say(1, voice.Voice(tract=t), rng) for t in (1.0, 1.25))
    assert np.abs(low).max() == pytest.approx(0.7)
    peaks = [log_mel(resample_poly(sound, 1, 2).astype(np.float32))[12:20].mean(0)[8:].argmax()
             for sound in (low, high)]
    assert peaks[1] > peaks[0]
    assert all(np.isfinite(one.sound).all() for one in other_sounds(rng, 20))


def test_learning_goes_down_on_what_is_repeated() -> None:
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    sounds = [Said(resample_poly(voice.say(digit, voice.Voice(), rng), 1, 2).astype(np.float32),
                   digit, "made1") for digit in range(10)]
    sounds += [Said(one.sound, one.digit, "me") for one in sounds]
    strings = spoilt_strings(sounds, [Said(sounds[0].sound, None, "other")], rng, each=6,
                             made_each=4)
    assert {name: [len(own) for own in all_of] for name, all_of in strings.items()} == {
        "me": [6] * MOST, "made": [4] * MOST}
    assert max(len(digits) for _, digits in strings["me"][-1]) == MOST
    bands, steps, labels, counts = next(batches(strings, rng, alone=1))
    assert set(counts.tolist()) <= {0, 1}
    assert len(labels) == counts.sum()
    network = DigitNet(config=DigitConfig(channels=(4, 4), dim=16, hidden=16, kind="cnn"))
    optimiser = torch.optim.Adam(network.parameters(), 0.02)
    losses = []
    for _ in range(12):
        loss = loss_of(network, (bands, steps, labels, counts))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]
    other = warped(bands[0].numpy(), rng)
    assert other.shape[1] == 40
    assert len(other) != len(bands[0])


def test_what_a_synthesiser_says_is_trimmed_and_slower(tmp_path: Path) -> None:
    times = np.arange(4800) / 16_000
    tone = 0.3 * np.sin(2 * np.pi * 500 * times)
    silence = np.zeros(1600)
    write_sound(tmp_path / "a.wav", np.concatenate([silence, tone, silence]).astype(np.float32),
                16_000)
    sound = heard(["cat", str(tmp_path / "a.wav")])
    assert len(sound) == pytest.approx(2400, abs=10)
    assert np.abs(sound).max() == pytest.approx(1, abs=1e-6)


def test_where_half_of_the_digits_are_unsure_none_is_sure() -> None:
    assert surely([0.9, 0.95, 0.5], 0.9) == [True, True, False]
    assert surely([0.9, 0.95, 0.5, 0.1], 0.9) == [False] * 4
    assert surely([], 0.9) == []
    result = DigitResult("bilstm", spoken([0, 6, 0, 2]), cut=0.95)
    answer = Answer(SYSTEM, Recording(Path("a"), "a", np.ones(800, np.float32)), "bilstm", result,
                    {}, None, None)
    assert "none of 2 digits" in SYSTEM.notes(answer)[0]
    assert not SYSTEM.notes(replace(answer, result=DigitResult("bilstm", result.log_p, 0.8)))


def test_errors_are_counted_with_the_fewest_changes() -> None:
    assert distance([1, 2, 3], [1, 3]) == 1
    assert aligned([1, 2, 3], [1, 5, 3, 4]) == [(1, 1), (2, 5), (3, 3), (None, 4)]
    assert distance([], [4, 4]) == 2


def test_the_cut_lets_through_one_wrong_of_fifty() -> None:
    strings = [{"said": [1], "heard": [1], "sure": [0.5 + k / 200], "beam": [1], "length": 1}
               for k in range(100)]
    strings += [{"said": [1], "heard": [2], "sure": [s], "beam": [1], "length": 1}
                for s in (0.7, 0.6, 0.55, 0.52)]
    cut = cut_of(strings)
    passed = [one["said"] == one["heard"] for one in strings if one["sure"][0] >= cut]
    assert passed.count(False) == 1
    assert cut == pytest.approx(0.605)  # with the wrong one at 0.6 there would be two of 82
    rows = rows_of({name: {"clean": strings, "spoilt": strings, "reversed": strings}
                    for name in ("a", "b")})
    assert rows[0]["value"] == pytest.approx(100 * 4 / 104, abs=0.01)
    assert rows[1]["value"] == 0
