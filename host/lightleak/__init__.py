"""Say why each photos entry of Apple's App Privacy Report exists, and how far the app went."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from lightleak._version import __version__
from lightleak.errors import LightleakError

if TYPE_CHECKING:
    from lightleak.comparator import Comparison, compare
    from lightleak.report import read_report
    from lightleak.trace import Session, open  # noqa: A004  lightleak.open is clear

_HOMES = {
    "Comparison": "lightleak.comparator",
    "compare": "lightleak.comparator",
    "Session": "lightleak.trace",
    "open": "lightleak.trace",
    "read_report": "lightleak.report",
}
"""Name → module: imported on first use, so that ``lightleak --help`` is fast."""

__all__ = ["Comparison", "LightleakError", "Session", "__version__", "compare", "open", "read_report"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
