"""HEIC, the still pictures of iPhones: HEVC tiles in a box file (ISO/IEC 23008-12).

Pillow does not read them, and FFmpeg's demuxer gives the tiles without their places. So the boxes
are read here, and FFmpeg's decoder makes a picture of each tile.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

from hybridcore.media.codecs import WHITELIST

_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_MAX_PIXELS = 8192 * 8192
_UNSPECIFIED, _BT601 = 2, 5  # colour matrices, by FFmpeg's numbers


def is_heic(path: Path) -> bool:
    """Whether it is a picture of an iPhone's kind."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def heic_image(path: Path) -> Image.Image:
    """The main picture, upright, decoded.

    Raises what Pillow does on damage: errors of lookup and value, and `DecompressionBombError`.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        items = _Items.of(data)
        if items.kinds[items.main] not in (b"hvc1", b"grid"):
            raise Image.UnidentifiedImageError("a picture that is not HEVC")
        try:
            array = _decoded(items, items.main)
        except MemoryError:
            raise  # PyAV's is an FFmpegError too
        except av.FFmpegError as error:
            raise ValueError("a tile that does not decode") from error
        profile = b""
        for kind, content in items.properties[items.main]:
            if kind == b"irot":
                array = np.rot90(array, content[0] & 3)
            elif kind == b"imir":
                array = array[:, ::-1] if content[0] & 1 else array[::-1]
            elif kind == b"colr" and content[:4] in (b"prof", b"rICC"):
                profile = content[4:]
    image = Image.fromarray(np.ascontiguousarray(array))
    image.format = "HEIC"
    if profile:
        image.info["icc_profile"] = profile
    return image


def _decoded(items: _Items, item: int) -> NDArray[np.uint8]:
    """An item, RGB ``[h, w, 3]``, as it is stored."""
    if items.kinds[item] != b"grid":
        return _tile(items, item)
    grid = items.content(item)
    rows, columns, size = grid[2] + 1, grid[3] + 1, 4 if grid[1] & 1 else 2
    width, height = (int.from_bytes(grid[4 + k * size : 4 + (k + 1) * size]) for k in (0, 1))
    if not 0 < width * height <= _MAX_PIXELS:
        raise Image.DecompressionBombError(f"{width} x {height} pixels")
    canvas = np.zeros((height, width, 3), np.uint8)
    tiles = items.parts[item]
    if len(tiles) != rows * columns or any(items.kinds[tile] == b"grid" for tile in tiles):
        raise ValueError("a grid with other tiles than it declares")
    for number, tile in enumerate(tiles):
        part = _tile(items, tile)
        top, left = number // columns * part.shape[0], number % columns * part.shape[1]
        if top >= height or left >= width:
            raise ValueError("a tile outside the picture")
        place = canvas[top : top + part.shape[0], left : left + part.shape[1]]
        place[...] = part[: place.shape[0], : place.shape[1]]
    return canvas


def _tile(items: _Items, item: int) -> NDArray[np.uint8]:
    if items.kinds[item] != b"hvc1":
        raise ValueError("a picture that is not HEVC")
    properties = dict(items.properties[item])
    size = properties[b"ispe"]
    if int.from_bytes(size[4:8]) * int.from_bytes(size[8:12]) > _MAX_PIXELS:
        raise Image.DecompressionBombError("a tile over the limit")
    decoder = CodecContext.create("hevc", "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.options = {"codec_whitelist": WHITELIST, "max_pixels": str(_MAX_PIXELS)}
    decoder.thread_count, decoder.extradata = 1, properties[b"hvcC"]
    frame = (decoder.decode(Packet(items.content(item))) + decoder.decode(None))[0]
    return _rgb(frame, dict(items.properties[items.main]).get(b"colr", b""))


def _rgb(frame: VideoFrame, colours: bytes) -> NDArray[np.uint8]:
    """colours: the box that says what they mean, which goes before what the frame says."""
    if colours[:4] == b"nclx":
        frame.colorspace = int.from_bytes(colours[8:10])
        frame.color_range = ColorRange.JPEG if colours[10] & 0x80 else ColorRange.MPEG
    if frame.colorspace == _UNSPECIFIED:
        frame.colorspace = _BT601
    rgb = VideoReformatter().reformat(frame, format="rgb24", threads=1)
    return rgb.to_ndarray().astype(np.uint8, copy=False)


@dataclass(frozen=True)
class _Items:
    """What the ``meta`` box lists.

    main: number of the picture to show. kinds, properties (in order), parts (the tiles of a
    grid): by number. places: of contents, as begin and end in ``data``.
    """

    data: mmap.mmap
    main: int
    kinds: dict[int, bytes] = field(default_factory=dict)
    properties: dict[int, list[tuple[bytes, bytes]]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: mmap.mmap) -> _Items:
        begin, end = dict(_boxes(data, 0, len(data)))[b"meta"]
        boxes = dict(_boxes(data, begin + 4, end))
        main = _Fields(data, *boxes[b"pitm"])
        items = cls(data, main.take(4 if main.version else 2))
        items._read_kinds(_Fields(data, *boxes[b"iinf"]))
        items._read_places(_Fields(data, *boxes[b"iloc"]), boxes.get(b"idat", (0, 0))[0])
        items._read_properties(*boxes[b"iprp"])
        if b"iref" in boxes:
            items._read_parts(_Fields(data, *boxes[b"iref"]))
        return items

    def content(self, item: int) -> bytes:
        return b"".join(self.data[begin:end] for begin, end in self.places[item])

    def _read_kinds(self, fields: _Fields) -> None:
        begin = fields.at + (4 if fields.version else 2)
        for _, place in _boxes(self.data, begin, fields.end):
            entry = _Fields(self.data, *place)
            number = entry.take(4 if entry.version == 3 else 2)
            self.kinds[number] = self.data[entry.at + 2 : entry.at + 6]

    def _read_places(self, fields: _Fields, inside: int) -> None:
        sizes = fields.take(2)
        offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
        wide = 4 if fields.version == 2 else 2
        for _ in range(fields.take(wide)):
            number = fields.take(wide)
            start = inside if fields.version and fields.take(2) & 15 == 1 else 0
            fields.take(2)  # the file that holds it: this one
            start += fields.take(base)
            self.places[number] = []
            for _ in range(fields.take(2)):
                fields.take(index if fields.version else 0)
                begin = start + fields.take(offset)
                self.places[number].append((begin, begin + fields.take(length)))

    def _read_properties(self, begin: int, end: int) -> None:
        boxes = dict(_boxes(self.data, begin, end))
        known = [(kind, self.data[a:b]) for kind, (a, b) in _boxes(self.data, *boxes[b"ipco"])]
        fields = _Fields(self.data, *boxes[b"ipma"])
        wide, last = (2, 0x7FFF) if fields.flags & 1 else (1, 0x7F)
        for _ in range(fields.take(4)):
            number = fields.take(4 if fields.version else 2)
            numbers = [fields.take(wide) & last for _ in range(fields.take(1))]
            self.properties[number] = [known[n - 1] for n in numbers if n]

    def _read_parts(self, fields: _Fields) -> None:
        wide = 4 if fields.version else 2
        for kind, (begin, end) in _boxes(self.data, fields.at, fields.end):
            entry = _Fields(self.data, begin - 4, end)
            if kind == b"dimg":
                number = entry.take(wide)
                self.parts[number] = [entry.take(wide) for _ in range(entry.take(2))]


class _Fields:
    """The numbers in a box, one after the other, behind its version and flags."""

    def __init__(self, data: mmap.mmap, begin: int, end: int) -> None:
        self._data = data
        self.version, self.flags = data[begin], int.from_bytes(data[begin + 1 : begin + 4])
        self.at, self.end = begin + 4, end

    def take(self, size: int) -> int:
        """The next number, of ``size`` bytes; 0 where there are none."""
        if self.at + size > self.end:
            raise ValueError("a box is too short")
        self.at += size
        return int.from_bytes(self._data[self.at - size : self.at])


def _boxes(data: mmap.mmap, begin: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Kind, and begin and end of the content, of the boxes in a part of the file."""
    while begin + 8 <= end:
        size, kind, head = int.from_bytes(data[begin : begin + 4]), data[begin + 4 : begin + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[begin + 8 : begin + 16]), 16
        stop = begin + size if size else end
        if not begin + head <= stop <= end:
            raise ValueError("a box reaches beyond its frame")
        yield kind, (begin + head, stop)
        begin = stop
