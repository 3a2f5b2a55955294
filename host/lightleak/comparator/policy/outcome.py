"""What comes of one rule for one app, with its evidence and its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.schema import Rule
from lightleak.wording import WATCHED, duration, percent

HELD, BROKEN, NOT_PROVEN = "held", "broken", "not-proven"

EVIDENCE = 16
"""How many events and entries a finding names; its sentence says how many there were."""

NO_EVENTS: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What came of one rule for one app."""

    rule: Rule
    app: str
    result: str
    """``held``, ``broken`` or ``not-proven``."""
    why: str
    """One sentence."""
    evidence: list[str]
    """Events, ``SESSION:SEGMENT:SEQ``."""
    entries: list[str]
    """Entries of the report, by identifier."""

    @property
    def evidence_is_cut(self) -> bool:
        """Whether there may be more events than ``evidence`` names."""
        return len(self.evidence) >= EVIDENCE

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain objects."""
        return {
            "rule": self.rule.kind,
            "name": self.rule.name,
            "app": self.app,
            "result": self.result,
            "why": self.why,
            "evidence": self.evidence,
            "entries": self.entries,
            "line": self.rule.line,
        }


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """One rule and one app, on the way to a finding."""

    rule: Rule
    watch: PolicyCoverage

    def broken(self, why: str, events: Ints = NO_EVENTS, rows: Ints = NO_EVENTS) -> RuleOutcome:
        """Say what was seen against the rule."""
        return self._find(BROKEN, f"{why}.", events, rows)

    def not_proven(self, doubts: list[str], events: Ints = NO_EVENTS, rows: Ints = NO_EVENTS) -> RuleOutcome:
        """Say why nothing seen proves nothing."""
        return self._find(NOT_PROVEN, f"Not seen to be broken, but not proven: {'; '.join(doubts)}.", events, rows)

    def held(self, why: str) -> RuleOutcome:
        """Say that the rule holds, and for how long the app was watched."""
        hours, share, lost = self.watch.hours, self.watch.share, self.watch.lost
        limits = "" if share == 1 and not lost else f", {percent(share)} of the recorded time, {lost} events lost"
        return self._find(
            HELD, f"{why} in {duration(hours * 3600, WATCHED)} of watching{limits}.", NO_EVENTS, NO_EVENTS
        )

    def settle(self, doubts: list[str], held: str) -> RuleOutcome:
        """Hold the rule where nothing speaks against it, unless the coverage cannot carry that."""
        return self.not_proven(doubts) if doubts else self.held(held)

    def _find(self, result: str, why: str, events: Ints, rows: Ints) -> RuleOutcome:
        identifiers = self.watch.comparison.entries.columns.identifier
        return RuleOutcome(
            rule=self.rule,
            app=self.watch.found.app,
            result=result,
            why=why,
            evidence=self.watch.comparison.recording.references(np.unique(events[:EVIDENCE])),
            entries=[identifiers[row] for row in rows[:EVIDENCE].tolist()],
        )
