"""Frames and sound to an H.264 MP4 file that every browser plays."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, VideoReformatter
from numpy.typing import NDArray

from hybridcore.errors import MediaError

# Fine enough for any frame rate and the customary clock of video: 1/24, 1/25, 1/30 s are whole.
_TICKS = 90_000

# A key frame this often makes seeking in the browser quick, s.
_KEY_FRAME_SECONDS = 0.5

_AAC_FRAME = 1024

# Below about 100 kbit/s FFmpeg's AAC encoder distorts pure tones audibly.
_AAC_BIT_RATE = 192_000

_FALLBACK_SOUND_RATE = 48_000

_BT709 = 1  # FFmpeg's number for the colours, the curve and the matrix of HD


Sound = NDArray[np.float32] | Iterator[NDArray[np.float32]]


class VideoWriter:
    """Context manager that writes H.264 4:2:0 video, with AAC sound if given, to an MP4 file.

    width, height: of the frames that will be written. H.264 4:2:0 needs even sides, so the last
        column or row of an odd side is cropped.
    rate: frames per second, for frames written without a time.
    sound: float32 [n] or [n, 1 or 2] in [-1, 1], or an iterator of its blocks [1 or 2, n], which
        are taken as they are needed; cut, or filled up with silence, to the length of the video.
    sound_rate: samples per second; needed with `sound`.
    crf: quality, 0 (lossless) to 51 (worst).

    The index is at the front (faststart), with a key frame at least every half second. The file
    is removed if the body of the `with` raises or writes no frame.
    """

    def __init__(
        self,
        path: str | Path,
        width: int,
        height: int,
        rate: Fraction | float,
        sound: Sound | None = None,
        sound_rate: int | None = None,
        crf: int = 23,
    ) -> None:
        if width < 2 or height < 2:
            raise ValueError("H.264 needs at least 2x2 pixels")
        if (sound is None) != (sound_rate is None):
            raise ValueError("sound and sound_rate belong together")
        self._path = Path(path)
        self._shape = (height, width, 3)
        self._period = round(_TICKS / rate)
        self._newest: int | None = None  # time of the newest frame, in ticks
        self._next_key = 0  # when a key frame is due, in ticks
        self._container = av.open(
            str(self._path), "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._video = self._container.add_stream(
            "libx264",
            rate=Fraction(rate).limit_denominator(1001),
            options={
                "crf": str(crf),
                "preset": "veryfast",
                "forced-idr": "1",
                # Without B-frames the declared length holds for uneven frame times too: MP4 adds
                # up decoding times, and those of reordered frames end before the last is shown.
                "bf": "0",
            },
        )
        self._video.width, self._video.height = width // 2 * 2, height // 2 * 2
        self._video.pix_fmt = "yuv420p"
        context = self._video.codec_context
        context.time_base = Fraction(1, _TICKS)
        # Said, so that every player shows the same colours, whatever the size.
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG
        self._reformatter = VideoReformatter()
        self._sound: SoundTrack | None = None
        if sound is not None and sound_rate is not None:
            self._sound = SoundTrack(self._container, sound, sound_rate)

    def write(self, frame: NDArray[np.uint8], time: float | None = None) -> None:
        """Append one frame.

        frame: uint8 [height, width, 3], RGB.
        time: s, later than the frame before, kept to 1/90000 s; None is one period later.
        """
        if frame.shape != self._shape or frame.dtype != np.uint8:
            raise ValueError(f"expected uint8 {self._shape}, got {frame.dtype} {frame.shape}")
        pts = self._end() if time is None else round(time * _TICKS)
        if self._newest is not None and pts <= self._newest:
            raise ValueError(f"the frame at {time} s is not after the one before")
        self._newest = pts
        even = np.ascontiguousarray(frame[: self._video.height, : self._video.width])
        picture = self._reformatter.reformat(
            VideoFrame.from_ndarray(even, format="rgb24"), format="yuv420p",
            dst_colorspace=_BT709, dst_color_range=ColorRange.MPEG, threads=1)
        picture.pts = pts
        picture.time_base = Fraction(1, _TICKS)
        if pts >= self._next_key:
            picture.pict_type = PictureType.I
            self._next_key = pts + round(_KEY_FRAME_SECONDS * _TICKS)
        self._container.mux(self._video.encode(picture))
        if self._sound is not None:
            self._sound.write_until(pts / _TICKS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        complete = False
        try:
            if kind is None:
                self._finish()
                complete = True
        finally:
            self._container.close()
            if not complete:
                self._path.unlink(missing_ok=True)

    def _finish(self) -> None:
        if self._newest is None:
            raise MediaError("There is no frame to write; choose a clip that has some.")
        self._container.mux(self._video.encode(None))
        if self._sound is not None:
            self._sound.write_until(self._end() / _TICKS)
            self._sound.finish()

    def _end(self) -> int:
        """When the newest frame ends, in ticks: the muxer lets the last one last one period."""
        return 0 if self._newest is None else self._newest + self._period


class SoundTrack:
    """The AAC track of an MP4 file, written piece by piece so that it lies beside the video."""

    def __init__(self, container: OutputContainer, sound: Sound, rate: int) -> None:
        """sound: as of `VideoWriter`; rate: samples per second."""
        if isinstance(sound, np.ndarray):
            sound = iter([np.atleast_2d(sound.T)])
        self._blocks = sound
        self._left = next(sound, np.zeros((1, 0), np.float32))  # of the block at hand
        channels = len(self._left)
        if channels > 2:
            raise ValueError(f"expected one or two channels of sound, got {channels}")
        self._layout = "mono" if channels == 1 else "stereo"
        self._channels = channels
        self._rate = rate
        self._position = 0  # samples written
        supported = av.Codec("aac", "w").audio_rates or []
        self._container = container
        self._stream: AudioStream = container.add_stream(
            "aac", rate=rate if rate in supported else _FALLBACK_SOUND_RATE, layout=self._layout
        )
        self._stream.bit_rate = _AAC_BIT_RATE
        self._resampler = AudioResampler(
            "fltp", self._layout, self._stream.rate, frame_size=_AAC_FRAME
        )

    def write_until(self, time: float) -> None:
        """Write the samples before `time` s; silence where the sound has ended."""
        end = round(time * self._rate)
        while self._position < end:
            stop = min(self._position + _AAC_FRAME, end)
            frame = AudioFrame.from_ndarray(
                self._take(stop - self._position), format="fltp", layout=self._layout
            )
            frame.sample_rate = self._rate
            frame.time_base = Fraction(1, self._rate)
            frame.pts = self._position
            self._encode(frame)
            self._position = stop

    def _take(self, length: int) -> NDArray[np.float32]:
        """The next samples, float32 [channels, length]."""
        taken, filled = np.zeros((self._channels, length), np.float32), 0
        while filled < length:
            if self._left.shape[1] == 0:
                block = next(self._blocks, None)
                if block is None:
                    break
                # A track may change between one channel and two.
                self._left = block if len(block) <= self._channels else block.mean(0, keepdims=True)
            part = self._left[:, : length - filled]
            taken[:, filled : filled + part.shape[1]] = np.clip(part, -1.0, 1.0)
            self._left = self._left[:, part.shape[1] :]
            filled += part.shape[1]
        return taken

    def finish(self) -> None:
        """Write what the resampler and the encoder still hold."""
        self._encode(None)
        self._container.mux(self._stream.encode(None))

    def _encode(self, frame: AudioFrame | None) -> None:
        for resampled in self._resampler.resample(frame):
            self._container.mux(self._stream.encode(resampled))
