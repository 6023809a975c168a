"""Writes HEIC pictures as phones do, since nothing that is installed does."""

import struct
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np

MAIN = 100  # number of the picture to show


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def full_box(kind: bytes, version: int, *parts: bytes) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]), *parts)


def hevc(picture: np.ndarray) -> tuple[bytes, bytes]:
    """(hvcC, content) of a key frame that shows a picture RGB ``[h, w, 3]``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.mkv"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx265", options={
                "crf": "8", "x265-params": "log-level=none"})
            stream.height, stream.width = picture.shape[:2]
            stream.pix_fmt = "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
            container.mux(stream.encode(None))
        with av.open(str(path)) as container:
            packet = next(container.demux(video=0))
            return bytes(packet.stream.codec_context.extradata or b""), bytes(packet)


def heic(
    tiles: Sequence[np.ndarray], columns: int = 1, size: tuple[int, int] | None = None,
    extra: Sequence[bytes] = (), kind: bytes = b"hvc1",
) -> bytes:
    """A file of one tile, or of a grid of equal ones in rows.

    size: (height, width) of the grid; the tiles may reach beyond it. extra: boxes of properties of
    the main picture. kind: of what the tiles say they are.
    """
    coded = [hevc(np.ascontiguousarray(tile)) for tile in tiles]
    rows, (tall, wide) = len(tiles) // columns, tiles[0].shape[:2]
    height, width = size or (rows * tall, columns * wide)
    is_grid = len(tiles) > 1
    numbers = list(range(1, len(tiles) + 1)) if is_grid else [MAIN]
    contents = [content for _, content in coded]
    kinds = [kind] * len(tiles)
    properties = [box(b"hvcC", coded[0][0]),
                  full_box(b"ispe", 0, struct.pack(">II", wide, tall)), *extra]
    extras = [0x80 | number for number in range(3, 3 + len(extra))]
    links = {number: [0x81, 2] for number in numbers}
    links[MAIN] = [*links.get(MAIN, [2]), *extras]
    grid = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    if is_grid:
        numbers, kinds = [*numbers, MAIN], [*kinds, b"grid"]
    infos = [full_box(b"infe", 2, struct.pack(">HH", number, 0), kind, b"\0")
             for number, kind in zip(numbers, kinds, strict=True)]
    parts = box(b"dimg", struct.pack(f">{len(numbers) + 1}H", MAIN, len(tiles), *numbers[:-1]))

    def meta(begin: int) -> bytes:
        places = b""
        for number, content in zip(numbers, contents, strict=False):
            places += struct.pack(">HHHHII", number, 0, 0, 1, begin, len(content))
            begin += len(content)
        if is_grid:  # lies inside the box itself, as an iPhone has it
            places += struct.pack(">HHHHII", MAIN, 1, 0, 1, 0, len(grid))
        return full_box(
            b"meta", 0, full_box(b"hdlr", 0, struct.pack(">I4s12x", 0, b"pict"), b"\0"),
            full_box(b"pitm", 0, struct.pack(">H", MAIN)),
            full_box(b"iinf", 0, struct.pack(">H", len(infos)), *infos),
            full_box(b"iref", 0, parts) if is_grid else b"",
            box(b"iprp", box(b"ipco", *properties), full_box(
                b"ipma", 0, struct.pack(">I", len(links)), *(
                    struct.pack(">HB", number, len(own)) + bytes(own)
                    for number, own in links.items()))),
            box(b"idat", grid),
            full_box(b"iloc", 1, b"\x44\x00", struct.pack(">H", len(numbers)), places))

    head = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    begin = len(head) + len(meta(0)) + 8
    return head + meta(begin) + box(b"mdat", *contents)
