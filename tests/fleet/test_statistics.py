"""Exact intervals, against tables and against the definition."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("scipy")

from lightleak.fleet.report.statistics import holm, rate_interval, rate_ratio, share_interval


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (100, 81.364, 121.627)]
)
def test_the_interval_of_a_count_is_that_of_the_tables(count, low, high):
    """Source: Garwood's table, as in Pearson and Hartley, Biometrika Tables, table 40."""
    found = rate_interval(count, 1.0)
    assert found == pytest.approx((low, high), abs=5e-4)
    assert rate_interval(count, 4.0).high == pytest.approx(found.high / 4)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.3085), (3, 10, 0.0667, 0.6525), (10, 10, 0.6915, 1.0), (1, 1, 0.025, 1.0)],
)
def test_the_interval_of_a_share_is_that_of_clopper_and_pearson(count, of, low, high):
    assert share_interval(count, of) == pytest.approx((low, high), abs=5e-5)


def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


@pytest.mark.parametrize(
    ("first", "t1", "second", "t2"), [(3, 10.0, 12, 10.0), (0, 4.0, 5, 2.0), (7, 1.0, 0, 3.0), (20, 5.0, 22, 7.5)]
)
def test_the_ratio_of_rates_is_binomial_given_the_sum(first, t1, second, t2):
    found = rate_ratio(first, t1, second, t2)
    total, share = first + second, t2 / (t1 + t2)
    below = sum(binomial(k, total, share) for k in range(second + 1))
    above = sum(binomial(k, total, share) for k in range(second, total + 1))
    assert found.p == pytest.approx(min(1.0, 2 * min(below, above)))
    for bound, tail in ((found.low, range(second, total + 1)), (found.high, range(second + 1))):
        if 0 < bound < math.inf:
            at = bound * t2 / (t1 + bound * t2)
            assert sum(binomial(k, total, at) for k in tail) == pytest.approx(0.025, rel=1e-6)
    assert (found.low > 1 or found.high < 1) == (found.p < 0.05)


def test_the_ratio_of_nothing_says_nothing():
    found = rate_ratio(0, 1.0, 0, 1.0)
    assert (found.ratio, found.low, found.high, found.p) == (None, 0.0, math.inf, 1.0)


def test_holm_corrects_in_steps_and_never_falls():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
