"""What is said of the next hour: the numbers people see, and what the forecast may not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError, OptionError
from hybridcore.nowcast import charts, made_rain, memory
from hybridcore.nowcast.advect import advect
from hybridcore.nowcast.bins import EDGES
from hybridcore.nowcast.colours import (
    CHOICES,
    NOT_DRAWN,
    UNKNOWN,
    chance_codes,
    rain_codes,
    rain_ramp,
    rates_of,
    signed_codes,
    table,
)
from hybridcore.nowcast.moving import LEADS
from hybridcore.nowcast.networks import NowcasterConfig
from hybridcore.nowcast.notes import notes
from hybridcore.nowcast.place import offset, parse_place, written
from hybridcore.nowcast.predict import minutes_hidden
from hybridcore.nowcast.skill import methods, skills
from hybridcore.nowcast.system import SYSTEM
from hybridcore.nowcast.view import FELL, RAIN, events, player_view, told
from hybridcore.system import At
from tests.nowcast.rain import HOUR, answer, model, outputs, source


def overlay(view, name):
    return next(field.values for field in view.overlays if field.name.startswith(name))


def cut(fields: int, **changes):
    """The first so many fields of the sample as a sequence of their own."""
    whole = source()
    return replace(whole, **{"rates": whole.rates[:fields], "minutes": whole.minutes[:fields],
                             **changes})


def test_bytes_of_the_rain_are_its_rates() -> None:
    rates = np.array([0.0, 0.05, 0.1, 0.5, 1.0, 7.3, 42.0, 100.0, 300.0, np.nan], np.float32)
    codes = rain_codes(rates)
    assert codes[:2].tolist() == [NOT_DRAWN] * 2
    assert codes[-1] == UNKNOWN
    np.testing.assert_allclose(rates_of(codes[2:8]), rates[2:8], rtol=0.016)
    assert rates_of(codes[8:9])[0] == pytest.approx(100)  # the end of the scale
    assert np.isnan(rates_of(codes)[-1])
    assert (np.diff(codes[2:8].astype(int)) > 0).all()


def test_differences_and_chances_have_a_middle_and_ends() -> None:
    few, none, many = signed_codes(np.array([-2.0, 0.05, 2.0])).tolist()
    assert none == NOT_DRAWN
    assert few < 115 < many
    assert many - 115 == pytest.approx(116 - few, abs=1)
    assert chance_codes(np.array([0.0, 1.0, np.nan])).tolist() == [NOT_DRAWN, 230, UNKNOWN]


@pytest.mark.parametrize("colours", CHOICES)
def test_a_legend_names_the_rates_that_its_colours_stand_for(colours: str) -> None:
    ramp = rain_ramp(colours)
    for level, text in ramp.ticks[:-1]:
        assert rates_of(np.array([level], np.uint8))[0] == pytest.approx(float(text), rel=0.016)
    assert ramp.ticks[-1] == (UNKNOWN, "?")
    grey = table(ramp)[UNKNOWN]
    assert np.ptp(grey.astype(int)) == 0  # no rain is grey
    assert (np.ptp(table(ramp)[1:231].astype(int), axis=1) > 10).all()


def test_safe_colours_are_told_by_lightness_alone() -> None:
    light = table(rain_ramp("safe"))[1:231] @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(light) <= 0.5).all()
    assert light[0] - light[-1] > 150


def test_what_lies_over_the_map_is_the_rain() -> None:
    found = answer()
    result, view = found.result, player_view(found, 0)
    codes = overlay(view, RAIN)
    assert len(codes) == len(view.times) == result.now + 1 + HOUR
    wet = result.rain >= 0.1
    np.testing.assert_allclose(rates_of(codes)[wet], np.minimum(result.rain[wet], 100), rtol=0.016)
    np.testing.assert_array_equal(codes == UNKNOWN, np.isnan(result.rain))
    np.testing.assert_array_equal(codes[: result.now + 1],
                                  rain_codes(source().rates[: result.now + 1]))
    np.testing.assert_array_equal(overlay(view, FELL), rain_codes(source().rates[: len(codes)]))
    error = overlay(view, "Error")
    assert (error[: result.now + 1] == NOT_DRAWN).all()
    np.testing.assert_array_equal(
        error[-1], signed_codes(result.mean[-1] - source().rates[result.now + HOUR]))


def test_the_wall_stands_between_what_was_observed_and_what_is_forecast() -> None:
    found = answer()
    result, view = found.result, player_view(found, 0)
    wall = view.strips[0]
    assert [wall.labels[code] for code in wall.codes] == \
        ["observed"] * (result.now + 1) + ["forecast"] * HOUR
    assert view.cuts == [view.times[result.now + 1]]
    assert view.start == result.now
    assert view.stops  # the film goes on over the hour that was kept back
    said = [view.label.labels[code] for code in view.label.codes]
    assert said[result.now] == "14:00 UTC, observed"
    assert said[result.now + 5] == "+25 min, forecast"
    (chance,) = view.panels[0].series
    assert (chance.index[: result.now + 1] == -1).all()
    assert (chance.index[result.now + 1 :] >= 0).all()
    undated = replace(result, source=replace(source(), start=None))
    assert undated.label(result.now - 2) == "-10 min, observed"
    assert undated.label(result.now + 1) == "+5 min, forecast"
    assert events(found)[0].time == view.times[result.now]
    assert events(found)[0].title == f"observed until {result.clock(result.now)}"


def test_the_curve_of_a_point_is_the_field_at_its_pixel() -> None:
    found = answer(point="24, -30")
    result = found.result
    row, column = result.place.row, result.place.column
    assert offset(source(), row, column) == pytest.approx((24, -30), abs=1.01)
    np.testing.assert_array_equal(
        result.curve, np.concatenate([source().rates[: result.now + 1, row, column],
                                      result.mean[:, row, column]]))
    np.testing.assert_allclose(result.chances[result.now + 1 :],
                               result.exceed[:, :, row, column] / 255, atol=1e-6)
    low, median, high = result.spread.T
    for sure in ("lagrangian", "persistence"):  # no chances: no spread, and none is drawn
        alone = answer(sure, point="24, -30")
        np.testing.assert_array_equal(
            alone.result.spread, np.repeat(alone.result.curve[:, None], 3, 1))
        names = [trace.name for trace in charts.point(alone, At()).data]
        assert names == ["forecast", "observed", "observed later"]
    assert (low <= median).all()
    assert (median <= high).all()
    assert (high - low)[result.now + 1 :].max() > 0
    np.testing.assert_array_equal((high - low)[: result.now + 1], 0)
    figure = charts.point(found, At())
    mean = next(trace for trace in figure.data if trace.name == "forecast, mean")
    np.testing.assert_allclose(mean.y, result.curve[result.now + 1 :])
    seen = next(trace for trace in figure.data if trace.name == "observed")
    assert len(seen.y) == result.now + 1
    assert max(seen.x) < figure.layout.shapes[-1].x0 < min(mean.x)  # the mark between them
    (fact, _) = charts.facts(found, At(frame=result.now + 5))
    assert fact.title == "Rain here in 25 min"
    assert fact.value == f"{100 * result.chances[result.now + 5, 0]:.0f} %"
    assert told(result, result.now + 5) in fact.note


def test_leads_are_those_of_the_networks_and_what_lies_between_is_blended() -> None:
    result, said = answer().result, outputs()
    assert result.leads.tolist() == list(range(5, 65, 5))
    velocity = said.velocity.astype(np.float32)
    ten = said.mean["corrector"][0].astype(np.float32)
    np.testing.assert_allclose(result.mean[1], advect(ten, velocity, 10), rtol=1e-4)
    both = (ten + said.mean["corrector"][1].astype(np.float32)) / 2
    np.testing.assert_allclose(result.mean[2], advect(both, velocity, 15), rtol=1e-4)
    assert len(LEADS) == len(said.mean["corrector"])


def test_kinds_say_what_they_are() -> None:
    found = methods(answer())
    last = source().rates[outputs().fields - 1]
    np.testing.assert_array_equal(found["persistence"].mean, np.stack([last] * HOUR))
    np.testing.assert_allclose(found["lagrangian"].mean[-1], advect(
        last, outputs().velocity.astype(np.float32), 60))
    means = {key: np.nan_to_num(result.mean) for key, result in found.items()}
    for key, mean in means.items():
        assert all(not np.array_equal(mean, other) for k, other in means.items() if k != key)
    # Only what is carried comes from outside.
    assert np.isnan(found["corrector"].mean[-1]).any()
    assert not np.isnan(found["plain"].mean).any()
    assert set(np.unique(found["lagrangian"].exceed)) == {0, 255}


def test_what_is_kept_back_is_not_known_to_the_forecast() -> None:
    kept = outputs("60")
    assert (kept.fields, kept.hidden) == (13, 60)
    alone = model().run(cut(13), hide="0")
    np.testing.assert_array_equal(kept.velocity, alone.velocity)
    for kind in kept.exceed:
        np.testing.assert_array_equal(kept.exceed[kind], alone.exceed[kind])
    result = answer(hide="60").result
    np.testing.assert_array_equal(result.truth, source().rates[13:25])
    assert len(answer(hide="30").result.truth) == 6
    assert len(answer(hide="0").result.truth) == 0
    assert charts.skill(answer(hide="0"), At()) is None


def test_an_hour_is_kept_back_of_old_records_alone() -> None:
    assert minutes_hidden(source(), "auto") == 60
    assert minutes_hidden(cut(18), "auto") == 0  # too short
    fresh = datetime.now(UTC) - timedelta(minutes=130)
    assert minutes_hidden(replace(source(), start=fresh), "auto") == 0
    assert minutes_hidden(replace(source(), start=None), "auto") == 60
    assert minutes_hidden(source(), "20") == 20


def test_skill_is_that_of_the_pixels_that_all_methods_know() -> None:
    found = skills(answer(threshold="0.5"))
    assert set(found) == {kind.key for kind in SYSTEM.kinds}
    result = methods(answer())["lagrangian"]
    known = np.all([~np.isnan(one.mean[-1]) for one in methods(answer()).values()], 0)
    said, came = result.mean[-1][known] >= 0.5, result.truth[-1][known] >= 0.5
    last = found["lagrangian"][-1]
    assert last["CSI 0.5"] == pytest.approx((said & came).sum() / (said | came).sum())
    assert last["RMSE"] == pytest.approx(
        np.sqrt(((result.mean[-1] - result.truth[-1])[known] ** 2).mean()), rel=1e-4)
    assert last["pixels"] == known.sum()
    assert found["lagrangian"][0]["CSI 0.5"] > found["persistence"][0]["CSI 0.5"]


def test_a_place_is_written_as_it_is_read() -> None:
    for row, column in ((0, 0), (95, 95), (47, 48), (10, 80)):
        place = parse_place(source(), written(source(), row, column))
        assert (place.row, place.column) == (row, column)
    assert parse_place(source(), "-31, 21").text == "31 km west and 21 km north of the middle"
    for text, words in (("here", "is no place"), ("400, 0", "outside the map")):
        with pytest.raises(OptionError, match=words):
            parse_place(source(), text)


def test_what_cannot_be_forecast_is_said() -> None:
    with pytest.raises(MediaError, match="Only 1 of 13"):
        model().run(cut(13), hide="60")
    with pytest.raises(MediaError, match="60 minutes apart"):
        model().run(cut(13, step=60.0), hide="0")
    blind = cut(13)
    rates = blind.rates.copy()
    rates[-1] = np.nan
    with pytest.raises(MediaError, match="no data at all"):
        model().run(replace(blind, rates=rates), hide="0")


def answer_to(sequence):
    found = answer(hide="0")
    said = model().run(sequence, hide="0")
    return replace(found, source=sequence, outputs=said, result=model().finish(
        said, sequence, "corrector"))


def test_a_person_is_told_what_to_know() -> None:
    assert any("kept from the forecast" in note for note in notes(answer()))
    assert any("comes from outside" in note for note in notes(answer()))
    dry = answer_to(cut(13, rates=np.zeros((13, 96, 96), np.float32)))
    assert any("rains nowhere" in note for note in notes(dry))
    assert (dry.result.place.row, dry.result.place.column) == (48, 48)
    plain = answer_to(cut(13, pixel_km=None, bounds=None))
    assert any("no scale" in note for note in notes(plain))
    assert "px" in charts.speed(plain.result, 40, 40).value
    assert any("older than the file" in note for note in notes(answer_to(cut(4))))
    rng = np.random.default_rng(0)
    jumps = np.stack([np.roll(source().rates[k], rng.integers(20, 76, 2), (0, 1))
                      for k in range(13)])
    assert any("motion is unclear" in note for note in notes(answer_to(cut(13, rates=jumps))))
    assert not any("motion is unclear" in note for note in notes(answer()))


def test_the_speed_of_the_rain_is_that_it_was_made_with() -> None:
    result = answer().result
    fact = charts.speed(result, result.place.row, result.place.column)
    assert 60 * 2 * np.hypot(0.36, 0.05) == pytest.approx(float(fact.value.split()[0]), rel=0.15)
    assert fact.note == "to the east"


def test_the_memory_at_the_point_is_an_lstm() -> None:
    found = answer()
    held = memory.memory_of(found)
    trace = memory.trace_at(held, found.result.place.row, found.result.place.column)
    before = np.concatenate([np.zeros_like(trace.c[:1]), trace.c[:-1]])
    np.testing.assert_allclose(trace.f * before + trace.i * trace.g, trace.c, atol=1e-3)
    assert memory.steps_of(held) == ["-30 min", "-20 min", "-10 min", "now", *(
        f"+{lead} min" for lead in LEADS)]
    assert memory.memory_of(answer("lagrangian")) is None
    unit = 1 + int(memory.liveliest(held)[3])
    units = NowcasterConfig().channels
    assert SYSTEM.option("map_unit").high == units
    title = charts.memory_maps(answer(map_unit=unit), At()).layout.title.text
    for narrow, steps in ((False, 10), (True, 5)):
        figure = charts.memory_maps(answer(map_unit=unit), At(narrow=narrow))
        assert len(figure.layout.xaxis.ticktext) == steps
        assert "now" in figure.layout.xaxis.ticktext
    assert title == f"unit {unit} of {units}"


def test_the_text_says_every_step() -> None:
    result = answer(hide="60").result
    lines = result.to_text().splitlines()
    assert lines[1].startswith("now: 14:00 UTC; the point:")
    assert len(lines) == 2 + HOUR
    assert all(" forecast " in line for line in lines[2:])
    share = result.chances[result.now + 6, EDGES.index(0.5)]
    assert f"{100 * share:.0f} % for 0.5 mm/h" in lines[2 + 5]
    assert "%" not in answer("lagrangian").result.to_text()


def test_the_forecast_goes_as_far_as_is_asked() -> None:
    result = answer(lead=20).result
    assert result.leads.tolist() == [5, 10, 15, 20]
    np.testing.assert_array_equal(result.mean, answer().result.mean[:4])
    assert len(result.truth) == 4


@pytest.mark.parametrize("key", ["band", "turn", "born"])
def test_samples_are_the_same_bytes_every_time(key: str, tmp_path: Path) -> None:
    sample = next(sample for sample in SYSTEM.samples if sample.key == key)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = sample.path(tmp_path / "a").read_bytes()
    made_rain._noise.cache_clear()
    assert sample.path(tmp_path / "b").read_bytes() == first
    assert source(key).rates.shape == (25, 96, 96)
    assert source(key).pixel_km == pytest.approx(2, abs=0.01)


def test_the_storm_is_not_there_before_it_is_born() -> None:
    rates = source("born").rates
    assert rates[:13, :, 48:].max() < 0.1  # dry
    assert rates[13:, :, 48:].max() > 20


def test_the_legend_says_how_far_apart_the_lines_of_the_map_lie() -> None:
    found = answer()
    assert found.source.lines_km == 50  # 96 px of 2 km
    assert player_view(found, 0).overlays[0].scale.unit == "mm/h · lines 50 km apart"
    unplaced = replace(found.result, source=replace(source(), pixel_km=None))
    assert player_view(replace(found, result=unplaced), 0).overlays[0].scale.unit == "mm/h"


def test_maps_stand_in_a_row_and_on_a_phone_two_and_two() -> None:
    for draw in (charts.side_by_side, charts.change):
        wide, phone = (draw(answer(), At(frame=15, narrow=narrow)) for narrow in (False, True))
        for figure, rows, columns in ((wide, 1, 4), (phone, 2, 2)):
            domains = [(axis.domain[0], other.domain[0]) for axis, other in zip(
                figure.select_xaxes(), figure.select_yaxes(), strict=True)]
            assert len(domains) == 4
            assert len({x for x, _ in domains}) == columns
            assert len({y for _, y in domains}) == rows
        for one, other in zip(wide.data, phone.data, strict=True):
            if one.type == "heatmap":
                np.testing.assert_array_equal(one.z, other.z)
    titles = [note.text for note in charts.side_by_side(
        answer(hide="0"), At(frame=30)).layout.annotations]
    assert titles == ["Observed, not yet", "Forecast", "Only moved", "Error, not yet"]
