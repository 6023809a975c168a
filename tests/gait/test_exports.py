"""Files hold the numbers of the result and the names of the network chosen."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from hybridcore.gait import annotate as module
from hybridcore.gait.figures import ENLARGED, LABEL, colour_of
from hybridcore.gait.model import KINDS
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.system import SYSTEM
from hybridcore.media import Clip
from hybridcore.media.mux import add_sound
from tests.gait.conftest import Answering


def write(key: str, answer, path: Path) -> Path:
    next(export for export in SYSTEM.exports if export.key == key).write(answer, path, None)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_json_is_of_the_kind(
    kind: str, answering: Answering, two_walkers: Clip, tmp_path: Path
) -> None:
    answer = answering(two_walkers, kind)
    content = json.loads(write("json", answer, tmp_path / "out.json").read_text())
    assert content["model"] == kind
    for track, walk in zip(content["tracks"], answer.outputs.walks, strict=True):
        assert track["embedding"] == pytest.approx(walk.identities[kind].embedding, abs=1e-6)
        assert track["start"] == pytest.approx(walk.times[0], abs=1e-4)
        assert track["end"] == pytest.approx(walk.times[-1], abs=1e-4)


def test_csv_has_a_row_a_silhouette(
    answering: Answering, two_walkers: Clip, tmp_path: Path
) -> None:
    answer = answering(two_walkers)
    rows = list(csv.DictReader(write("csv", answer, tmp_path / "out.csv").open()))
    for walk in answer.result.walks:
        own = [row for row in rows if int(row["walker"]) == walk.id]
        assert [int(row["frame"]) for row in own] == walk.frames.tolist()
        assert [float(row["time"]) for row in own] == pytest.approx(walk.times, abs=1e-4)
        boxes = [[float(row[side]) for side in ("left", "top", "width", "height")] for row in own]
        assert np.array(boxes) == pytest.approx(walk.boxes, abs=1e-4)
        assert [bool(int(row["usable"])) for row in own] == walk.usable.tolist()
        widths = [float(row["lower_width"]) for row in own if row["lower_width"]]
        assert widths == pytest.approx(walk.rhythm.width, abs=1e-4)
        steps = [float(row["time"]) for row in own if row["step"] == "1"]
        expected = walk.used_times[sorted(walk.rhythm.steps)]
        assert steps == pytest.approx(expected, abs=1e-4)


def test_the_sheet_is_the_energy_images_to_the_pixel(
    answering: Answering, two_walkers: Clip, tmp_path: Path
) -> None:
    answer = answering(two_walkers)
    path = write("gei", answer, tmp_path / "out.png")
    sheet = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert sheet.shape == (LABEL + 64 * ENLARGED, 89 * ENLARGED)
    assert sheet[:LABEL, : 44 * ENLARGED].any()  # the name
    pictures = sheet[LABEL:].reshape(64, ENLARGED, 89, ENLARGED)
    pixels = pictures[:, 0, :, 0]
    assert (pictures == pixels[:, None, :, None]).all()
    first, second = answer.result.walks
    assert (pixels[:, :44] == np.round(first.energy * 255)).all()
    assert (pixels[:, 44] == 128).all()
    assert (pixels[:, 45:] == np.round(second.energy * 255)).all()


def test_a_clip_without_walkers_can_be_exported(
    answering: Answering, filmed, tmp_path: Path
) -> None:
    answer = answering(filmed([], 1.0))
    assert json.loads(write("json", answer, tmp_path / "out.json").read_text())["tracks"] == []
    assert write("csv", answer, tmp_path / "out.csv").read_text().startswith("walker,frame,time")
    assert write("gei", answer, tmp_path / "out.png").exists()


def test_the_video_keeps_frames_and_times_and_marks_everybody_in_their_frames(
    answering: Answering, two_walkers: Clip, tmp_path: Path
) -> None:
    answer = answering(two_walkers)
    clip = Clip.open(write("mp4", answer, tmp_path / "out.mp4"))
    result = answer.result
    assert clip.info.frame_count == len(result.times)
    chunks = list(clip.chunks())
    assert np.concatenate([c.times for c in chunks]) == pytest.approx(result.times, abs=1e-3)
    frames = np.concatenate([c.frames for c in chunks]).astype(int)
    plain = np.concatenate([c.frames for c in two_walkers.chunks()]).astype(int)
    height, width = frames.shape[1:3]
    for walk in result.walks:
        colour = np.array([int(colour_of(walk)[k : k + 2], 16) for k in (1, 3, 5)])
        for k in (len(walk.frames) // 5, 4 * len(walk.frames) // 5):
            left, top, _, tall = walk.boxes[k] * [width, height, width, height]
            edge = (slice(round(top) + 10, round(top + tall) - 10), round(left))
            drawn = np.abs(frames[walk.frames[k]][edge] - colour).mean()
            before = np.abs(plain[walk.frames[k]][edge] - colour).mean()
            assert drawn < 0.6 * before, walk.name


@pytest.mark.parametrize("kind", KINDS)
def test_names_in_the_video_are_those_that_the_kind_accepts(
    kind: str, answering: Answering, two_walkers: Clip, recogniser: GaitRecogniser,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    gallery = recogniser.open_gallery(None, kind)
    answering(two_walkers, kind, gallery=gallery, enrol="Anna", walker=2)
    one, other = (walk.identities[kind].embedding for walk in
                  answering(two_walkers, kind).outputs.walks)
    gallery.threshold = float(np.linalg.norm(one - other)) / 2
    answer = answering(two_walkers, kind, gallery=gallery)
    texts: list[tuple[str, int, tuple[int, ...]]] = []
    monkeypatch.setattr(module, "put_text", lambda frame, text, at, line, colour: texts.append(
        (text, at[0], colour)))
    write("mp4", answer, tmp_path / "out.mp4")
    assert {text for text, _, _ in texts} == {"walker 1", "Anna"}
    for walk, name in zip(answer.result.walks, ("walker 1", "Anna"), strict=True):
        colour = tuple(int(colour_of(walk)[k : k + 2], 16) for k in (1, 3, 5))
        own = [(x, c) for text, x, c in texts if text == name]
        assert [x for x, _ in own] == pytest.approx(walk.boxes[:, 0] * 320, abs=1)
        assert {c for _, c in own} == {colour}


def test_the_video_keeps_its_sound(
    answering: Answering, one_walker: Clip, tmp_path: Path
) -> None:
    sound = np.zeros(4 * 16_000, np.float32)
    sound[24_000:24_040] = 1
    answer = answering(Clip.open(add_sound(
        one_walker.path, sound, 16_000, tmp_path / "sounding.mp4")))
    out = Clip.open(write("mp4", answer, tmp_path / "out.mp4"))
    assert abs(int(np.abs(out.sound(16_000)).argmax()) - 24_020) < 80
