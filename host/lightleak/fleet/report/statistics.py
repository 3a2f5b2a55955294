"""Exact statistics of counts: intervals of a rate, of a share and of a ratio of rates, and Holm's correction for many comparisons.

Separate because it knows nothing of runs. The quantiles of the beta and gamma distributions come from SciPy: series of our own would
have to be tested as hard as SciPy's are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from lightleak.fleet.objects import missing_extra

LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2


class Interval(NamedTuple):
    """A confidence interval; ``high`` is infinite where nothing bounds it."""

    low: float
    high: float


class RateRatio(NamedTuple):
    """How two rates compare: second by first."""

    ratio: float | None
    """None where the first count is 0."""
    low: float
    high: float
    p: float
    """Two-sided, of the hypothesis that both rates are equal."""


def rate_interval(count: int, exposure: float) -> Interval:
    """Return the exact interval of a Poisson rate. Source: Garwood, Biometrika 28 (1936), by quantiles of the gamma distribution."""
    special = _special()
    low = float(special.gammaincinv(count, _TAIL)) if count else 0.0
    return Interval(low / exposure, float(special.gammaincinv(count + 1, 1 - _TAIL)) / exposure)


def share_interval(count: int, of: int) -> Interval:
    """Return the exact interval of a share. Source: Clopper and Pearson, Biometrika 26 (1934)."""
    special = _special()
    low = float(special.betaincinv(count, of - count + 1, _TAIL)) if count else 0.0
    high = float(special.betaincinv(count + 1, of - count, 1 - _TAIL)) if count < of else 1.0
    return Interval(low, high)


def rate_ratio(first: int, first_exposure: float, second: int, second_exposure: float) -> RateRatio:
    """Return the ratio of two Poisson rates, second by first, with its exact conditional interval and p.

    Given the sum of both counts, the second is binomial; its share is that of the exposure where the rates are equal.
    Source: Przyborowski and Wilenski, Biometrika 31 (1940).
    """
    total = first + second
    scale = first_exposure / second_exposure
    share = share_interval(second, total) if total else Interval(0.0, 1.0)
    low, high = (_odds(bound) * scale for bound in share)
    ratio = second / first * scale if first else None
    return RateRatio(ratio, low, high, _binomial_p(second, total, second_exposure / (first_exposure + second_exposure)))


def holm(values: Sequence[float]) -> list[float]:
    """Return p values corrected for their number, in the order given. Source: Holm, Scandinavian Journal of Statistics 6 (1979)."""
    order = sorted(range(len(values)), key=values.__getitem__)
    corrected, highest = [0.0] * len(values), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, values[at] * (len(values) - rank)))
        corrected[at] = highest
    return corrected


def _binomial_p(count: int, total: int, share: float) -> float:
    """Return the two-sided p of a count: twice the smaller tail, at most 1. It agrees with the interval of the same kind."""
    if not total:
        return 1.0
    special = _special()
    below = float(special.bdtr(count, total, share))
    above = float(special.bdtrc(count - 1, total, share)) if count else 1.0
    return min(1.0, 2 * min(below, above))


def _odds(share: float) -> float:
    return math.inf if share >= 1 else share / (1 - share)


def _special() -> Any:
    try:
        from scipy import special
    except ImportError as problem:
        raise missing_extra("scipy") from problem
    return special
