"""The cochleagram against a plain Hilbert loop, and its filters against their own inverse."""

import numpy as np
import pytest
import torch

from hybridcore.sound.cochleagram import (
    BANDS,
    DEFAULT,
    RATE,
    cochleagram,
    cochleagram_numpy,
    compress,
    expand,
    long_cochleagram,
    loudness,
)
from hybridcore.sound.filterbank import Filterbank, FilterbankConfig, gains_at


def noise(seconds: float, rate: int = RATE) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (0.1 * rng.standard_normal(round(seconds * rate))).astype(np.float32)


def hilbert_loop(sound: np.ndarray, rate: int) -> np.ndarray:
    """Full-rate Hilbert envelopes, one band after the other, averaged over each frame."""
    bank = Filterbank(len(sound), rate, FilterbankConfig())
    spectrum = np.fft.rfft(sound, n=bank.padded_samples)
    frequency = np.arange(len(spectrum)) * rate / bank.padded_samples
    rows = []
    for gain in gains_at(frequency, FilterbankConfig()):
        full = np.zeros(bank.padded_samples, complex)
        full[: len(spectrum)] = 2 * spectrum * gain
        full[0] /= 2
        rows.append(np.abs(np.fft.ifft(full)).reshape(bank.padded_frames, -1).mean(1))
    envelopes = np.stack(rows, 1)[: bank.frames]
    return compress(torch.from_numpy(envelopes)).numpy()


def test_it_is_the_hilbert_envelope() -> None:
    sound = noise(1.0)
    sound[20_000:30_000] = 0
    found, expected = cochleagram_numpy(sound), hilbert_loop(sound, RATE)
    assert found.shape == (90, BANDS)
    # Averages over fewer samples of the same envelope.
    assert np.abs(found - expected).mean() < 2e-3
    assert np.abs(found - expected).max() < 0.03


@pytest.mark.parametrize("rate", [44_100, 48_000, 22_050, 16_000, 11_025, 44_099])
def test_torch_and_numpy_agree_at_every_rate(rate: int) -> None:
    sound = noise(0.7, rate)
    sound[len(sound) // 2 :] *= 1e-4  # faint noise shows rounding errors most
    found = cochleagram(torch.from_numpy(sound), rate).numpy()
    assert found.shape == (63, BANDS)
    assert np.abs(found - cochleagram_numpy(sound, rate)).max() < 1e-4


@pytest.mark.parametrize("seconds", [0.004, 8.0, 20.3, 45.7])
def test_a_long_sound_is_taken_in_pieces(seconds: float) -> None:
    sound = noise(seconds)
    sound[len(sound) // 3 : len(sound) // 2] *= 0.01
    whole, pieces = cochleagram_numpy(sound), long_cochleagram(sound)
    assert pieces.shape == whole.shape
    # The lowest band rings longest; all others agree ten times better.
    assert np.abs(pieces - whole).max() < 0.03
    assert np.abs(pieces - whole)[:, 3:].max() < 3e-3
    if seconds < 20:
        np.testing.assert_array_equal(pieces, whole)


def test_filtering_twice_gives_the_sound_back() -> None:
    sound = torch.from_numpy(noise(0.8))
    bank = Filterbank(len(sound), RATE, FilterbankConfig())
    back = bank.join(bank.split(sound))
    assert float((back - sound).abs().max()) < 1e-6  # of a peak of about 0.4


def test_a_tone_is_loudest_in_its_band() -> None:
    centres = DEFAULT.filterbank.centres
    for band in (5, 20, 38):
        time = np.arange(RATE // 2) / RATE
        tone = 0.5 * np.sin(2 * np.pi * centres[band] * time).astype(np.float32)
        values = cochleagram_numpy(tone)[10:-10]
        assert set(values.argmax(1)) == {band}
        # A tone of amplitude a has the envelope a.
        assert values[:, band] == pytest.approx(0.5**0.3 - 1e-4**0.3, abs=2e-3)


def test_a_click_lies_in_its_frame_and_batches_are_alike() -> None:
    clicks = torch.zeros(2, RATE)
    clicks[0, round(0.5 * RATE) + 100] = 0.9
    clicks[1, round(0.2 * RATE) + 100] = 0.9
    values = cochleagram(clicks)
    assert loudness(values).argmax(1).tolist() == [45, 18]
    torch.testing.assert_close(values[1], cochleagram(clicks[1]))


def test_silence_is_zero_and_has_a_gradient() -> None:
    silence = torch.zeros(4410, requires_grad=True)
    values = cochleagram(silence)
    assert values.abs().max() < 1e-7
    values.sum().backward()
    assert torch.isfinite(silence.grad).all()
    sound = torch.from_numpy(noise(0.1)).requires_grad_()
    cochleagram(sound).sum().backward()
    assert sound.grad.abs().max() > 0


def test_expand_undoes_compress() -> None:
    envelopes = torch.logspace(-3, 0, 50)
    torch.testing.assert_close(expand(compress(envelopes)), envelopes, rtol=1e-3, atol=1e-6)
    assert expand(torch.tensor([-0.1])) == 0
