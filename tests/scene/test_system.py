"""The description of the system: samples, exports, what is said of an answer in a line."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip
from hybridcore.media.picture import read_picture
from hybridcore.scene import photographs
from hybridcore.scene.montage import join
from hybridcore.scene.result import headline, segment_lines
from hybridcore.scene.system import SYSTEM
from tests.scene.made_up import CUTS, KINDS, SCENES, answer_of, made_up_result

COMMITTED = [sample for sample in SYSTEM.samples if isinstance(sample.file, Path)]
(PHOTOGRAPHS,) = (sample for sample in SYSTEM.samples if callable(sample.file))


@pytest.mark.parametrize("sample", COMMITTED, ids=lambda sample: sample.key)
def test_committed_clips_open_and_are_small(sample, tmp_path: Path) -> None:
    path = sample.path(tmp_path)
    assert path.stat().st_size < 1_500_000
    info = Clip.open(path).info
    assert (info.width, info.height, info.codec, info.pixel_format) == (640, 360, "h264", "yuv420p")
    assert info.frame_rate == pytest.approx(25)
    assert 8 <= info.duration <= 14
    assert read_picture(sample.thumbnail).shape == (180, 320, 3)


def test_photographs_are_composed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "RATE", 5)  # a fifth of the frames
    monkeypatch.setattr(photographs, "DISSOLVE", 4)
    path = PHOTOGRAPHS.path(tmp_path / "new")
    assert [p.name for p in path.parent.iterdir()] == ["photographs.mp4"]
    stamp = path.stat().st_mtime_ns
    assert PHOTOGRAPHS.path(tmp_path / "new") == path
    assert path.stat().st_mtime_ns == stamp
    assert Clip.open(path).info.frame_count == 4 * 3 * 5 - 4


def test_photographs_have_a_thumbnail(tmp_path: Path) -> None:
    path = PHOTOGRAPHS.thumbnail(tmp_path)
    picture = read_picture(path)
    assert picture.shape == (180, 320, 3)
    assert picture.std() > 20


def test_a_missing_photograph_is_named_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for make in (PHOTOGRAPHS.file, PHOTOGRAPHS.thumbnail):
        with pytest.raises(MediaError, match=r"china\.jpg"):
            make(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_dissolve_overlaps_and_a_cut_does_not() -> None:
    dark, bright = (np.full((2, 2, 3), value, np.uint8) for value in (0, 200))
    frames = join([[dark] * 6, [bright] * 6, [dark] * 2], [3, 0])
    assert [int(f[0, 0, 0]) for f in frames] == [0] * 3 + [50, 100, 150] + [200] * 3 + [0] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_files_hold_what_the_model_chosen_says(tmp_path: Path, kind: str) -> None:
    answer = answer_of(made_up_result(), kind)
    exports = {export.key: export for export in SYSTEM.exports}
    exports["csv"].write(answer, tmp_path / "out.csv", None)
    exports["json"].write(answer, tmp_path / "out.json", None)
    exports["vtt"].write(answer, tmp_path / "out.vtt", None)
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    written = json.loads((tmp_path / "out.json").read_text())
    assert written == answer.result.to_json()
    first, second = SCENES[kind]
    names = answer.result.scene_names
    expected = [names[first if t < CUTS[kind] else second] for t in range(90)]
    assert [row["scene_1"] for row in rows] == expected
    assert [frame["scenes"][0]["label"] for frame in written["frames"]] == expected
    segments = written["segments"]
    assert [s["label"] for s in segments] == [names[first], names[second]]
    cues = [cue.split("\n") for cue in (tmp_path / "out.vtt").read_text().split("\n\n")[1:]]
    for cue, segment, span in zip(cues, segments, answer.result.spans(), strict=True):
        assert cue[0] == " --> ".join(f"00:00:{seconds:06.3f}" for seconds in span)
        assert cue[1].startswith(f"{segment['label']} {100 * segment['probability']:.1f} %")
        assert cue[1].endswith(segment["description"].partition(": ")[2])


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_and_a_table_of_text(kind: str) -> None:
    result = made_up_result()
    answer = answer_of(result, kind)
    names = result.scene_names
    spans = (slice(0, CUTS[kind]), slice(CUTS[kind], 90))
    means = [result.tracks[kind].probabilities[span, scene].mean()
             for span, scene in zip(spans, SCENES[kind], strict=True)]
    longest = 0 if CUTS[kind] >= 45 else 1
    assert headline(answer) == (
        f"{names[SCENES[kind][longest]]} {100 * means[longest]:.1f} %, 2 segments")
    header, *lines = segment_lines(answer).splitlines()
    assert header.split() == ["start", "end", "probability", "scene", "contents"]
    for line, scene, mean in zip(lines, SCENES[kind], means, strict=True):
        assert names[scene] in line
        assert f"{100 * mean:.1f} %" in line
    assert lines[1].split()[:2] == [f"{CUTS[kind] / 30:.2f}", "3.00"]
