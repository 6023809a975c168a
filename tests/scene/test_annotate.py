"""The annotated video: read back, it shows the labels and the attention of the model chosen."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.media import Clip
from hybridcore.scene import annotate
from hybridcore.scene.result import SceneResult
from tests.scene.made_up import CELLS, CUTS, KINDS, answer_of, made_up_result


@pytest.fixture(scope="module")
def result() -> SceneResult:
    return made_up_result()


@pytest.fixture
def grey(clip_writer) -> Clip:
    return Clip.open(clip_writer(np.full((90, 180, 320, 3), 60, np.uint8), 30))


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_drawn_over_with_what_the_model_says_of_it(
    result: SceneResult, grey: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    written: list[str] = []
    put_text = annotate.put_text

    def record(picture: np.ndarray, text: str, *rest: object) -> None:
        written.append(text)
        put_text(picture, text, *rest)

    monkeypatch.setattr(annotate, "put_text", record)
    answer = answer_of(result, kind, grey)
    annotate.write_annotated(answer, tmp_path / "out.mp4")
    out = Clip.open(tmp_path / "out.mp4")
    chunks = list(out.chunks())
    frames = np.concatenate([chunk.frames for chunk in chunks]).astype(int)
    np.testing.assert_allclose(np.concatenate([c.times for c in chunks]), result.times, atol=1e-3)
    expected: list[str] = []
    for frame in answer.result.to_json()["frames"]:
        p = result.tracks[kind].probabilities[frame["index"]]
        best = np.argsort(-p)[:3]
        expected.append(frame["label"])
        expected += [f"{result.scene_names[i]} {100 * p[i]:.1f} %" for i in best]
        expected.append(frame["group"])
    assert written == expected
    # Where a frame has changed most, away from the labels, is where the model looked.
    change = np.abs(frames - 60).sum(3)
    change[:, :60, :140] = 0
    cells = change.reshape(90, 5, 36, 5, 64).mean((2, 4)).reshape(90, 25)
    assert [divmod(int(cell), 5) for cell in cells.argmax(1)] == [
        CELLS[kind][t >= CUTS[kind]] for t in range(90)]


def test_bars_are_as_long_as_the_shares(result: SceneResult) -> None:
    answer = answer_of(result, "lstm")
    black = np.zeros((440, 800, 3), np.uint8)  # lines are 20 px high, a whole bar 240 px long
    picture = annotate.draw(black, answer.result, 50)
    value = answer.result.track.top[1]
    shares = [value[50, 0], *value[50, :3], result.groups[50].max()]
    for row, share in enumerate(shares):
        line = picture[20 * (row + 1) + 3, :320]  # below the letters' base line
        blue = (line[:, 2].astype(int) > 100) & (line[:, 0] < 40)
        assert abs(int(blue.sum()) - 240 * share) <= 12
