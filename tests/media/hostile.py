"""Damaged and hostile files, all made by code: ``CASES`` is name -> content, by kind of attack.

What each is called on the disk is part of the attack, so a case is a name and its bytes.
"""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

import av
import numpy as np
from PIL import Image

from hybridcore.media.formats import FORMATS
from tests.media.films import film
from tests.media.heic import heic

Case = tuple[str, Callable[[], bytes]]  # the file's name, and what makes its content

FILMS = {
    "mp4": {"container_options": {"movflags": "faststart"}, "sound": True},
    "mov": {"codec": "mjpeg", "pixel_format": "yuvj420p"},
    "mkv": {"sound": True},
    "webm": {"codec": "libvpx-vp9"},
    "avi": {"codec": "mpeg4", "constant_rate": True},
    "ts": {"sound": True},
    "flv": {"sound": True},
    "mpg": {"codec": "mpeg2video", "constant_rate": True, "rate": 25},
    "h264": {"constant_rate": True},
    "y4m": {"codec": "wrapped_avframe", "constant_rate": True},
}
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF",
            "ppm": "PPM", "avif": "AVIF", "heic": "HEIC"}
SOUNDS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "aac": "aac"}


@cache
def whole(ending: str) -> bytes:
    """A small file of that ending, as it should be."""
    if ending == "zip":
        return zipped({"a.png": whole("png"), "b.png": whole("png")})
    if ending in PICTURES:
        return picture(PICTURES[ending])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{ending}"
        if ending in FILMS:
            options = dict(FILMS[ending])
            if options.pop("sound", False):
                options |= {"sound": np.zeros(44_100, np.float32), "sound_rate": 44_100}
            return film(path, **options).read_bytes()
        with av.open(str(path), "w") as container:
            # Of silence, half a second.
            track = container.add_stream(SOUNDS[ending], rate=44_100, layout="mono")
            block = av.AudioFrame.from_ndarray(
                np.zeros((1, 22_050), np.int16), format="s16", layout="mono")
            block.sample_rate, block.time_base, block.pts = 44_100, Fraction(1, 44_100), 0
            for frame in av.AudioResampler(track.format, "mono", 44_100,
                                           track.frame_size or None).resample(block):
                container.mux(track.encode(frame))
            container.mux(track.encode(None))
        return path.read_bytes()


@cache
def picture(kind: str) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    if kind == "HEIC":
        return heic([pixels[:30, :40]] * 4, 2)
    block = io.BytesIO()
    Image.fromarray(pixels).save(block, kind)
    return block.getvalue()


def truncated(ending: str, share: float) -> bytes:
    data = whole(ending)
    return data[: int(share * len(data))]


def flipped(ending: str, seed: int, within: float = 1.0) -> bytes:
    """With 12 other bytes, in the first part of the file only if ``within`` is small."""
    data, rng = bytearray(whole(ending)), np.random.default_rng(seed)
    for place in rng.integers(int(within * len(data)), size=12):
        data[place] = rng.integers(256)
    return bytes(data)


def patched(ending: str, mark: bytes, offset: int, value: bytes) -> bytes:
    """With ``value`` at ``offset`` after the first ``mark``."""
    data = bytearray(whole(ending))
    place = data.index(mark) + offset
    data[place : place + len(value)] = value
    return bytes(data)


def damaged() -> Iterator[Case]:
    for ending in (*FILMS, *PICTURES, *SOUNDS):
        for share in (0.02, 0.3, 0.6, 0.95):
            yield f"cut-{share}.{ending}", partial(truncated, ending, share)
        for seed in range(3):
            yield f"flipped-{seed}.{ending}", partial(flipped, ending, seed)
            yield f"head-{seed}.{ending}", partial(flipped, ending, seed, 0.1)


