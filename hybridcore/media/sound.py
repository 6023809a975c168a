"""Sound tracks as arrays."""

from collections.abc import Iterator
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
from hybridcore.media.decode import decode, stamp
from hybridcore.media.limits import DEFAULT_LIMITS, Limits
from hybridcore.media.source import check_seconds, open_source, video_stream

# A hole in the track (a recorder that paused) becomes silence; less is rounding of the stamps, s.
_SMALLEST_GAP = 0.05

# Codecs fill their last frame up (AAC to 1024 or 2048 samples); the declared end cuts that off, s.
_LONGEST_PADDING = 0.3


def read_sound(
    path: str | Path, rate: int, mono: bool = True, limits: Limits = DEFAULT_LIMITS
) -> NDArray[np.float32]:
    """The sound of a video or sound file: float32 [n], or [n, channels] if not `mono`.

    rate: samples per second of the result, resampled.
    Values lie in [-1, 1]; channels is 1 or 2 (more are mixed down to stereo).
    Sample 0 is at the time of the first video frame: an earlier sound is cut, a later one is
    preceded by silence. Without video it is at the first sample of the track.

    Raises:
        MediaError: there is no sound, it does not decode, or the file is over a limit.
    """
    path = Path(path).resolve()
    return sound_from(path, rate, _first_frame_stamp(path, limits), mono=mono, limits=limits)


def sound_from(
    path: Path, rate: int, origin: float | None, *, mono: bool, limits: Limits
) -> NDArray[np.float32]:
    """`read_sound` where it is known that the first frame has the stamp ``origin``, s.

    None: there is no video, so sample 0 is the first sample of the track.
    """
    blocks: list[NDArray[np.float32]] = []  # each [channels, n]
    start = position = 0  # samples since the origin: of the first block, and after the last
    with open_source(path, limits) as container:
        if not container.streams.audio:
            raise MediaError("The file has no sound; choose a file that has some.")
        declared_end = _declared_end(container.streams.audio[0])
        for frame in _resampled(container, rate):
            at = position
            if frame.pts is not None and frame.time_base is not None:
                seconds = float(frame.pts * frame.time_base)
                origin = seconds if origin is None else origin
                check_seconds(seconds - origin, limits)
                at = round((seconds - origin) * rate)
            block = frame.to_ndarray().view(np.float32)
            if not blocks:
                start = position = at
            elif at - position > _SMALLEST_GAP * rate:
                blocks.append(np.zeros((len(block), at - position), np.float32))
                position = at
            blocks.append(block)
            position += block.shape[1]
    if not blocks:
        raise MediaError("The sound of the file cannot be decoded; save it again as H.264 MP4.")
    sound = np.concatenate(blocks, axis=1)
    if declared_end is not None and origin is not None:
        excess = position - round((declared_end - origin) * rate)
        if 0 < excess < _LONGEST_PADDING * rate:
            sound = sound[:, :-excess]
    sound = np.pad(sound, ((0, 0), (max(start, 0), 0)))[:, max(-start, 0) :]
    sound = np.clip(sound.mean(axis=0, keepdims=True) if mono else sound, -1.0, 1.0)
    return np.ascontiguousarray(sound[0] if mono else sound.T)


def write_sound(path: str | Path, samples: NDArray[np.float32], rate: int) -> None:
    """Write float [n] or [n, channels] in [-1, 1] as 16-bit sound; the suffix names the format.

    rate: samples per second.
    """
    soundfile.write(str(path), np.clip(samples, -1.0, 1.0), rate)


def _first_frame_stamp(path: Path, limits: Limits) -> float | None:
    with open_source(path, limits) as container:
        try:
            stream = video_stream(container, limits)
        except MediaError:
            return None  # a sound file
        frame = next(decode(container, stream), None)
        return None if frame is None else stamp(frame, stream)


def _declared_end(stream: AudioStream) -> float | None:
    """When the track ends on the file's own clock, s, if its header says so."""
    if not stream.duration or stream.time_base is None:
        return None
    return float(((stream.start_time or 0) + stream.duration) * stream.time_base)


def _resampled(container: InputContainer, rate: int) -> Iterator[AudioFrame]:
    """Frames of float32 [channels, n] at `rate`, one or two channels; damaged ones skipped."""
    stream = container.streams.audio[0]
    layout = "mono" if stream.codec_context.channels == 1 else "stereo"
    resampler = AudioResampler("fltp", layout, rate)
    try:
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                yield from resampler.resample(frame)
    except av.FFmpegError:
        pass  # the file breaks off here: what came before is still good
    yield from resampler.resample(None)
