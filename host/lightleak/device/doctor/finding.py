"""What the doctor says: one finding a check, with the way out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

Status: TypeAlias = Literal["ok", "warning", "problem", "unknown"]
"""``problem`` stands in the way of a recording; ``warning`` limits it; ``unknown`` could not be checked, and why."""

VERSION = 1
"""Of the JSON's shape."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check."""

    check: str
    """Its name in JSON; stable."""
    status: Status
    found: str
    """What is the case."""
    why: str = ""
    """Why that matters; empty where all is well."""
    remedy: str = ""
    """The one command or setting that mends it."""


def ok(check: str, found: str) -> Finding:
    """Say that nothing is wrong."""
    return Finding(check, "ok", found)


def unknown(check: str, reason: str, remedy: str = "") -> Finding:
    """Say that it could not be checked, and why."""
    return Finding(check, "unknown", reason, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings, in the order of the checks."""

    device: str
    """As the person named it, or as it names itself."""
    target: str | None
    findings: tuple[Finding, ...]

    @property
    def stands_in_the_way(self) -> bool:
        """Whether a recording would fail or say nothing."""
        return any(finding.status == "problem" for finding in self.findings)

    def of(self, check: str) -> Finding:
        """Find a check's finding. Raises: KeyError."""
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
            "ready": not self.stands_in_the_way,
            "counts": counts,
            "checks": [asdict(finding) for finding in self.findings],
        }
