"""What the networks learn from is what fell, in the frame that they are to speak in."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.nowcast.bins import BINS
from hybridcore.nowcast.learn.crops import batches, shrunk
from hybridcore.nowcast.learn.data import EVENTS
from hybridcore.nowcast.learn.evaluate import metrics_of, rows_of, tables
from hybridcore.nowcast.learn.judge import forecasts_of, judged
from hybridcore.nowcast.learn.samples import Starts, coded, decoded, load, save, some, starts_of
from hybridcore.nowcast.learn.train import begin_with, loss_of, measured_table
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.nowcast.networks import Nowcaster, NowcasterConfig
from hybridcore.nowcast.scores import scores
from tests.nowcast.test_motion import showers

VELOCITY = (0.4, -0.2)


@pytest.fixture(scope="module")
def starts() -> Starts:
    minutes = np.arange(0, 105, 5.0)
    rates = np.stack([showers(minute, VELOCITY) for minute in minutes])
    made = starts_of("made", rates, minutes, pixel_km=2.0, known=30, ahead=60)
    assert made is not None
    return made


def network(**config: object) -> Nowcaster:
    return Nowcaster(config=NowcasterConfig(channels=4, fine=4, **config)).eval()  # type: ignore[arg-type]


def test_no_event_is_in_two_splits_and_finland_is_not_learned_from() -> None:
    for one, other in combinations(EVENTS, 2):
        assert one.files != other.files or any(
            low[1] <= high[0] for low, high in (sorted((one.rows, other.rows)),
                                                sorted((one.columns, other.columns))))
    assert {event.split for event in EVENTS if "fmi" in event.files} == {"judge"}
    assert {event.split for event in EVENTS if "rmi" in event.files} == {"choose"}


def test_bytes_keep_the_rain_to_three_percent() -> None:
    rates = np.array([0, 0.1, 1, 10, 100, np.nan], np.float32)
    kept = decoded(coded(rates))
    assert kept[:5] == pytest.approx(rates[:5], rel=0.04, abs=0.002)
    assert np.isnan(kept[5])


def test_a_start_holds_what_fell_and_the_same_in_the_moving_frame(starts: Starts) -> None:
    assert starts.minute.tolist() == [30, 35, 40]
    assert starts.moving.shape == starts.fixed.shape == (3, len(PAST) + len(LEADS), 128, 128)
    inside = np.s_[:, 30:-30, 34:-34]
    fixed, moving = decoded(starts.fixed[0])[inside], decoded(starts.moving[0])[inside]
    assert fixed[-1] == pytest.approx(showers(90, VELOCITY)[inside[1:]], rel=0.04, abs=0.01)
    # Rain that only moves stands still.
    assert np.sqrt(np.nanmean((moving - moving[3]) ** 2)) < 0.35
    assert np.sqrt(np.nanmean((fixed - fixed[3]) ** 2)) > 1


def test_starts_need_their_past_and_future() -> None:
    minutes = np.arange(0, 65, 5.0)
    rates = np.stack([showers(minute, VELOCITY, 64) for minute in minutes])
    assert starts_of("short", rates, minutes, pixel_km=2.0, known=30, ahead=60) is None
    short = starts_of("short", rates, minutes, pixel_km=2.0, known=10, ahead=30)
    assert short is not None
    assert short.minute.tolist() == [10, 15, 20, 25, 30]
    last = decoded(short.fixed[-1, len(PAST):])
    assert np.isnan(last[3:]).all()  # 70 minutes and later were not measured
    assert not np.isnan(last[:3]).any()
    assert starts_of("dry", 0 * rates, minutes, pixel_km=2.0, known=10, ahead=30) is None


def test_starts_come_back_from_disk(starts: Starts, tmp_path: Path) -> None:
    save(starts, tmp_path / "made")
    back = load(tmp_path / "made")
    assert (back.event, back.pixel_km) == ("made", 2.0)
    assert (back.moving == starts.moving).all()
    assert some(back, 2).minute.tolist() == [30, 40]


def test_crops_are_of_the_same_place_at_all_times(starts: Starts) -> None:
    past, rates = next(batches([starts], np.random.default_rng(0), moving=True, size=4, side=32))
    assert past.shape == (4, len(PAST), 2, 32, 32)
    assert rates.shape == (4, len(LEADS), 32, 32)
    now = 0.1 * torch.expm1(past[:, -1, 0])
    ahead = rates[:, 0]
    known = ~ahead.isnan()
    # In the moving frame, ten minutes later it rains in the same place.
    assert torch.corrcoef(torch.stack([now[known], ahead[known]]))[0, 1] > 0.9


def test_squares_of_pixels_become_one() -> None:
    field = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    field[0, 3, 3] = np.nan
    assert shrunk(field, 2)[0, 0].tolist() == [2.5, 4.5]
    assert np.isnan(shrunk(field, 2)[0, 1, 1])


def test_the_table_is_what_became_of_the_rain(starts: Starts) -> None:
    moving, still = (measured_table([starts], moving=moving).exp() for moving in (True, False))
    assert moving.sum(-1) == pytest.approx(torch.ones(len(LEADS), BINS + 1), abs=1e-4)
    stays = moving.diagonal(dim1=1, dim2=2)
    assert (stays[0, 3:7] > 0.6).all()
    assert (stays[-1, 3:7] > still.diagonal(dim1=1, dim2=2)[-1, 3:7] + 0.2).all()


def test_the_loss_is_least_for_what_came_and_knows_no_data() -> None:
    rates = torch.rand(1, len(LEADS), 8, 8) * 3
    past = torch.zeros(1, len(PAST), 2, 8, 8)
    bins = torch.bucketize(rates, torch.tensor([0.1, 0.2, 0.5, 1, 2, 5, 10, 20]), right=True)
    right = 20.0 * torch.nn.functional.one_hot(bins, BINS).movedim(-1, 2).float()
    assert loss_of(right, past, rates) < 0.01 < 5 < loss_of(-right, past, rates)
    rates[..., :4] = float("nan")
    wrong = right.clone()
    wrong[..., :4] *= -1
    assert loss_of(wrong, past, rates) < 0.01


def test_one_that_sees_less_begins_with_the_weights_of_the_last_field() -> None:
    first, twin = network(), network(kind="single", adapts=False)
    begin_with(twin, first.state_dict())
    weights = first.near[0].weight
    assert (twin.near[0].weight == weights[:, -2:]).all()
    assert (twin.encoder[1].from_hidden.weight == first.encoder[1].from_hidden.weight).all()


def test_the_climate_of_showers_that_only_move_is_lagrangian_persistence(starts: Starts) -> None:
    """A network that has learned nothing but the table says where the rain goes."""
    made = network()
    with torch.no_grad():
        made.table.copy_(measured_table([starts], moving=True))
    total = {name: np.zeros_like(sums) for name, sums in next(judged(starts, {})).items()}
    for rows in judged(starts, {"corrector": made}):
        for name, sums in rows.items():
            total[name] = total.get(name, 0) + sums
    at_30 = {name: scores(sums[2]) for name, sums in total.items()}
    assert at_30["corrector"]["CSI 1.0"] >= at_30["lagrangian"]["CSI 1.0"] - 0.01
    assert at_30["lagrangian"]["CSI 1.0"] > at_30["persistence"]["CSI 1.0"] + 0.2
    assert at_30["corrector"]["RMSE"] < at_30["persistence"]["RMSE"]
    # All were judged on the same pixels.
    assert len({sums[2, 24 + 4] for sums in total.values()}) == 1


def test_the_card_says_what_was_judged(
    starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hybridcore.nowcast.scores._SAMPLES", 50)
    made = {"corrector": network(), "single": network(kind="single", adapts=False)}
    rows = rows_of([starts], made) | {}
    rows = {name: rows["made"] for name in ("Finland 2016", "Finland 2017")}
    found = metrics_of(rows, "corrector")
    assert sum(row.get("headline", False) for row in found) == 2
    rmse = next(row for row in found if row["name"] == "RMSE at 30 min")
    assert rmse["count"] == 6
    assert rmse["interval"][0] <= rmse["value"] <= rmse["interval"][1]
    less = next(row for row in found
                if row["name"] == "RMSE at 30 min, less that of Lagrangian persistence")
    table = tables(rows)["Finland"]
    assert table["starts"] == 6
    values = {name: own["RMSE"][2] for name, own in table["scores"].items()}
    assert less["value"] == pytest.approx(values["corrector"] - values["lagrangian"], abs=2e-4)
    assert forecasts_of(starts, 0, made).keys() == values.keys()
    # Of what is judged but once, a lead without any field is left out.
    at_30 = (np.arange(len(LEADS)) == 2)[:, None]
    once = {name: sums * at_30 for name, sums in rows["Finland 2016"].items()}
    more = metrics_of(rows, "corrector", {"a place": once})[len(found):]
    assert {int(row["name"].split(" at ")[1][:2]) for row in more} == {30}
    assert all("at which nobody looked" in row["split"] and row["count"] == 3 for row in more)
