"""The comparator: from sessions and a report to verdicts.

It reads no clock and draws no random numbers: the same input gives the same bytes.
"""

from __future__ import annotations

from lightleak.comparator.api import compare
from lightleak.comparator.comparison import Comparison

__all__ = ["Comparison", "compare"]
