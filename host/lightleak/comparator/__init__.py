"""The comparator: pure, from columns to verdicts. No I/O of its own, no clock, no chance without a seed."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from lightleak.comparator.api import compare
from lightleak.comparator.comparison import Comparison

__all__ = ["Comparison", "compare"]


class _CallableModule(ModuleType):
    """Let ``lightleak.comparator`` be both this package and the function that the contract names."""

    def __call__(self, *args: Any, **options: Any) -> Comparison:
        return compare(*args, **options)


sys.modules[__name__].__class__ = _CallableModule
