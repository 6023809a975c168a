"""One pass over a file: every packet's header, and the first frame of every stream."""

from __future__ import annotations

from dataclasses import dataclass

from av.container import InputContainer
from av.stream import Disposition

from hybridcore.errors import MediaError
from hybridcore.media.limits import Limits
from hybridcore.media.source import damage_skipped, packets, sound_streams, video_streams
from hybridcore.media.tracks import PictureTrack, SoundTrack

# FFmpeg's flag for formats whose clock may jump (AVFMT_TS_DISCONT): there, a hole of this many
# seconds in all streams is a jump. Elsewhere a hole is a pause, unless no clip may last so long.
_CLOCK_MAY_JUMP = 0x0200
_LONGEST_PAUSE = 10.0


def longest_gap(container: InputContainer, limits: Limits) -> float:
    """How far ahead the next stamp may lie without the clock having jumped, s."""
    jumps = container.format.flags & _CLOCK_MAY_JUMP
    return _LONGEST_PAUSE if jumps else limits.max_seconds


@dataclass(frozen=True)
class Scan:
    """What one pass found.

    pictures: the video stream to watch, None in a file of sound.
    sound: the sound track to hear, None if none decodes.
    """

    pictures: PictureTrack | None
    sound: SoundTrack | None


def scan(container: InputContainer, limits: Limits, *, watched: bool = True) -> Scan:
    """Read the file once.

    watched: whether its pictures are wanted; if not, there need not be any.

    Raises:
        MediaError: there is nothing to watch, or it is over a limit.
    """
    try:
        videos = video_streams(container, limits)
    except MediaError:
        if watched:
            raise
        videos = []
    reordered, gap = container.format.name == "avi", longest_gap(container, limits)
    sounds = [SoundTrack(stream) for stream in sound_streams(container, limits)]
    films = [PictureTrack(stream, reordered=reordered, gap=gap, sounds=sounds)
             for stream in videos]
    everything: list[PictureTrack | SoundTrack] = [*films, *sounds]
    tracks = {track.stream.index: track for track in everything}
    with damage_skipped():  # where the file breaks off: what came before is still good
        for packet in packets(container, [track.stream for track in everything]):
            tracks[packet.stream.index].add(packet)
            if any(len(film) > limits.max_frames for film in films):
                raise MediaError(
                    f"The clip has more frames than the limit of {limits.max_frames}; "
                    "cut a shorter piece.")
    sound = next((track for track in sounds if track.frame is not None), None)
    return Scan(_main(films), sound)


def _main(films: list[PictureTrack]) -> PictureTrack | None:
    """What a player would show: of the long ones the default, then the largest.

    A preview picture may be a stream of its own, even the first.
    """
    if not films:
        return None
    shown = [film for film in films if film.frame is not None] or films
    longest = max(map(len, shown))
    return max(
        (film for film in shown if 2 * len(film) >= longest),
        key=lambda film: (bool(film.stream.disposition & Disposition.default),
                          film.stream.width * film.stream.height))
