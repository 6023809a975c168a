"""Figures show what the result holds."""

import cv2
import numpy as np
import pytest

from hybridcore.gait import figures
from hybridcore.gait.annotate import annotate, film_of_masks, place_of
from hybridcore.gait.masks import open_masks
from hybridcore.gait.predict import GaitRecognizer
from hybridcore.gait.result import GaitResult
from hybridcore.media import Clip, read_sound
from hybridcore.media.mux import mux


@pytest.fixture(scope="module")
def result(recognizer: GaitRecognizer, one_walker: Clip) -> GaitResult:
    return recognizer.run(one_walker)


def test_the_width_signal_marks_steps_and_cycles(result: GaitResult) -> None:
    walk = result.walks[0]
    figure = figures.width_signal(walk, result.duration)
    line, steps = figure.data
    assert line.y == pytest.approx(walk.rhythm.width)
    assert len(steps.x) == len(walk.rhythm.steps)
    assert len(figure.layout.shapes) == len(walk.rhythm.cycles)


def test_one_energy_image_a_cycle(result: GaitResult) -> None:
    walk = result.walks[0]
    figure = figures.energies(walk)
    assert len(figure.layout.images) == 2 + len(walk.rhythm.cycles)


def test_the_sheet_is_the_energy_image_to_the_pixel(result: GaitResult) -> None:
    energy = result.walks[0].energy
    assert energy is not None
    content = figures.png(figures.energy_sheet(result))
    read = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (read == np.round(energy * 255)).all()


def test_evidence_before_and_after_somebody_is_enrolled(
    result: GaitResult, recognizer: GaitRecognizer
) -> None:
    walk = result.walks[0]
    gallery = recognizer.open_gallery(None)
    (line,) = figures.evidence(walk, gallery, result.duration).data
    assert line.y[-1] == pytest.approx(0, abs=2e-3)
    walk.enrol(gallery, "Anna")
    (line,) = figures.evidence(walk, gallery, result.duration).data
    assert line.name == "Anna"
    assert line.y[-1] == pytest.approx(0, abs=2e-3)
    assert len(figures.embedding_map(result, gallery).data) == 2


def test_sure_from_the_frame_after_the_last_change() -> None:
    distances = np.array([[0.5, 0.4], [0.2, 0.4], [0.4, 0.2], [0.1, 0.4], [0.1, 0.5]])
    assert figures.sure_from(distances, 0.3) == 3
    assert figures.sure_from(distances[3:], 0.3) == 0
    assert figures.sure_from(np.empty((4, 0)), 0.3) is None


def test_the_difference_of_a_walk_to_itself_is_white(result: GaitResult) -> None:
    walk = result.walks[0]
    figure = figures.compare(walk, walk)
    assert len(figure.layout.images) == 3
    white = figures.energy_picture(np.ones((64, 44, 3)))
    assert figure.layout.images[2].source == figures._data_url(white)


def test_stance_covers_the_places_of_the_feet(result: GaitResult) -> None:
    walk = result.walks[0]
    (heat,) = figures.stance(walk, result.duration).data
    assert heat.z.shape[1] == len(walk.times)
    assert (heat.z.sum(0) == [feet.sum() for feet in walk.feet]).all()


def test_silhouettes_lie_over_their_boxes(result: GaitResult) -> None:
    walk = result.walks[0]
    places = place_of(walk, (result.height, result.width))
    assert places[:, 1] == pytest.approx(walk.boxes[:, 1])
    shape = places[:, 3] * result.height / (places[:, 2] * result.width)
    assert shape == pytest.approx(64 / 44, rel=1e-4)
    middle = walk.boxes[:, 0] + walk.boxes[:, 2] / 2
    assert np.abs(places[:, 0] + places[:, 2] / 2 - middle).max() < 0.06


def test_the_annotated_video_keeps_frames_and_times(
    result: GaitResult, one_walker: Clip, tmp_path
) -> None:
    clip = Clip.open(annotate(one_walker, result, tmp_path / "out.mp4"))
    assert clip.info.frame_count == len(result.times)
    chunk = next(clip.chunks())
    assert chunk.times == pytest.approx(result.times[: len(chunk.times)], abs=1e-3)


def test_the_annotated_video_keeps_its_sound(
    result: GaitResult, one_walker: Clip, tmp_path
) -> None:
    sound = np.zeros(4 * 16_000, np.float32)
    sound[24_000:24_040] = 1
    heard = Clip.open(mux(one_walker, sound, 16_000, tmp_path / "heard.mp4"))
    out = annotate(heard, result, tmp_path / "out.mp4")
    assert abs(int(np.abs(read_sound(out, 16_000)).argmax()) - 24_020) < 80


def test_masks_become_a_film(tmp_path) -> None:
    (tmp_path / "walk").mkdir()
    for k in range(5):
        picture = np.zeros((63, 45), np.uint8)
        picture[10:50, 5 * k : 5 * k + 10] = 255
        cv2.imwrite(str(tmp_path / "walk" / f"{k}.png"), picture)
    (walk,) = open_masks(tmp_path / "walk")
    clip = Clip.open(film_of_masks(walk, tmp_path / "out.mp4"))
    assert clip.info.frame_count == 5
    frame = clip.frame_at(0.0)
    assert frame[frame.shape[0] // 2, frame.shape[1] // 9].min() > 200
    assert frame[0, -1].max() < 60
