"""Silent video to sound: the cochleagram, the search in a bank, the whole way, and its sync."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import av
import numpy as np
import torch
from scipy.signal import hilbert

from benchmarks.scene import make_clip
from benchmarks.timing import line, median_seconds
from hybridcore.media import Clip, read_sound
from hybridcore.media.mux import mux
from hybridcore.sound.bank import WINDOW, unit_windows
from hybridcore.sound.cochleagram import BANDS, RATE, cochleagram, cochleagram_numpy
from hybridcore.sound.exemplar import distances
from hybridcore.sound.filterbank import Filterbank, FilterbankConfig, gains_at
from hybridcore.sound.inversion import invert
from hybridcore.sound.mix import Piece, mix
from hybridcore.sound.predict import SoundMaker


def hilbert_loop(sound: np.ndarray) -> np.ndarray:
    """The plain way: every sub-band at the full rate, its Hilbert envelope, one after the other."""
    bank = Filterbank(len(sound), RATE, FilterbankConfig())
    spectrum = np.fft.rfft(sound, n=bank.padded_samples)
    frequency = np.arange(len(spectrum)) * RATE / bank.padded_samples
    rows = []
    for gain in gains_at(frequency, FilterbankConfig()):
        band = np.fft.irfft(spectrum * gain, n=bank.padded_samples)
        rows.append(np.abs(hilbert(band)).reshape(bank.padded_frames, -1).mean(1))
    return np.stack(rows, 1)[: bank.frames] ** 0.3


def cochleagrams(rng: np.random.Generator) -> None:
    """Ten seconds of noise."""
    sound = (0.1 * rng.standard_normal(10 * RATE)).astype(np.float32)
    tensor = torch.from_numpy(sound)
    plain = median_seconds(lambda: hilbert_loop(sound), 3)
    fast = median_seconds(lambda: cochleagram(tensor))
    line("cochleagram of 10 s, torch", f"{1e3 * fast:.0f} ms")
    line("  numpy", f"{1e3 * median_seconds(lambda: cochleagram_numpy(sound)):.0f} ms")
    line("  a Hilbert loop over 42 bands", f"{1e3 * plain:.0f} ms")
    line("  ratio", f"{plain / fast:.1f} x", "bar 3")
    half = cochleagram(tensor[: RATE // 2])
    seconds = median_seconds(lambda: invert(half, RATE // 2))
    line("inversion of 0.5 s, 8 rounds", f"{1e3 * seconds:.0f} ms")


def search(rng: np.random.Generator) -> None:
    """The nearest of 10,000 exemplars."""
    bank = unit_windows(rng.random((10_000, WINDOW, BANDS), np.float32))
    wanted = unit_windows(rng.random((1, WINDOW, BANDS), np.float32))
    seconds = median_seconds(lambda: distances(wanted, bank).argmin(), 9)
    line("nearest of 10,000 exemplars", f"{1e3 * seconds:.1f} ms", "bar 50")


def whole_way(folder: Path) -> None:
    """A 720p clip to an MP4 with sound."""
    path = make_clip(folder / "clip.mp4", 300)
    clip = Clip.open(path)
    maker = SoundMaker.load("cpu")
    maker.run(clip)
    start = time.perf_counter()
    result = maker.finish(maker.run(clip), clip, "lstm")
    made = time.perf_counter() - start
    mux(clip, result.sound, RATE, folder / "out.mp4")
    seconds = time.perf_counter() - start
    line("10 s of 720p: frames to sound, 4 models", f"{made:.1f} s")
    line("  and to an MP4 with sound", f"{seconds:.1f} s", "bar 10 (real time)")
    line("  faster than real time", f"{clip.info.duration / seconds:.2f} x", "bar 1")


def sync_error(folder: Path) -> None:
    """Clicks written at known times, and where they lie in the file against its first picture."""
    clip = Clip.open(make_clip(folder / "sync.mp4", 150))
    times = np.arange(0.37, 4.8, 0.53)
    click = np.zeros(400, np.float32)
    click[:40] = np.hanning(40)
    track = mix([Piece(click, 20, float(t), -20.0) for t in times], round(5 * RATE))
    path = mux(clip, track, RATE, folder / "synced.mp4")
    written = read_sound(path, RATE)
    errors = []
    for at in np.round(times * RATE).astype(int):
        near, true = written[at - 900 : at + 1300], track[at - 20 : at + 380]
        lag = np.correlate(near, true, "valid").argmax()
        errors.append(abs(int(lag) - 880) / RATE)
    with av.open(str(path)) as file:
        first = float(next(file.decode(video=0)).time or 0.0)
    line("sync error of the written file", f"{1e3 * max(errors):.2f} ms", "bar 10")
    line("  its first picture is at", f"{1e3 * first:.2f} ms")


def report() -> None:
    """Print everything; about a minute."""
    print(f"silent video to sound, {torch.get_num_threads()} threads")
    rng = np.random.default_rng(0)
    cochleagrams(rng)
    search(rng)
    with tempfile.TemporaryDirectory() as name:
        sync_error(Path(name))
        whole_way(Path(name))


if __name__ == "__main__":
    report()
