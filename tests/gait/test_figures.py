"""Figures show what they are given."""

import base64
from dataclasses import replace

import cv2
import numpy as np
import pytest

from hybridcore.gait import figures
from hybridcore.gait.energy import energy_picture, gait_energy
from hybridcore.gait.figures import THUMBNAILS
from hybridcore.gait.identification import NOBODY, KnownWalks
from hybridcore.gait.result import GaitResult
from hybridcore.media import Clip
from tests.gait.conftest import Answering


@pytest.fixture(scope="module")
def result(answering: Answering, two_walkers: Clip) -> GaitResult:
    return answering(two_walkers).result


def picture_of(image) -> np.ndarray:
    """The RGB picture of a layout image."""
    content = base64.b64decode(image.source.removeprefix("data:image/png;base64,"))
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def test_the_width_signal_marks_steps_and_cycles(result: GaitResult) -> None:
    walk = result.walks[0]
    figure = figures.width_signal(walk, result.duration)
    line, steps = figure.data
    assert line.x == pytest.approx(walk.used_times)
    assert line.y == pytest.approx(walk.rhythm.width)
    assert steps.x == pytest.approx([walk.used_times[k] for k in walk.rhythm.steps])
    assert steps.y == pytest.approx([walk.rhythm.width[k] for k in walk.rhythm.steps])
    cycles = [(shape.x0, shape.x1) for shape in figure.layout.shapes]
    assert cycles == [(cycle.start, cycle.end) for cycle in walk.rhythm.cycles]
    assert figure.layout.xaxis.range == (0, result.duration)


def test_silhouettes_stand_at_their_times(result: GaitResult) -> None:
    walk = result.walks[1]
    (image,) = figures.silhouette_strip(walk, result.duration).layout.images
    sheet = picture_of(image)[..., 0]
    slot = result.duration / THUMBNAILS
    assert image.sizex == pytest.approx(result.duration)
    for k in range(THUMBNAILS):
        near = np.abs(walk.times - (k + 0.5) * slot)
        tile = sheet[:, 44 * k : 44 * (k + 1)]
        expected = walk.silhouettes[near.argmin()] if near.min() <= slot / 2 else 0
        assert (tile == expected).all()


def test_energy_entropy_and_one_energy_image_a_cycle(result: GaitResult) -> None:
    walk = replace(result.walks[0], usable=np.ones(len(result.walks[0].frames), bool))
    images = [picture_of(i)[..., 0] for i in figures.energies(walk).layout.images]
    energy, entropy, *cycles = images
    first, last = walk.rhythm.cycles[0].first, walk.rhythm.cycles[-1].last
    assert (energy == energy_picture(walk.silhouettes[first:last].mean(0) / 255)).all()
    assert (entropy == energy_picture(walk.entropy)).all()
    assert len(cycles) == len(walk.rhythm.cycles)
    for picture, cycle in zip(cycles, walk.rhythm.cycles, strict=True):
        expected = gait_energy(walk.silhouettes[cycle.first : cycle.last])
        assert (picture == energy_picture(expected)).all()


def test_evidence_before_and_after_somebody_is_enrolled(result: GaitResult) -> None:
    walk = result.walks[0]
    evidence = walk.identities["lstm"].evidence
    (line,) = figures.evidence(walk, NOBODY, result.duration).data
    assert line.y == pytest.approx(np.linalg.norm(evidence - evidence[-1], axis=1), abs=2e-3)
    other = result.walks[1].identities["lstm"].embedding
    known = KnownWalks(("Ben", "Anna"), np.stack([other, evidence[-1]]), 0.25)
    figure = figures.evidence(walk, known, result.duration)
    assert [line.name for line in figure.data] == ["Anna", "Ben"]  # the nearest first
    for line, to in zip(figure.data, (evidence[-1], other), strict=True):
        assert line.x == pytest.approx(walk.used_times[walk.identities["lstm"].at])
        assert line.y == pytest.approx(np.linalg.norm(evidence - to, axis=1), abs=2e-3)
    level, decided = figure.layout.shapes
    assert level.y0 == level.y1 == 0.25
    _, apart = known.distances_to(evidence)
    assert decided.x0 == pytest.approx(walk.used_times[figures.decided_from(apart, 0.25)])


