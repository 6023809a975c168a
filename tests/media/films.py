"""Tiny films whose every frame shows its own index, made with PyAV.

A frame is a grid of 2 x 4 cells. The top left cell is red, which tells the way up; of the other
seven, six are black or white and spell the index in binary.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import PictureType

TICKS = Fraction(1, 1000)


def picture(index, height=48, width=64):
    """uint8 [height, width, 3]: the frame number `index`, 0..63."""
    cells = np.zeros((2, 4, 3), np.uint8)
    cells[0, 0] = (255, 0, 0)
    for bit in range(6):
        cells[(bit + 1) // 4, (bit + 1) % 4] = 255 * (index >> bit & 1)
    rows = np.arange(height) * 2 // height
    columns = np.arange(width) * 4 // width
    return np.ascontiguousarray(cells[rows][:, columns])


def index_of(frame):
    """The index an upright frame of any size shows; fails if it is not upright."""
    height, width, _ = frame.shape
    rows = (np.array([1, 3]) * height) // 4
    columns = (np.array([1, 3, 5, 7]) * width) // 8
    cells = frame[rows][:, columns].astype(int)
    red, green, blue = cells[0, 0]
    assert red > 150, "the red cell is not at the top left"
    assert max(green, blue) < 110, "the red cell is not at the top left"
    bits = cells.reshape(8, 3).mean(axis=1)[1:7] > 127
    return int(sum(1 << bit for bit in range(6) if bits[bit]))


def film(
    path: Path,
    times: Sequence[float] = tuple(i / 20 for i in range(20)),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    size: tuple[int, int] = (48, 64),
    rotation: int = 0,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    rate: int = 20,
    constant_rate: bool = False,
    sound: np.ndarray | None = None,
    sound_rate: int = 16000,
    sound_start: float = 0.0,
    pixel_aspect: Fraction | None = None,
) -> Path:
    """Write a film and return its path.

    rotation: the turn, clockwise in degrees, that a player must make; frames are stored turned
        the other way, as phones do.
    constant_rate: for containers and codecs that know no times, only a rate.
    """
    height, width = size
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=rate, options=options or {})
        stored = np.rot90(picture(0, height, width), rotation // 90).shape
        stream.height, stream.width = stored[:2]
        stream.pix_fmt = pixel_format
        time_base = Fraction(1, rate) if constant_rate else TICKS
        stream.codec_context.time_base = time_base
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation:
            stream.set_display_rotation(-rotation)
        if sound is not None:
            track = container.add_stream("aac", rate=sound_rate, layout="mono")
        for index, time in enumerate(times):
            image = np.ascontiguousarray(np.rot90(picture(index, height, width), rotation // 90))
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            if pixel_format != "rgb24":
                frame = frame.reformat(format=pixel_format)
            frame.pts = index if constant_rate else round(time / TICKS)
            frame.time_base = time_base
            if index == 0:
                frame.pict_type = PictureType.I
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            for start in range(0, len(sound), 1024):
                block = av.AudioFrame.from_ndarray(
                    sound[None, start : start + 1024].astype(np.float32), "fltp", "mono"
                )
                block.sample_rate = sound_rate
                block.time_base = Fraction(1, sound_rate)
                block.pts = start + round(sound_start * sound_rate)
                container.mux(track.encode(block))
            container.mux(track.encode(None))
    return path


def indices(frames):
    """The indices shown by uint8 [n, height, width, 3]."""
    return [index_of(frame) for frame in frames]


def read_all(clip, **options):
    """(times float64 [n], frames uint8 [n, ...]) of all chunks of `clip`."""
    chunks = list(clip.chunks(**options))
    starts = np.cumsum([0] + [len(chunk.times) for chunk in chunks[:-1]])
    assert [chunk.start for chunk in chunks] == list(starts)
    return (
        np.concatenate([chunk.times for chunk in chunks]),
        np.concatenate([chunk.frames for chunk in chunks]),
    )
