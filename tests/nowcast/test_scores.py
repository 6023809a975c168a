"""Scores of fields that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hybridcore.nowcast import bins
from hybridcore.nowcast.scores import (
    COLUMNS,
    Forecast,
    cut_of,
    interval,
    reliability,
    scores,
    sums_of,
)


def test_bins_and_their_edges() -> None:
    rates = np.array([0, 0.0999, 0.1, 0.2, 4.9, 5, 25, np.nan], np.float32)
    assert bins.bin_of(rates).tolist() == [0, 0, 1, 2, 5, 6, 8, -1]
    assert bins.bin_of(np.array(bins.RATES)).tolist() == list(range(bins.BINS))


def test_what_follows_from_a_distribution() -> None:
    p = np.array([0.2, 0, 0, 0.5, 0.3, 0, 0, 0, 0])
    exceed = bins.exceedance(p)
    assert exceed == pytest.approx([0.8, 0.8, 0.8, 0.3, 0, 0, 0, 0])
    assert bins.shares(exceed) == pytest.approx(p)
    assert bins.mean_rate(p) == pytest.approx(0.5 * bins.RATES[3] + 0.3 * bins.RATES[4])
    # What stays in the bin of the rate that fell last keeps that rate.
    assert bins.mean_rate(p, np.array(0.6)) == pytest.approx(0.5 * 0.6 + 0.3 * bins.RATES[4])
    last = np.array(0.6)
    assert bins.quantile(exceed, 0.1, last) == 0
    assert 0.5 < bins.quantile(exceed, 0.5, last) < 1
    assert 1 < bins.quantile(exceed, 0.9, last) < 2


@pytest.mark.parametrize(("last", "mean"), [(0.6, bins.RATES[-1]), (25, 25), (77, 77)])
def test_quantiles_and_mean_agree_on_violent_rain(last: float, mean: float) -> None:
    """The last bin has no upper edge, and keeps the rate that fell last."""
    certain = np.ones(8)
    spread = [float(bins.quantile(certain, share, np.array(last)))
              for share in np.linspace(0.0001, 0.9999, 5000)]
    assert np.mean(spread) == pytest.approx(mean, rel=0.01)
    assert spread == sorted(spread)
    assert bins.mean_rate(bins.shares(certain), np.array(last)) == pytest.approx(mean)
    assert min(spread) >= bins.EDGES[-1] * 0.999


def test_crps_of_bins_is_that_of_their_rates() -> None:
    sure = np.eye(bins.BINS)[4]
    assert bins.crps(sure, np.float32(3)) == pytest.approx(3 - bins.RATES[4], abs=1e-5)
    half = (np.eye(bins.BINS)[4] + np.eye(bins.BINS)[5]) / 2
    values = np.array(bins.RATES)[[4, 5]]
    expected = np.abs(values - 2).mean() - np.abs(values[:, None] - values).mean() / 2
    assert bins.crps(half, np.float32(2)) == pytest.approx(expected, abs=1e-5)


def test_hits_and_misses_are_counted_and_no_data_is_not() -> None:
    said = np.array([[2, 2, 0, 0, 2, np.nan]], np.float32)
    rain = np.array([[2, 0, 2, 0, np.nan, 2]], np.float32)
    found = scores(sums_of(Forecast(said), rain, 2.0))
    assert found["CSI 1.0"] == pytest.approx(1 / 3)
    assert found["POD 1.0"] == found["FAR 1.0"] == pytest.approx(0.5)
    assert found["RMSE"] == pytest.approx((8 / 4) ** 0.5)
    assert found["CRPS"] == pytest.approx(1)
    assert found["correlation"] == pytest.approx(0)
    assert np.isnan(found["CSI 5.0"])


def test_the_decision_is_by_the_chance_and_the_mean_by_itself() -> None:
    exceed = np.zeros((8, 1, 4), np.float32)
    exceed[: bins.EDGES.index(1.0) + 1] = [0.9, 0.8, 0.2, 0.1]
    found = scores(sums_of(Forecast(np.full((1, 4), 0.5, np.float32), exceed),
                           np.array([[1, 0, 1, 0]], np.float32), 2.0))
    assert found["CSI 1.0"] == pytest.approx(1 / 3)
    assert found["mean CSI 1.0"] == 0


def test_the_cut_is_where_the_expected_csi_is_highest() -> None:
    chance = np.array([0.9, 0.8, 0.2, 0.15, 0.05], np.float32)
    expected = [chance[:k].sum() / (k + chance[k:].sum()) for k in range(1, 6)]
    assert expected[1] == max(expected)
    assert 0.2 < cut_of(chance) <= 0.8
    # The harder it is, the lower the chance that is acted upon.
    assert cut_of(np.repeat([0.3, 0.02], [10, 1000])) <= 0.3
    assert cut_of(np.repeat([0.9, 0.3], [100, 10])) > 0.3
    assert cut_of(np.array([0.04, 0.02])) >= 0.1
    assert cut_of(np.zeros(4)) == 1


def test_rain_beside_where_it_was_said_is_forgiven_in_a_window() -> None:
    said, rain = np.zeros((2, 40, 40), np.float32)
    said[10:20, 10:20] = rain[10:20, 12:22] = 2
    found = scores(sums_of(Forecast(said), rain, 2.0))
    assert found["CSI 1.0"] < found["FSS 10 km"] < found["FSS 20 km"] < 1
    assert scores(sums_of(Forecast(rain), rain, 2.0))["FSS 10 km"] == 1


def test_reliability_is_by_class() -> None:
    exceed = np.zeros((8, 1, 10), np.float32)
    exceed[bins.EDGES.index(1.0), 0] = [0.75] * 4 + [0.05] * 6
    rain = np.array([[2, 2, 2, 0, 0, 0, 0, 0, 0, 0]], np.float32)
    said, came, count = reliability(sums_of(Forecast(exceed[0], exceed), rain, 2.0))
    assert (said[7], came[7], count[7]) == pytest.approx((0.75, 0.75, 4))
    assert (came[0], count[0]) == (0, 6)
    assert np.isnan(said[5])


def test_intervals_draw_events_and_blocks_in_them() -> None:
    rng = np.random.default_rng(3)
    events = [rng.normal(mean, 0.1, (12, 1)) for mean in (0.4, 0.6)]

    def mean(total: np.ndarray) -> float:
        return float(total[0]) / 24

    value, low, high = interval(events, mean)
    assert low < 0.42 < value < 0.58 < high  # one event may stand for both
    assert len(COLUMNS) == len(sums_of(Forecast(np.zeros((2, 2))), np.zeros((2, 2)), 2.0))
