"""What became of the hooks of a process, for people: those it has nothing for are not failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lightleak.trace.migrate import hook_code
from lightleak.wording import plural

ABSENT_CODES = frozenset({"no-class", "no-method", "inherited"})
"""Codes of hooks that a process has nothing to hook for, of private names too."""

LEFT_OUT_CODE = "left-out"
"""Code of hooks that the user did not want: what they would have seen was not watched."""

HookStatus = Literal["installed", "missing", "absent", "removed"]


def status_of(event: Mapping[str, Any]) -> HookStatus | None:
    """Return what a ``hook`` event says: ``absent`` where the process has nothing to hook; None for an unknown status."""
    match event.get("status"):
        case "installed":
            return "installed"
        case "removed":
            return "removed"
        case "skipped" | "failed":
            code = hook_code(event.get("code"), event.get("reason"))
            return "absent" if event.get("absent") is True or code in ABSENT_CODES else "missing"
    return None


@dataclass(slots=True)
class HookCounts:
    """The hooks of some processes, by probe."""

    last: dict[str, HookStatus] = field(default_factory=dict)
    """Probe → what became of it; installed in one process is installed."""
    missing: dict[str, str] = field(default_factory=dict)
    """Probe that was not installed although the process has what it hooks → ``symbol (reason)``."""

    left_out: set[str] = field(default_factory=set)
    """Probes that the user did not want."""

    def feed(self, event: Mapping[str, Any]) -> None:
        """Take a ``hook`` event."""
        probe, status = str(event.get("probe")), status_of(event)
        # What was removed again at the end was in place.
        if status in (None, "removed"):
            return
        if event.get("code") == LEFT_OUT_CODE:
            self.left_out.add(probe)
        elif status == "missing":
            self.missing[probe] = f"{event.get('symbol')} ({event.get('reason') or 'no reason given'})"
        elif status == "installed":
            self.missing.pop(probe, None)
        if status != "absent" or probe not in self.last:
            self.last[probe] = status

    def words(self, processes: int = 1) -> str:
        """Return how many hooks are in place, of those that the processes have."""
        installed = sum(status == "installed" for status in self.last.values())
        absent = sum(status == "absent" for status in self.last.values())
        has = "this process has" if processes == 1 else "these processes have"
        nothing = "it does not have" if processes == 1 else "they do not have"
        more = f" ({plural(absent, 'more is', 'more are')} of classes or methods that {nothing})" if absent else ""
        if self.left_out:
            more += f", {plural(len(self.left_out), 'probe')} left out as asked"
        elif not self.missing:
            return f"{'all ' if installed > 1 else ''}{plural(installed, 'hook', zero='no')} that {has}{more}"
        hooks = installed + len(self.missing) + len(self.left_out - self.missing.keys())
        return f"{installed} of {plural(hooks, 'hook')} that {has}{more}"
