"""The streams of a file as their packets tell: what is shown when, and the first frame.

Durations in headers are not used: few packets carry one in a transport stream, an uneven film has
only the average frame's length in its header, a browser's recording claims 1000 frames a second,
and a broken file promises more than it holds.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from hybridcore.media.clock import RESTART, Span
from hybridcore.media.decode import picture_decoder, stamp
from hybridcore.media.source import damage_skipped

_SOUND_STEP = 0.5  # s between packets of sound that are noted
_SHORTEST_FRAME = 0.01  # s: of a frame that is shorter than the others
_FALLBACK_RATE = 25.0
_RATES_BELIEVED = (1.0, 240.0)  # of a header, Hz


def _tick(stream: VideoStream | AudioStream) -> tuple[int, int]:
    """How long a tick of its stamps is, s, as numerator and denominator."""
    base = stream.time_base or Fraction(1)
    return base.numerator, base.denominator


class SoundTrack:
    """A sound track: its first frame, and where its packets lie (every half second one)."""

    def __init__(self, stream: AudioStream) -> None:
        self.stream = stream
        self.frame: AudioFrame | None = None
        self.stamps: list[float] = []
        self._tick = _tick(stream)

    def add(self, packet: Packet) -> None:
        """Take note of the next packet."""
        begin = packet.dts if packet.pts is None else packet.pts
        if begin is not None:
            up, down = self._tick
            at = begin * up / down
            if not self.stamps or abs(at - self.stamps[-1]) > _SOUND_STEP:
                self.stamps.append(at)
        if self.frame is None:
            with suppress(av.FFmpegError):
                self.frame = next(iter(self.stream.codec_context.decode(packet)), None)


class _Header(NamedTuple):
    """Of a packet: presentation and decoding stamp and length, s; whether decoding can begin."""

    pts: float | None
    dts: float | None
    length: float
    key: bool


class PictureTrack:
    """A video stream: its first frame, and when its frames are shown.

    whole: every packet carries both stamps, and none is damaged or hidden by an edit list.
    """

    def __init__(
        self, stream: VideoStream, *, reordered: bool, gap: float, sounds: list[SoundTrack]
    ) -> None:
        """reordered: the container keeps decoding stamps only; presentation stamps are guesses.

        gap: how far ahead a stamp may lie without the clock having jumped, s; where one of the
            ``sounds`` goes on in a longer one, it is a pause.
        """
        self.stream = stream
        self._longest_gap = gap
        self._sounds = sounds
        self.frame: VideoFrame | None = None
        self.whole = True
        self._reordered = reordered
        self._decoder = picture_decoder(stream)
        self._tick = _tick(stream)
        self._packets: list[_Header] = []
        self._skipped: int | None = None  # packets before the first where decoding can begin
        self._first_key: int | None = None  # its decoding stamp, in ticks

    def add(self, packet: Packet) -> None:
        """Take note of the next packet."""
        if packet.size > 0:
            self._note(packet)
        if self.frame is None:
            with damage_skipped():
                self.frame = next(iter(self._decoder.decode(packet)), None)

    def _note(self, packet: Packet) -> None:
        hidden, pts, dts = packet.is_discard, packet.pts, packet.dts
        self.whole &= not (packet.is_corrupt or hidden or pts is None or dts is None)
        if hidden:
            return
        if packet.is_keyframe and self._skipped is None and self.frame is None:
            self._first_key, self._skipped = dts, len(self)
        up, down = self._tick
        self._packets.append(_Header(
            pts=None if pts is None else pts * up / down,
            dts=None if dts is None else dts * up / down,
            length=(packet.duration or 0) * up / down,
            key=packet.is_keyframe,
        ))

    def __len__(self) -> int:
        return len(self._packets)

    @cached_property
    def delay(self) -> int | None:
        """What `decode.stamp` needs to know: None where frames carry their presentation stamp."""
        missing = sum(packet.pts is None for packet in self._packets)
        by_decoding = self._reordered or 2 * missing > len(self._packets)
        if not by_decoding or self.frame is None or self.frame.dts is None:
            return None
        return self.frame.dts - (self.frame.dts if self._first_key is None else self._first_key)

    @property
    def first_stamp(self) -> float | None:
        """Of the first frame that decodes, s on the file's own clock."""
        return (None if self.frame is None
                else stamp(self.frame, self.stream.time_base, self.delay))

    @cached_property
    def _shown(self) -> NDArray[np.float64]:
        """The stamps by which packets are placed, in the order of the file; NaN: it has none."""
        by_decoding = self.delay is not None
        chosen = [packet.dts if by_decoding or packet.pts is None else packet.pts
                  for packet in self._packets]
        return np.array([np.nan if value is None else value for value in chosen], np.float64)

    @cached_property
    def _parts(self) -> list[NDArray[np.int64]]:
        """The numbers of the packets between two jumps of the clock."""
        shown = np.flatnonzero(~np.isnan(self._shown))
        if len(shown) == 0:
            return []
        steps = np.diff(self._decoded[shown])
        jumps = [k for k in np.flatnonzero((steps < -RESTART) | (steps > self._longest_gap))
                 if steps[k] < 0 or not self._heard(*self._decoded[shown[k : k + 2]])]
        return np.split(shown, np.array(jumps, np.int64) + 1)

    @cached_property
    def _decoded(self) -> NDArray[np.float64]:
        """The decoding stamps, which go on where presentation stamps go back and forth.

        The first of a stream are often missing; they count as the next one.
        """
        stamps = np.array([np.nan if packet.dts is None else packet.dts
                           for packet in self._packets], np.float64)
        known = np.flatnonzero(~np.isnan(stamps))
        if len(known) == 0:
            return self._shown
        after = np.searchsorted(known, np.arange(len(stamps))).clip(max=len(known) - 1)
        return stamps[known[after]]

    def _heard(self, begin: float, end: float) -> bool:
        return any(begin + 1 < at < end - 1 for sound in self._sounds for at in sound.stamps)

    @cached_property
    def _sorted_parts(self) -> list[NDArray[np.float64]]:
        """The stamps of the frames, s, in order of presentation, one array for each part.

        Frames before the first that decodes, as where a file begins in the middle of a group of
        pictures, are left out.
        """
        parts = [np.sort(self._shown[part]) for part in self._parts]
        if parts and self.first_stamp is not None:
            first = parts[0][parts[0] >= self.first_stamp - 1e-6]
            parts[0] = first if len(first) else np.array([self.first_stamp])
        return parts

    @cached_property
    def period(self) -> float:
        """How long a frame usually lasts, s: the middle of the steps between their stamps.

        Steps near the median are averaged, since containers round stamps, to 1 ms for instance.
        """
        steps = np.concatenate([np.diff(part) for part in self._sorted_parts] or [np.empty(0)])
        steps = steps[steps > 0]
        if len(steps):
            median = np.quantile(steps, 0.5, method="lower")
            return float(steps[(steps > median * 0.75) & (steps < median * 1.5)].mean())
        rates = (self.stream.average_rate, self.stream.guessed_rate)
        low, high = _RATES_BELIEVED
        return 1 / next((float(r) for r in rates if r and low <= r <= high), _FALLBACK_RATE)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where the clock runs on, one after the other; none without stamps."""
        found: list[Span] = []
        start = 0.0
        for part in self._sorted_parts:
            found.append(Span(float(part[0]), float(part[-1]), start))
            start += float(part[-1] - part[0]) + self.period
        return tuple(found)

    @property
    def count(self) -> int:
        """How many frames it shows, if all decode."""
        if self._sorted_parts:
            return sum(map(len, self._sorted_parts))
        return len(self) - (self._skipped or 0)

    @property
    def duration(self) -> float:
        """From the first frame to the end of the last, s."""
        if not self.spans:
            return self.count * self.period
        last = self.spans[-1]
        ends = [packet.length for packet, at in zip(self._packets, self._shown, strict=True)
                if at == last.last]
        length = max(ends, default=0.0)
        # Some containers give every packet the length of a tick, some a wild one.
        believed = min(self.period / 2, _SHORTEST_FRAME) <= length <= self._longest_gap
        return last.start + (last.last - last.first) + (length if believed else self.period)

    @property
    def lost(self) -> float:
        """How much of the film lies before the first frame that decodes, s."""
        if not self._parts or self.first_stamp is None:
            return 0.0
        return max(0.0, self.first_stamp - float(np.nanmin(self._shown[self._parts[0]])))

    @property
    def key_stamps(self) -> tuple[float, ...]:
        """The stamps of key frames, increasing; none if a stamp does not tell one frame."""
        if self.delay or len(self.spans) != 1 or np.isnan(self._shown).any():
            return ()
        if (np.diff(np.sort(self._shown)) <= 0).any():
            return ()
        keys = [float(at) for packet, at in zip(self._packets, self._shown, strict=True)
                if packet.key]
        return tuple(sorted(key for key in keys if key >= self.spans[0].first))
