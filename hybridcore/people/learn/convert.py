"""The networks for people from MediaPipe's npm packages: ONNX files and their cards.

    npm pack @mediapipe/pose@0.5.1675469404 @mediapipe/hands@0.4.1675469240 \\
        @mediapipe/face_mesh@0.4.1657299874 @mediapipe/face_detection@0.4.1657300184
    pip install tflite ai-edge-litert
    python -m hybridcore.people.learn.convert --packages FOLDER --pictures FOLDER

Every network is run on the pictures (JPEG or PNG, squashed to its size) in ONNX Runtime and in
LiteRT, Google's own; the largest difference goes into the card. The card is written anew: run
`hybridcore.people.learn.evaluate` afterwards for what is measured on clips.
"""

from __future__ import annotations

import argparse
import hashlib
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from hybridcore.cards import WEIGHTS, write_card
from hybridcore.onnx_session import cpu_session
from hybridcore.people.learn.tflite_to_onnx import Converter

COMMAND = "python -m hybridcore.people.learn.convert --packages FOLDER --pictures FOLDER"
_LICENCE = "Apache-2.0; see NOTICE beside it"


@dataclass(frozen=True)
class Paper:
    title: str
    authors: str
    year: int
    url: str


BLAZEPOSE = Paper("BlazePose: On-device Real-time Body Pose tracking", "Bazarevsky et al.", 2020,
                  "https://arxiv.org/abs/2006.10204")
HANDS = Paper("MediaPipe Hands: On-device Real-time Hand Tracking", "Zhang et al.", 2020,
              "https://arxiv.org/abs/2006.10214")
BLAZEFACE = Paper("BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
                  "Bazarevsky et al.", 2019, "https://arxiv.org/abs/1907.05047")
MESH = Paper("Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs",
             "Kartynnik et al.", 2019, "https://arxiv.org/abs/1907.06724")


@dataclass(frozen=True)
class Source:
    """Where a network lies and what it is.

    package, version: on npm; file: in it, bytes ``start`` to ``end`` of it (None: all).
    low, high: what pixels 0 and 255 are to the network.
    outputs: names in the order of the TFLite file; None leaves one out.
    """

    name: str
    title: str
    package: str
    version: str
    file: str
    outputs: tuple[str | None, ...]
    paper: Paper
    low: float = 0.0
    high: float = 1.0
    start: int = 0
    end: int | None = None


SOURCES = (
    Source("people_body_detector", "Bodies: where", "pose", "0.5.1675469404",
           "pose_solution_packed_assets.data", ("boxes", "scores"), BLAZEPOSE, low=-1.0),
    Source("people_body", "Bodies: 33 landmarks and a mask", "pose", "0.5.1675469404",
           "pose_landmark_full.tflite", ("landmarks", "presence", "mask", None, "world"),
           BLAZEPOSE),
    Source("people_palm_detector", "Hands: where", "hands", "0.4.1675469240",
           "hands_solution_packed_assets.data", ("boxes", "scores"), HANDS, start=11,
           end=2341291),
    Source("people_hand", "Hands: 21 landmarks", "hands", "0.4.1675469240",
           "hand_landmark_lite.tflite", ("landmarks", "presence", "right", "world"), HANDS),
    Source("people_face_detector", "Faces: where", "face_detection", "0.4.1657300184",
           "face_detection_full_range.tflite", ("boxes", "scores"), BLAZEFACE, low=-1.0),
    Source("people_face", "Faces: a mesh of 468 landmarks", "face_mesh", "0.4.1657299874",
           "face_mesh_solution_packed_assets.data", ("landmarks", "presence"), MESH,
           start=2495952, end=3737848),
)


def read_source(source: Source, packages: Path) -> tuple[bytes, str]:
    """The TFLite file, and the SHA-256 of the npm package that it was read from."""
    path = packages / f"mediapipe-{source.package}-{source.version}.tgz"
    with tarfile.open(path) as archive:
        member = archive.extractfile(f"package/{source.file}")
        if member is None:
            raise ValueError(f"{path.name} holds no file {source.file}")
        content = member.read()[source.start:source.end]
    return content, hashlib.sha256(path.read_bytes()).hexdigest()


def differences(
    source: Source, content: bytes, graph: bytes, pictures: Sequence[np.ndarray],
) -> dict[str, float]:
    """The largest difference from LiteRT in each output, as a share of its largest value."""
    from ai_edge_litert.interpreter import Interpreter

    session = cpu_session(graph)
    side = session.get_inputs()[0].shape[1]
    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    (entry,) = interpreter.get_input_details()
    worst: dict[str, float] = {}
    names = [name for name in source.outputs if name]
    for picture in pictures:
        pixels = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)[None]
        scaled = source.low + pixels.astype(np.float32) / 255 * (source.high - source.low)
        interpreter.set_tensor(entry["index"], scaled.astype(np.float32))
        interpreter.invoke()
        expected = {
            name: interpreter.get_tensor(detail["index"]) for name, detail in zip(
                source.outputs, interpreter.get_output_details(), strict=True) if name}
        for name, found in zip(names, session.run(names, {"pixels": pixels}), strict=True):
            share = np.abs(found - expected[name]).max() / np.abs(expected[name]).max()
            worst[name] = max(worst.get(name, 0.0), float(share))
    return worst


def card(source: Source, digest: str, graph: bytes, worst: dict[str, float],
         pictures: int) -> dict[str, Any]:
    """The card of one network, before it was tried on clips."""
    return {
        "name": source.name,
        "title": source.title,
        "description": "Google's network, converted from TFLite to ONNX; not trained here.",
        "paper": vars(source.paper),
        "config": {"pixels": [source.low, source.high],
                   "outputs": [name for name in source.outputs if name]},
        "training": {
            "data": [{"name": "Google's own, not published", "citation":
                      f"{source.paper.authors} {source.paper.year}", "terms": _LICENCE}],
            "started_from": (
                f"npm @mediapipe/{source.package} {source.version}, package/{source.file}"
                + (f" bytes {source.start} to {source.end}" if source.end else "")
                + f"; SHA-256 of the package {digest}"),
            "command": COMMAND,
        },
        "metrics": [
            {"name": f"largest difference from LiteRT, {name}", "split": "pictures of people",
             "count": pictures, "value": float(f"{share:.1e}"), "unit": "of the largest value"}
            for name, share in worst.items()],
        "differences": ["The number of pictures is free, so that several go through at once",
                        "Pixels 0..255 are scaled inside the graph"],
        "parameters": _parameters(graph),
        "sha256": hashlib.sha256(graph).hexdigest(),
    }


def _parameters(graph: bytes) -> int:
    import onnx

    return sum(int(np.prod(tensor.dims)) for tensor in onnx.load_from_string(graph)
               .graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, required=True, help="with the .tgz of npm pack")
    parser.add_argument("--pictures", type=Path, required=True, help="with JPEG or PNG")
    args = parser.parse_args()
    paths = sorted(p for p in args.pictures.iterdir() if p.suffix in (".jpg", ".png"))
    pictures = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in paths]
    for source in SOURCES:
        content, digest = read_source(source, args.packages)
        converter = Converter(content, scale=(source.high - source.low) / 255, shift=source.low,
                              names=source.outputs)
        graph = converter.convert().SerializeToString()
        (WEIGHTS / f"{source.name}.onnx").write_bytes(graph)
        worst = differences(source, content, graph, pictures)
        write_card(card(source, digest, graph, worst, len(pictures)))
        print(source.name, len(graph), worst)


if __name__ == "__main__":
    main()
