"""The player shows the model chosen, and the others where they are named."""

import numpy as np
import pytest

from hybridcore.figures import attention_bytes
from hybridcore.scene.result import SceneResult
from hybridcore.scene.view import events, player_view
from hybridcore.view import Event, Heat, all_events
from tests.scene.made_up import CELLS, CUTS, KINDS, RATE, SCENES, answer_of, made_up_result

TITLES = {"lstm": "LSTM", "tcn": "TCN", "frame": "Frame only"}


@pytest.fixture(scope="module")
def result() -> SceneResult:
    return made_up_result()


def labels_of(kind: str) -> np.ndarray:
    first, second = SCENES[kind]
    return np.where(np.arange(90) < CUTS[kind], first, second)


@pytest.mark.parametrize("kind", KINDS)
def test_attention_is_that_of_the_model_chosen(result: SceneResult, kind: str) -> None:
    (overlay,) = player_view(answer_of(result, kind), 0).overlays
    assert isinstance(overlay, Heat)
    assert overlay.maps.shape == (90, 5, 5)
    brightest = [divmod(int(cell), 5) for cell in overlay.maps.reshape(90, -1).argmax(1)]
    assert brightest == [CELLS[kind][t >= CUTS[kind]] for t in range(90)]


def test_attention_keeps_the_order_of_frames() -> None:
    result = made_up_result()
    result.tracks["lstm"].attention[:] = np.random.default_rng(1).random((90, 5, 5), np.float32)
    (overlay,) = player_view(answer_of(result, "lstm"), 0).overlays
    assert isinstance(overlay, Heat)
    np.testing.assert_array_equal(overlay.maps, attention_bytes(result.tracks["lstm"].attention))


@pytest.mark.parametrize("kind", KINDS)
def test_strips_begin_with_the_model_chosen(result: SceneResult, kind: str) -> None:
    view = player_view(answer_of(result, kind), 0)
    others = [title for key, title in TITLES.items() if key != kind]
    assert [strip.name for strip in view.strips] == [TITLES[kind], *others, "Group"]
    by_title = {strip.name: strip for strip in view.strips}
    for key, title in TITLES.items():
        strip = by_title[title]
        np.testing.assert_array_equal(strip.codes, labels_of(key))
        np.testing.assert_array_equal(
            strip.confidence, result.tracks[key].probabilities[np.arange(90), labels_of(key)])
        assert strip.labels[:100] == result.scene_names
    np.testing.assert_array_equal(by_title["Group"].codes, result.groups.argmax(1))
    np.testing.assert_array_equal(by_title["Group"].confidence, result.groups.max(1))
    assert dict(zip(by_title["Group"].labels, by_title["Group"].colours, strict=True)) == {
        "indoor": "#A0764A", "outdoor natural": "#8A9A3B", "outdoor built": "#6F8296"}


@pytest.mark.parametrize("kind", KINDS)
def test_panels_show_the_model_and_its_twin(result: SceneResult, kind: str) -> None:
    scene, objects = player_view(answer_of(result, kind), 0).panels
    expected = [kind] if kind == "frame" else [kind, "frame"]
    assert [bars.name for bars in scene.series] == [TITLES[key] for key in expected]
    for key, bars in zip(expected, scene.series, strict=True):
        p = result.tracks[key].probabilities
        order = np.argsort(-p, axis=1)[:, :5]
        np.testing.assert_array_equal(bars.index, order)
        np.testing.assert_array_equal(bars.value, np.take_along_axis(p, order, 1))
        assert bars.hollow == (key == "frame")
    label, group = scene.lines
    np.testing.assert_array_equal(label.codes, labels_of(kind))
    np.testing.assert_array_equal(group.codes, result.groups.argmax(1))
    (bars,) = objects.series
    np.testing.assert_array_equal(bars.index, result.objects)
    np.testing.assert_array_equal(bars.value, result.object_probability)


@pytest.mark.parametrize("kind", KINDS)
def test_times_cuts_and_sound(result: SceneResult, kind: str) -> None:
    view = player_view(answer_of(result, kind), 0)
    np.testing.assert_array_equal(view.times, np.arange(90) / RATE)
    assert list(view.cuts) == pytest.approx([] if kind == "frame" else [CUTS[kind] / RATE])
    assert view.size == (320, 180)
    assert view.sound
    assert "made-up.mp4" in view.alt


@pytest.mark.parametrize("kind", KINDS)
def test_events_are_the_segments_and_where_models_disagree(result: SceneResult, kind: str) -> None:
    answer = answer_of(result, kind)
    first, second = (result.scene_names[scene] for scene in SCENES[kind])
    cut = "" if kind == "frame" else "cut to "  # it has no memory, so it sees no cut
    assert events(answer) == [
        Event(0.0, first), Event(pytest.approx(CUTS[kind] / RATE), cut + second)]
    titles = [event.title for event in all_events(player_view(answer, 0), events(answer))]
    assert [title for title in titles if title.startswith("models disagree")] == [
        f"models disagree: {first} ({TITLES[kind]}), {result.scene_names[SCENES[other][0]]} "
        f"({TITLES[other]})" for other in KINDS if other != kind]
    assert sum(title.startswith("least certain") for title in titles) == 1
