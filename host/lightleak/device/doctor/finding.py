"""The doctor's result: one finding for each check, with its remedy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from lightleak.device.bisect.result import BisectResult

Status: TypeAlias = Literal["ok", "warning", "problem", "unknown"]
"""``problem`` prevents a recording; ``warning`` limits it; ``unknown`` could not be checked, and why."""

VERSION = 1
"""Version of the JSON."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    check: str
    """Its name in JSON; stable."""
    status: Status
    found: str
    """What was found."""
    why: str = ""
    """Why that matters; empty when nothing is wrong."""
    remedy: str = ""
    """The one command or setting that fixes it."""


def ok(check: str, found: str) -> Finding:
    """Return a finding with nothing wrong."""
    return Finding(check, "ok", found)


def unknown(check: str, reason: str, remedy: str = "") -> Finding:
    """Return a finding that could not be checked, and why."""
    return Finding(check, "unknown", reason, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings, in the order of the checks."""

    device: str
    """As the user named it, or as it names itself."""
    target: str | None
    findings: tuple[Finding, ...]
    bisect: BisectResult | None = None
    """With ``--bisect``: which probes the app does not bear."""

    @property
    def prevents_recording(self) -> bool:
        """Whether a recording would fail or show nothing."""
        return any(finding.status == "problem" for finding in self.findings)

    def of(self, check: str) -> Finding:
        """Return the finding of a check. Raises: KeyError."""
        return {finding.check: finding for finding in self.findings}[check]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON of ``doctor --format json``, version 1."""
        counts = {
            status: sum(finding.status == status for finding in self.findings)
            for status in ("ok", "warning", "problem", "unknown")
        }
        return {
            "version": VERSION,
            "device": self.device,
            "target": self.target,
            "ready": not self.prevents_recording,
            "counts": counts,
            "checks": [asdict(finding) for finding in self.findings],
            **({} if self.bisect is None else {"bisect": self.bisect.to_dict()}),
        }
