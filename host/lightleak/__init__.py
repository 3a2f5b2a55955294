"""Say why each photos entry of Apple's App Privacy Report exists, and how far the app went."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from lightleak._version import __version__
from lightleak.errors import LightleakError

if TYPE_CHECKING:
    from lightleak import fleet as fleet
    from lightleak.comparator import Comparison
    from lightleak.comparator.comparison import Verdict
    from lightleak.comparator.diff.diff import Difference
    from lightleak.comparator.policy.check import Checked, Policy
    from lightleak.comparator.selection import Selection
    from lightleak.comparator.timeline.triggers import Trigger
    from lightleak.events import Event
    from lightleak.library import (
        check,
        compare,
        diff,
        export,
        filter_events,
        filter_verdicts,
        html,
        import_trace,
        open,  # noqa: A004  lightleak.open is clear
        read_policy,
        read_report,
        verify,
    )
    from lightleak.report import Report
    from lightleak.trace import Session
    from lightleak.trace.verify import Verification

__all__ = [
    "Checked",
    "Comparison",
    "Difference",
    "Event",
    "LightleakError",
    "Policy",
    "Report",
    "Selection",
    "Session",
    "Trigger",
    "Verdict",
    "Verification",
    "__version__",
    "check",
    "compare",
    "diff",
    "export",
    "filter_events",
    "filter_verdicts",
    "html",
    "import_trace",
    "open",
    "read_policy",
    "read_report",
    "verify",
]

_CLASSES = {
    "Checked": "lightleak.comparator.policy.check",
    "Comparison": "lightleak.comparator",
    "Difference": "lightleak.comparator.diff.diff",
    "Event": "lightleak.events",
    "Policy": "lightleak.comparator.policy.schema",
    "Report": "lightleak.report",
    "Selection": "lightleak.comparator.selection",
    "Session": "lightleak.trace",
    "Trigger": "lightleak.comparator.timeline.triggers",
    "Verdict": "lightleak.comparator.comparison",
    "Verification": "lightleak.trace.verify",
}
"""Name → module: imported on first use, so that ``lightleak --help`` is fast. Functions are in ``lightleak.library``."""


if not TYPE_CHECKING:  # a checker would take any name for known

    def __getattr__(name: str) -> Any:
        if name == "fleet":
            return importlib.import_module("lightleak.fleet")
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(_CLASSES.get(name, "lightleak.library")), name)


def __dir__() -> list[str]:
    return __all__
