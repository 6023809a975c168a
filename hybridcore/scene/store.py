"""A scene result as one file, so that a sample's first click answers at once.

``python -m hybridcore.scene.store`` makes the files of the samples again. An ``.npz`` without
pickled objects; probabilities and states in float16. It remembers which video and which weights it
is of, and is not used for any other.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np

from hybridcore.cards import ASSETS, load_card
from hybridcore.encoder.labels import object_names, scene_names
from hybridcore.media import Clip
from hybridcore.progress import Progress
from hybridcore.scene.model import KINDS, Kind
from hybridcore.scene.predict import SceneLabeler, shared_labeler
from hybridcore.scene.result import SceneResult, Track
from hybridcore.scene.samples import SAMPLES, sample_path

_ARRAYS = ("times", "objects", "object_probability", "groups", "voices", "motion")
_TRACK = ("probabilities", "attention", "cut_probability", "inputs", "hidden")


def weights_digest() -> str:
    """One hash over all weights that a scene result depends on."""
    names = ["encoder", "scene_groups", *(f"scene_{kind}" for kind in KINDS)]
    return hashlib.sha256("".join(load_card(n)["sha256"] for n in names).encode()).hexdigest()


def stored_path(video_sha256: str) -> Path:
    """Where the result of a sample with that content would be."""
    return ASSETS / "samples" / f"{video_sha256[:16]}.npz"


def save_result(result: SceneResult, path: Path, video_sha256: str) -> None:
    """Write ``result`` of the video with that content."""
    arrays = {name: _small(getattr(result, name)) for name in _ARRAYS}
    arrays["times"] = result.times
    for kind, track in result.tracks.items():
        arrays |= {f"{kind}.{name}": _small(getattr(track, name)) for name in _TRACK}
    header = {
        "video": video_sha256, "weights": weights_digest(), "kinds": list(result.tracks),
        "width": result.width, "height": result.height, "duration": result.duration,
    }
    arrays["header"] = np.array(json.dumps(header))
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load_result(path: Path, video_sha256: str) -> SceneResult | None:
    """The stored result, or None if there is none for this video and these weights."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as file:
        header = json.loads(str(file["header"]))
        if (header["video"], header["weights"]) != (video_sha256, weights_digest()):
            return None
        arrays = {name: _wide(file[name]) for name in file.files if name != "header"}
    kinds: list[Kind] = header["kinds"]
    tracks = {
        kind: Track(kind=kind, **{name: arrays[f"{kind}.{name}"] for name in _TRACK})
        for kind in kinds
    }
    return SceneResult(
        width=header["width"], height=header["height"], duration=header["duration"],
        times=arrays["times"], tracks=tracks, objects=arrays["objects"],
        object_probability=arrays["object_probability"], groups=arrays["groups"],
        voices=arrays["voices"], motion=arrays["motion"],
        scene_names=scene_names(), object_names=object_names(),
    )


def scenes_of(clip: Clip, progress: Progress) -> SceneResult:
    """What every frame of a clip shows: stored if it is a sample, otherwise labelled now.

    ``progress(done, total)`` counts frames.
    """
    return load_result(stored_path(clip.digest), clip.digest) \
        or shared_labeler().run(clip, progress)


def _small(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float16 if array.dtype.kind == "f" else np.int16)


def _wide(array: np.ndarray) -> np.ndarray:
    wide = {np.dtype(np.float16): np.float32, np.dtype(np.int16): np.int64}
    return array.astype(wide.get(array.dtype, array.dtype))


def main() -> None:
    """Label every sample and store its result."""
    labeler = SceneLabeler.load()
    with tempfile.TemporaryDirectory() as cache:
        for sample in SAMPLES:
            clip = Clip.open(sample_path(sample, Path(cache)))
            path = stored_path(clip.digest)
            save_result(labeler.run(clip), path, clip.digest)
            print(f"{sample.name}: {path.name}, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
