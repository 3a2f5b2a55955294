"""The comparator: pure, from columns to verdicts. No I/O of its own, no clock, no chance without a seed."""

from __future__ import annotations

from lightleak.comparator.api import compare
from lightleak.comparator.comparison import Comparison

__all__ = ["Comparison", "compare"]