def test_decided_from_the_frame_after_the_last_change() -> None:
    distances = np.array([[0.5, 0.4], [0.2, 0.4], [0.4, 0.2], [0.1, 0.4], [0.1, 0.5]])
    assert figures.decided_from(distances, 0.3) == 3
    assert figures.decided_from(distances[3:], 0.3) == 0
    assert figures.decided_from(np.empty((4, 0)), 0.3) is None


def test_the_map_keeps_the_distances_of_walks_in_a_plane(result: GaitResult) -> None:
    walks = [walk.identities["lstm"].embedding for walk in result.walks]
    known = KnownWalks(("Anna",), -walks[:1][0][None], 0.3)
    figure = figures.embedding_map(replace(result, known=known))
    assert [trace.name for trace in figure.data] == ["Anna", "walker 1", "walker 2"]
    plane = np.array([(trace.x[0], trace.y[0]) for trace in figure.data])
    points = np.array([known.embeddings[0], *walks])  # three points lie in a plane
    for i in range(3):
        for j in range(3):
            apart = np.linalg.norm(points[i] - points[j])
            assert np.linalg.norm(plane[i] - plane[j]) == pytest.approx(apart, abs=1e-4)


def test_comparing_shows_each_of_the_others_and_the_differences(result: GaitResult) -> None:
    one, other = result.walks
    figure = figures.compare(one, [other, one])
    own, second, difference, again, none = map(picture_of, figure.layout.images)
    assert (own[..., 0] == energy_picture(one.energy)).all()
    assert (second[..., 0] == energy_picture(other.energy)).all()
    assert (again == own).all()
    assert (none == 255).all()  # a walk differs from itself by nothing
    more = one.energy - other.energy
    orange, blue = difference[more > 0.2].astype(int), difference[more < -0.2].astype(int)
    assert len(orange)
    assert len(blue)
    assert (orange[:, 0] > orange[:, 2] + 30).all()
    assert (blue[:, 2] > blue[:, 0] + 30).all()


def test_stance_covers_the_places_of_the_feet(result: GaitResult) -> None:
    walk = result.walks[0]
    (heat,) = figures.stance(walk, result.duration).data
    assert heat.x == pytest.approx(walk.times)
    assert (heat.z.sum(0) == walk.feet.sum(1)).all()
    at = 30
    places = np.array(heat.y)[heat.z[:, at] > 0]
    assert places == pytest.approx((np.flatnonzero(walk.feet[at]) + 0.5) / walk.size[1])


def test_silhouettes_lie_over_their_boxes(result: GaitResult) -> None:
    walk = result.walks[0]
    places = walk.places((result.height, result.width))
    assert places[:, 1] == pytest.approx(walk.boxes[:, 1])
    shape = places[:, 3] * result.height / (places[:, 2] * result.width)
    assert shape == pytest.approx(64 / 44, rel=1e-4)
    middle = walk.boxes[:, 0] + walk.boxes[:, 2] / 2
    assert np.abs(places[:, 0] + places[:, 2] / 2 - middle).max() < 0.06


def test_the_energy_sheet_is_large_enough_to_look_at_and_exact(result: GaitResult) -> None:
    sheet = figures.energy_sheet(result)
    side, label = figures.ENLARGED, figures.LABEL
    assert sheet.shape == (label + 64 * side, (2 * 44 + 1) * side)
    tiles = sheet[label:, : 44 * side], sheet[label:, 45 * side :]
    for walk, tile in zip(result.walks, tiles, strict=True):
        assert (tile[::side, ::side] == energy_picture(walk.energy)).all()
        assert (tile[side - 1 :: side, side - 1 :: side] == tile[::side, ::side]).all()
    assert sheet[:label, : 44 * side].max() > 128  # a name stands over it
