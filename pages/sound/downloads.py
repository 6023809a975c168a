"""What can be taken along: the sound, the onsets, and the clip with its sound."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hybridcore.jobs import JobProgress
from hybridcore.sound.midi import midi
from hybridcore.sound.mux import mux
from hybridcore.sound.result import SoundResult
from hybridcore.sound.synthesis import Sound
from hybridcore.studio.exports import Export, download_bar
from pages.sound.watched import Watched


def downloads(watched: Watched, result: SoundResult, digest: str) -> None:
    """WAV, JSON, CSV, MIDI and MP4; the digest names the sound."""
    download_bar([
        Export("WAV", "sound.wav", "audio/wav", result.to_wav),
        Export("JSON", "sound.json", "application/json", lambda: result.to_json_text().encode()),
        Export("CSV", "onsets.csv", "text/csv", lambda: result.to_csv().encode()),
        Export("MIDI", "onsets.mid", "audio/midi", lambda: midi(result.onsets)),
        Export("MP4 with sound", "with-sound.mp4", "video/mp4",
               partial(_write_video, watched, result.sound, digest), slow=True),
    ], key=f"{watched.clip.sha256[:16]}.{digest[:16]}")


def _write_video(watched: Watched, sound: Sound, digest: str, progress: JobProgress) -> Path:
    progress.stage("Writing video")(0, 1)
    return mux(watched.clip, sound, watched.preview.with_name(f"{digest[:40]}-export.mp4"))