def lying() -> Iterator[Case]:
    """Headers that claim what is not so."""
    most, huge = b"\xff" * 4, struct.pack(">I", 60_000)
    for name, mark, offset, value in [
        ("size", b"avc1", 28, b"\xff\xff\xff\xff"), ("ticks", b"mdhd", 16, bytes(4)),
        ("many-ticks", b"mdhd", 16, most), ("length", b"mdhd", 20, most),
        ("samples", b"stsz", 12, most), ("times", b"stts", 8, most), ("chunks", b"stco", 8, most),
        ("key-frames", b"stss", 8, most), ("atom", b"moov", -4, most), ("inner", b"trak", -4, most),
        ("empty-atom", b"trak", -4, bytes(4)), ("matrix", b"tkhd", 44, most * 9),
        ("speakers", b"mp4a", 20, most), ("rate", b"mp4a", 28, most),
    ]:
        yield f"lie-{name}.mp4", partial(patched, "mp4", mark, offset, value)
    yield "lie-size.avi", partial(patched, "avi", b"strf", 12, struct.pack("<II", 60_000, 60_000))
    yield "lie-speakers.wav", partial(patched, "wav", b"fmt ", 10, b"\xff\xff")
    yield "lie-rate.wav", partial(patched, "wav", b"fmt ", 12, most)
    yield "lie-no-rate.wav", partial(patched, "wav", b"fmt ", 12, bytes(4))
    yield "lie-length.wav", partial(patched, "wav", b"data", 4, most)
    yield "lie-size.flv", partial(patched, "flv", b"FLV", 5, most)
    # Pictures of 60,000 pixels on a side.
    yield "huge.png", partial(patched, "png", b"IHDR", 4, huge * 2)
    yield "none.png", partial(patched, "png", b"IHDR", 4, bytes(8))
    yield "huge.jpg", partial(patched, "jpg", b"\xff\xc0", 5, b"\xea\x60" * 2)
    yield "huge.gif", partial(patched, "gif", b"GIF8", 6, b"\xff" * 4)
    yield "huge.bmp", partial(patched, "bmp", b"BM", 18, struct.pack("<ii", 60_000, 60_000))
    yield "upside-down.bmp", partial(patched, "bmp", b"BM", 18, struct.pack("<ii", 80, -2**31))
    yield "huge.ppm", lambda: b"P6 60000 60000 255\n" + bytes(100)
    yield "digits.ppm", lambda: b"P6 " + b"9" * 5000 + b" 1 255\n"
    yield "huge.webp", partial(patched, "webp", b"VP8 ", 14, b"\xff\x3f\xff\x3f")
    yield "huge.y4m", lambda: b"YUV4MPEG2 W60000 H60000 F25:1\nFRAME\n" + bytes(100)
    yield "rate.y4m", lambda: b"YUV4MPEG2 W64 H48 F0:0\nFRAME\n" + bytes(64 * 48 * 3 // 2)
    for name, chunk in [("text", b"zTXt"), ("profile", b"iCCP"), ("notes", b"eXIf")]:
        yield f"bomb-{name}.png", partial(png_bomb, chunk)
    for mode, depth, colour in [("palette", 8, 3), ("rgba", 8, 6), ("grey16", 16, 0)]:
        yield f"black-{mode}.png", partial(black, depth, colour)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(kind: bytes) -> bytes:
    """A small picture with 200 MB of compressed nothing beside it."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    data = whole("png")
    return data[:33] + png_chunk(kind, b"name\0\0" + body) + data[33:]


def black(depth: int, colour: int) -> bytes:
    """40,000 x 40,000 pixels, the first rows of which are there."""
    return (b"\x89PNG\r\n\x1a\n"
            + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, depth, colour, 0, 0, 0))
            + (png_chunk(b"PLTE", bytes(768)) if colour == 3 else b"")
            + png_chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + png_chunk(b"IEND", b""))


def scripts() -> Iterator[Case]:
    """Files that would have a reader fetch, run or show something else."""
    texts = {
        "hls": b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "hls-key": b"#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"http://127.0.0.1/k\"\n#EXTINF:1,\na\n",
        "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
        "dash": b"<?xml version='1.0'?><MPD><Period><BaseURL>file:///etc/</BaseURL></Period></MPD>",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "magick": b"push graphic-context\nimage over 0,0 0,0 'url(http://127.0.0.1/)'\n",
        "text-art": b"\x1b[2J\x1b[31m" + b"Hello, this is text.\r\n" * 200,
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "html": b"<html><script>alert(1)</script><img src=x onerror=alert(1)></html>",
        "python": b"import os\nos.system('true')\n",
        "shell": b"#!/bin/sh\ntouch /tmp/stray\n",
        "program": b"\x7fELF\x02\x01\x01" + bytes(2000),
        "pickle": b"cos\nsystem\n(S'true'\ntR.",
        "pdf": b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj\n%%EOF",
        "bitmap-list": b"P7\nWIDTH 1\nENDHDR\n",
    }
    names = list(texts)
    for number, ending in enumerate(FORMATS):
        for step in range(4):  # each ending meets four of them, each of them a dozen endings
            name = names[(number + 4 * step + number // len(names)) % len(names)]
            yield f"{name}.{ending}", partial(texts.__getitem__, name)


def disguised() -> Iterator[Case]:
    """Files of one kind under the ending of another."""
    for ending in ("mp4", "png", "wav", "jpg", "gif"):
        for other in ("mp4", "png", "jpg", "wav", "gif", "webp", "avi", "zip", "mp3", "tif"):
            if other != ending:
                yield f"was-{ending}.{other}", partial(whole, ending)
    for other in ("mp4", "png", "wav", "webm", "avif"):
        yield f"empty.{other}", bytes
        yield f"zeros.{other}", partial(bytes, 10_000)
        yield f"noise.{other}", partial(np.random.default_rng(1).bytes, 10_000)
        yield f"twice-zip.{other}", partial(zipped, {"a.png": b"x"})


def zipped(entries: dict[str, bytes]) -> bytes:
    block = io.BytesIO()
    with zipfile.ZipFile(block, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return block.getvalue()


def archives() -> Iterator[Case]:
    good = whole("png")
    yield "bomb.zip", lambda: zipped({"a.png": bytes(80_000_000)})
    yield "bombs.zip", lambda: zipped({f"{k}.png": bytes(4_000_000) for k in range(30)})
    yield "many.zip", lambda: zipped({f"{k}.png": b"" for k in range(3000)})
    yield "nested.zip", lambda: zipped({"a.png": zipped({"b.png": bytes(5_000_000)})})
    yield "above.zip", lambda: zipped({"../../stray.png": good, "/etc/stray.png": good})
    yield "drive.zip", lambda: zipped({"C:\\stray.png": good, "..\\stray.png": good})
    yield "names.zip", lambda: zipped({"a\nb.png": bytes(80_000_000), "x" * 240 + ".png": good})
    yield "markdown.zip", lambda: zipped({"[a](javascript:alert(1)).png": b"no", "*#`.png": good})
    central, local = b"PK\x01\x02", b"PK\x03\x04"
    most = b"\xff\xff\xff\x7f"
    yield "says-small.zip", partial(patched, "zip", central, 24, b"\x01\0\0\0")
    yield "says-large.zip", partial(patched, "zip", central, 24, most)
    yield "checksum.zip", partial(patched, "zip", central, 16, most)
    yield "locked.zip", partial(patched, "zip", central, 8, b"\x01\0")
    yield "method.zip", partial(patched, "zip", central, 10, b"\x63\0")
    yield "elsewhere.zip", partial(patched, "zip", central, 42, most)
    yield "local-name.zip", partial(patched, "zip", local, 30, b"other")
    yield "directory.zip", partial(patched, "zip", b"PK\x05\x06", 16, most)
    for share in (0.1, 0.5, 0.9, 0.99):
        yield f"cut-{share}.zip", partial(truncated, "zip", share)
    for seed in range(8):
        yield f"flipped-{seed}.zip", partial(flipped, "zip", seed)


def named() -> Iterator[Case]:
    """Damaged files whose names reach further than a name should."""
    for name in ("..mp4", "...", "a\nb.mp4", "x" * 240 + ".mp4", "[a](javascript:alert(1)).mp4",
                 "**bold** `code` <b>.png", "$(touch stray).mp4", "-i.mp4", "file:a.mp4",
                 "concat:a|b.mp4", "http:a.mp4", "a%00b.png", "%d.png", "CON.mp4", "a\tb.wav",
                 "é\u202egnp.mp4", "pipe:0", "subfile,,start,0,end,9,,:a.mp4", "data:,a.mp4"):
        yield name, lambda: b"This is no film.\n" * 100


CASES: dict[str, list[Case]] = {
    make.__name__: list(make())
    for make in (damaged, lying, scripts, disguised, archives, named)
}
