"""Events counted in bins of time, at the smallest width that fits a budget.

Separate because it is pure arithmetic that the page's script mirrors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lightleak.arrays import Ints

FINEST_MS = 1
_STEP = 4
"""From one width to the next coarser; the page makes the levels between them by adding neighbours."""


def binned(series: list[Ints], budget: int) -> list[dict[str, Any]]:
    """Count sorted moments (ms since the page's start) in bins of 4^k ms, one table per series.

    All tables have one width: the smallest with which they have at most ``budget`` bins together. A table is
    ``{"width", "bins", "counts"}``: bins as differences to the one before, counts empty where all are 1.
    """
    width = FINEST_MS
    counted = [np.unique(moments // width, return_counts=True) for moments in series]
    while sum(len(bins) for bins, _ in counted) > budget:
        width *= _STEP
        counted = [_coarser(bins, counts) for bins, counts in counted]
    return [_table(width, bins, counts) for bins, counts in counted]


def _coarser(bins: Ints, counts: Ints) -> tuple[Ints, Ints]:
    wider = bins // _STEP
    starts = np.flatnonzero(np.diff(wider, prepend=-1 if not len(wider) else wider[0] - 1))
    return wider[starts], np.add.reduceat(counts, starts) if len(starts) else counts


def _table(width: int, bins: Ints, counts: Ints) -> dict[str, Any]:
    return {
        "width": width,
        "bins": np.diff(bins, prepend=0).tolist(),
        "counts": [] if bool((counts == 1).all()) else counts.tolist(),
    }
