"""Sound tracks as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.clock import Clock
from hybridcore.media.decode import stamp
from hybridcore.media.decoder import read
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.scan import longest_gap, scan
from hybridcore.media.source import check_seconds, open_source, packets, sound_streams

# A hole in the track (a recorder that paused) becomes silence, and what lies twice is left out;
# less is rounding of the stamps, s.
_SMALLEST_GAP = 0.05

# Codecs fill their last frame up (AAC to 1024 or 2048 samples); the declared end cuts that off, s.
_LONGEST_PADDING = 0.3

# FFmpeg's formats without stamps: it counts them itself, by the rate of the first frame.
_UNSTAMPED = frozenset({"aac", "mp3"})

_SILENCE_AT_ONCE = 1 << 16  # samples

_NOT_DECODED = "The sound of the file cannot be decoded; save it again as H.264 MP4."

Block = NDArray[np.float32]  # [channels, n]
SOUND_AT_ONCE = 1 << 15  # samples that are handed on together
BLOCK_BYTES = 2 * 4 * SOUND_AT_ONCE
BLOCKS_AHEAD = 4


@dataclass(frozen=True)
class Heard:
    """Which sound is heard, and when.

    stream: its number in the file. clock: a new one, of the clip.
    """

    path: Path
    stream: int
    clock: Clock
    limits: Limits


def read_sound(
    path: str | Path, rate: int, mono: bool = True, limits: Limits = DEFAULT_LIMITS
) -> NDArray[np.float32]:
    """The sound of a video or sound file: float32 [n], or [n, channels] if not `mono`.

    rate: samples per second of the result, resampled.
    Values lie in [-1, 1]; channels is 1 or 2 (more are mixed down to stereo).
    Sample 0 is at the time of the first video frame: an earlier sound is cut, a later one is
    preceded by silence. Without video it is at the first sample of the track. Of several tracks it
    is the first that decodes, the default one before the others.

    Raises:
        MediaError: there is no sound, it does not decode, or the file is over a limit.
    """
    arguments = {"path": Path(path).resolve(), "limits": limits, "rate": rate}
    blocks = read("sound_of_file", arguments, limits, item_bytes=BLOCK_BYTES, depth=BLOCKS_AHEAD)
    return gathered((block for _, block in blocks), mono=mono)


def heard_in(path: Path, limits: Limits) -> Heard:
    """The sound of a file, found by a scan.

    Raises:
        MediaError: there is none that decodes, or the file is over a limit.
    """
    with open_source(path, limits) as container:
        if not container.streams.audio:
            raise MediaError("The file has no sound; choose a file that has some.")
        found, gap = scan(container, limits, watched=False), longest_gap(container, limits)
        if found.sound is None:
            raise MediaError(_NOT_DECODED)
        film = found.pictures
        clock = Clock(film.period, film.spans) if film else Clock(0.0, longest_gap=gap)
        return Heard(path, found.sound.stream.index, clock, limits)


def gathered(blocks: Iterable[Block], *, mono: bool) -> NDArray[np.float32]:
    """Blocks [1 or 2, n] as one sound: [n], or [n, channels] if not ``mono``."""
    samples, channels = bytearray(), 1  # it grows in place: a long sound is never held twice
    for block in blocks:
        mixed = block.mean(axis=0, keepdims=True, dtype=np.float32) if mono else block
        if len(mixed) > channels:  # so far there was one: it is on both sides
            samples = bytearray(np.frombuffer(samples, np.float32).repeat(2).tobytes())
        channels = max(channels, len(mixed))
        both = np.broadcast_to(mixed, (channels, mixed.shape[1]))
        samples += np.clip(both.T, -1.0, 1.0).tobytes()
    sound = np.frombuffer(samples, np.float32).reshape(-1, channels)
    return sound[:, 0] if mono else sound


def sound_blocks(heard: Heard, rate: int) -> Iterator[Block]:
    """The sound from the first frame on, without holes, in blocks [1 or 2, n] at ``rate``.

    A track that changes from one channel to two changes here too.

    Raises:
        MediaError: nothing decodes, or the sound is over a limit.
    """
    with open_source(heard.path, heard.limits) as container:
        streams = sound_streams(container, heard.limits)
        stream = next((s for s in streams if s.index == heard.stream), None)
        if stream is None:
            raise MediaError(_NOT_DECODED)
        try:
            yield from _Line(heard, rate, container, stream).blocks()
        except av.FFmpegError as error:  # as where there are more speakers than can be mixed down
            raise MediaError(_NOT_DECODED) from error


class _Line:
    """Lays decoded frames on the time line of the clip."""

    def __init__(
        self, heard: Heard, rate: int, container: InputContainer, stream: AudioStream
    ) -> None:
        self._container = container
        self._clock = heard.clock
        self._limits = heard.limits
        self._rate = rate
        self._stream = stream
        self._stamped = container.format.name not in _UNSTAMPED
        self._resampler: AudioResampler | None = None
        self._format: tuple[object, ...] | None = None  # of the frames that it takes
        self._run_start = 0.0  # s: where the frames since the last hole begin
        self._run_length = 0.0  # s: and how long they are
        self._next = 0  # sample at which the resampler's next belongs
        self._position = 0  # samples given out
        self._channels = 1
        self._end: int | None = None  # sample at which the track ends, if its header says so
        self._padding = _LONGEST_PADDING * rate

    def blocks(self) -> Iterator[Block]:
        """All of it, but for what a codec filled its last frame up with."""
        held: list[Block] = []  # lies after the declared end
        for block in self._laid():
            check_seconds(self._position / self._rate, self._limits)
            inside = block.shape[1]
            if self._end is not None:
                inside = min(inside, max(0, self._end - self._position + inside))
            if inside:
                yield block[:, :inside]
            if inside < block.shape[1]:
                held.append(block[:, inside:])
            if self._end is not None and self._position - self._end > self._padding:
                yield from held  # it is too much for that: the header is wrong
                held, self._end = [], None
        if self._resampler is None:
            raise MediaError(_NOT_DECODED)

    def _laid(self) -> Iterator[Block]:
        for frame in _frames(self._container, self._stream):
            yield from self._add(frame)
        yield from self._flush()

    def _add(self, frame: AudioFrame) -> Iterator[Block]:
        follows = self._run_start + self._run_length
        if frame.sample_rate <= 0 or frame.samples <= 0:
            return
        at = stamp(frame, frame.time_base) if self._stamped else None
        time = self._clock.place(at, follows)
        check_seconds(time, self._limits)
        if self._resampler is None and at is not None and self._clock.runs_on:
            end = _declared_end(self._stream)
            self._end = None if end is None else round((end - at + time) * self._rate)
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._format or abs(time - follows) > _SMALLEST_GAP:
            yield from self._flush()
            # Sound that goes on in another form goes on where it was.
            start = time if abs(time - follows) > _SMALLEST_GAP or self._format is None else follows
            self._channels = 1 if frame.layout.nb_channels == 1 else 2
            self._resampler = AudioResampler(
                "fltp", "mono" if self._channels == 1 else "stereo", self._rate)
            self._format = form
            self._run_start, self._run_length = start, 0.0
            self._next = round(start * self._rate)
        self._run_length += frame.samples / frame.sample_rate
        frame.pts = None
        assert self._resampler is not None
        for resampled in self._resampler.resample(frame):
            yield from self._lay(resampled)

    def _flush(self) -> Iterator[Block]:
        if self._resampler is not None:
            for resampled in self._resampler.resample(None):
                yield from self._lay(resampled)

    def _lay(self, frame: AudioFrame) -> Iterator[Block]:
        block = frame.to_ndarray().view(np.float32)
        while self._next > self._position:  # a hole
            length = min(self._next - self._position, _SILENCE_AT_ONCE)
            self._position += length
            yield np.zeros((self._channels, length), np.float32)
        begin, self._next = self._next, self._next + block.shape[1]
        new = block[:, max(0, self._position - begin) :]
        self._position += new.shape[1]
        if new.shape[1]:
            yield new


def write_sound(path: str | Path, samples: NDArray[np.float32], rate: int) -> None:
    """Write float [n] or [n, channels] in [-1, 1] as 16-bit sound; the suffix names the format.

    rate: samples per second.
    """
    soundfile.write(str(path), np.clip(samples, -1.0, 1.0), rate)


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Every frame that decodes; damaged packets are skipped."""
    try:
        for packet in packets(container, [stream]):
            try:
                yield from stream.codec_context.decode(packet)
            except av.FFmpegError:
                continue
    except av.FFmpegError:
        pass  # the file breaks off here: what came before is still good


def _declared_end(stream: AudioStream) -> float | None:
    """When the track ends on the file's own clock, s, if its header says so."""
    if not stream.duration or stream.time_base is None:
        return None
    return float(((stream.start_time or 0) + stream.duration) * stream.time_base)
