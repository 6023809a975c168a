"""What is shown of a sound: player, charts and states hold the numbers of the kind chosen."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.layers.recurrent import lstm_trace
from hybridcore.media import read_sound
from hybridcore.sound import charts
from hybridcore.sound.cochleagram import RATE, cochleagram_numpy, loudness
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.figures import MATERIAL_COLOURS, OTHER
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.model import KINDS, KNOWN_MATERIALS, Kind
from hybridcore.sound.system import SYSTEM
from hybridcore.sound.view import events, hits, player_view
from hybridcore.system import At
from tests.sound.made import HITS, STRENGTH, STRUCK, SURE, answer, prediction


@pytest.mark.parametrize("kind", KINDS)
def test_panels_show_the_probabilities_of_the_kind(kind: Kind, video: Path) -> None:
    view, expected = player_view(answer(kind, video), 0), prediction(kind)
    np.testing.assert_array_equal(view.times, expected.times)
    when, what = view.panels
    onset, action = when.series
    np.testing.assert_array_equal(onset.value[:, 0], expected.onset)
    assert onset.value[round(30 * HITS[kind][0]), 0] == pytest.approx(SURE[kind])
    (material,) = what.series
    for series, shares, labels in (
        (action, expected.action, ACTIONS), (material, expected.material, KNOWN_MATERIALS)
    ):
        assert series.labels == labels
        for t in (0, 17, 59):
            order = sorted(range(len(labels)), key=lambda k, row=shares[t]: -row[k])
            assert series.index[t].tolist() == order[: series.index.shape[1]]
            np.testing.assert_array_equal(series.value[t], shares[t][series.index[t]])
    assert material.labels[material.index[round(30 * HITS[kind][0]), 0]] == STRUCK[kind]
    assert list(material.colours) == [MATERIAL_COLOURS[m] for m in KNOWN_MATERIALS]


@pytest.mark.parametrize("kind", KINDS)
def test_strips_mark_the_hits_and_those_of_the_clips_own_sound(kind: Kind, video: Path) -> None:
    made, own = player_view(answer(kind, video), 0).strips
    assert (made.name, own.name) == ("Predicted hits", "Original sound")
    struck = np.flatnonzero(made.codes >= 0)
    begins = struck[np.flatnonzero(np.diff(struck, prepend=-9) > 1)]
    np.testing.assert_allclose(begins / 30, HITS[kind], atol=1 / 30 + 1e-6)
    assert {made.labels[code] for code in made.codes[struck]} == {STRUCK[kind]}
    assert made.colours[made.labels.index(STRUCK[kind])] == MATERIAL_COLOURS[STRUCK[kind]]
    marked = np.flatnonzero(own.codes == 0)  # 0.52 s and 1.48 s, each in the frame shown then
    assert marked.tolist() == [15, 16, 17, 44, 45, 46]


def test_a_silent_clip_has_no_strip_of_its_own_sound(video: Path) -> None:
    (made,) = player_view(answer("lstm", video, own=None), 0).strips
    assert made.name == "Predicted hits"


@pytest.mark.parametrize(("material", "said"), [("jelly", "other"), (UNSURE, UNSURE)])
def test_what_is_no_material_known_is_shown(material: str, said: str, video: Path) -> None:
    shown = answer("lstm", video, onsets=[Onset(1.0, -20.0, "hit", material)])
    view = player_view(shown, 0)
    (strip, _) = view.strips
    assert strip.labels[strip.codes[30]] == said
    assert strip.colours[strip.codes[30]] == OTHER
    assert view.label.labels[view.label.codes[30]] == said


@pytest.mark.parametrize("kind", KINDS)
def test_the_player_plays_what_was_made(kind: Kind, video: Path) -> None:
    shown = answer(kind, video)
    track = player_view(shown, 0).track
    assert track.rate == RATE
    assert track.samples is shown.result.sound


@pytest.mark.parametrize("kind", KINDS)
def test_items_are_the_hits(kind: Kind, video: Path) -> None:
    items = hits(answer(kind, video))
    assert items.follow
    assert [entry.start for entry in items.entries] == pytest.approx(HITS[kind], abs=0.01)
    assert items.entries[0].title == f"1 · {HITS[kind][0]:.2f} s · {STRUCK[kind]}"
    happened = events(answer(kind, video))
    assert [event.time for event in happened] == [entry.start for entry in items.entries]
    assert happened[0].title == f"hit 1: {STRUCK[kind]}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_timeline_shows_probability_threshold_and_onsets(kind: Kind, video: Path) -> None:
    shown = answer(kind, video, threshold=0.4)
    figure = charts.timeline(shown, At())
    line, made, own = figure.data
    np.testing.assert_array_equal(line.x, prediction(kind).times)
    np.testing.assert_array_equal(line.y, prediction(kind).onset)
    assert figure.layout.shapes[0].y0 == 0.4
    assert list(made.x) == pytest.approx(HITS[kind], abs=0.01)
    assert list(made.y) == pytest.approx([SURE[kind]] * len(made.x), abs=1e-3)
    assert set(made.customdata) == {STRENGTH[kind]}
    assert set(made.text) == {f"{STRUCK[kind]}, hit"}
    assert set(made.marker.color) == {MATERIAL_COLOURS[STRUCK[kind]]}
    assert list(own.x) == [0.52, 1.48]
    assert len(charts.timeline(answer(kind, video, own=None), At()).data) == 2


def test_the_hit_chosen_is_drawn(video: Path) -> None:
    wood = Onset(1.0, -20.0, "hit", "wood", exemplar="wood hit 1a")
    glass = Onset(1.5, -20.0, "hit", "glass")
    shown = answer("lstm", video, onsets=[wood, glass])
    bank = shown.result.bank
    drawn = [charts.hit(shown, At(item=item)) for item in (0, 1)]
    for figure, onset in zip(drawn, shown.result.onsets, strict=True):
        sound = bank[onset.exemplar].sound
        wave, heat = figure.data
        assert max(wave.y) == pytest.approx(float(np.abs(sound).max()))
        assert np.asarray(heat.z).shape == (42, len(cochleagram_numpy(sound)))
        np.testing.assert_array_equal(
            np.asarray(heat.z).argmax(0), cochleagram_numpy(sound).argmax(1))
    assert charts.hit(shown, At(item=2)) is None
    noise = answer("lstm", video, method="parametric", onsets=[wood])
    piece = noise.result.sound[RATE : RATE + RATE // 2]
    assert max(charts.hit(noise, At()).data[0].y) == pytest.approx(float(np.abs(piece).max()))


@pytest.mark.parametrize("kind", KINDS)
def test_inside_predicted_made_and_own(kind: Kind, loud_video: Path) -> None:
    shown = answer(kind, loud_video)
    own = read_sound(loud_video, RATE)
    expected = [prediction(kind).cochleagram, cochleagram_numpy(shown.result.sound),
                cochleagram_numpy(own)]
    highest = max(values.max() for values in expected)
    figure = charts.cochleagrams(shown, At())
    assert len(figure.data) == 3
    for heat, values in zip(figure.data, expected, strict=True):
        levels = (values / highest * 255).astype(np.uint8).T  # low bands first, from below
        np.testing.assert_array_equal(np.asarray(heat.z), levels)
        assert heat.y[0].startswith(f"{min(float(n.split()[0]) for n in heat.y):.0f}")
    lines = charts.loudness(shown, At()).data
    assert [line.name for line in lines] == ["predicted", "generated", "original"]
    for line, values in zip(lines, expected, strict=True):
        np.testing.assert_allclose(line.y, loudness(values), atol=1e-5)
        np.testing.assert_allclose(line.x, (np.arange(len(values)) + 0.5) / 90)
    made, real = charts.waveforms(shown, At()).data
    assert max(made.y) == pytest.approx(float(np.abs(shown.result.sound).max()))
    assert min(real.y) == pytest.approx(-float(np.abs(own).max()))
    assert max(real.y) <= 0


def test_inside_a_silent_clip(video: Path) -> None:
    shown = answer("lstm", video, own=None)
    assert len(charts.cochleagrams(shown, At()).data) == 2
    assert len(charts.loudness(shown, At()).data) == 2
    assert len(charts.waveforms(shown, At()).data) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_states_are_those_of_the_kinds_own_lstm(kind: Kind, video: Path) -> None:
    import torch

    shown = answer(kind, video)
    states = SYSTEM.states(shown, At())
    assert (states is not None) == (kind in ("lstm", "bilstm"))
    if states is None:
        return
    expected = prediction(kind)
    np.testing.assert_array_equal(states.x, expected.times)
    np.testing.assert_array_equal(states.trace.h, expected.hidden)
    trace = lstm_trace(shown.model.models[kind].lstm, torch.from_numpy(expected.inputs),
                       torch.from_numpy(expected.hidden))
    np.testing.assert_allclose(states.trace.c, trace.c, atol=1e-5)
    moves = np.abs(np.diff(trace.c, axis=0)).max(0)
    assert moves[states.units[0]] == moves.max()
    assert moves[states.units[-1]] == moves.min()
    assert ("both directions" in states.note) == (kind == "bilstm")


@pytest.mark.parametrize("kind", KINDS)
def test_the_flow_is_that_of_the_kind(kind: Kind, video: Path) -> None:
    assert [step.name for step in SYSTEM.flow(answer(kind, video), At())] == [kind]


def test_every_material_has_a_colour() -> None:
    assert list(MATERIAL_COLOURS) == list(MATERIALS)
