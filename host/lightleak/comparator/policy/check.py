"""Check a comparison against a policy: each rule is held, broken, or not proven by what was watched.

Separate because this is what the command ``check`` calls: the rules and their sentences, put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from lightleak.comparator.comparison import Comparison
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.decision import NO_EVENTS, Held, Violation
from lightleak.comparator.policy.question import Question
from lightleak.comparator.policy.rules import decide
from lightleak.comparator.policy.schema import Policy, Rule, read_policy
from lightleak.comparator.policy.text import sentence
from lightleak.errors import CompareError

__all__ = ["Checked", "Policy", "RuleOutcome", "check", "read_policy"]

VERSION = 1
"""Of the JSON's shape."""

HELD, BROKEN, NOT_PROVEN = "held", "broken", "not-proven"

EVIDENCE = 16
"""How many events and entries an outcome names; its sentence says how many there were."""


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
    named: int
    """How many events and entries there are: ``evidence`` and ``entries`` may name fewer."""

    @classmethod
    def of(cls, rule: Rule, question: Question) -> RuleOutcome:
        """Decide a rule for one app, and say it."""
        watched, decision = question.watched, decide(rule.options, question)
        events, rows = (NO_EVENTS, NO_EVENTS) if isinstance(decision, Held) else (decision.events, decision.rows)
        identifiers = watched.comparison.entries.columns.identifier
        return cls(
            rule=rule,
            app=watched.result.app,
            result=HELD if isinstance(decision, Held) else BROKEN if isinstance(decision, Violation) else NOT_PROVEN,
            why=sentence(rule, decision, watched),
            evidence=watched.comparison.sessions.references(np.unique(events[:EVIDENCE])),
            entries=[identifiers[row] for row in rows[:EVIDENCE].tolist()],
            named=len(np.unique(events)) + len(rows),
        )

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


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What came of a policy: an outcome for each app and rule, apps sorted, rules in the order of the policy."""

    policy: Policy
    outcomes: list[RuleOutcome]
    coverage: dict[str, PolicyCoverage]
    """App → what was watched of it."""
    notices: list[str]

    def __repr__(self) -> str:
        return f"<Checked {self.result}: {self.totals()}>"

    @property
    def result(self) -> str:
        """The worst of all: ``broken`` before ``not-proven`` before ``held``."""
        results = {outcome.result for outcome in self.outcomes}
        return next((result for result in (BROKEN, NOT_PROVEN) if result in results), HELD)

    @property
    def failed(self) -> bool:
        """Whether the policy calls this a failure."""
        return self.result == BROKEN or (self.result == NOT_PROVEN and self.policy.not_proven == "fail")

    @property
    def counts(self) -> dict[str, int]:
        """Result → how many rules have it."""
        results = [outcome.result for outcome in self.outcomes]
        return {result: results.count(result) for result in (HELD, BROKEN, NOT_PROVEN)}

    def totals(self) -> str:
        """Return the counts in words."""
        held, broken, not_proven = (self.counts[result] for result in (HELD, BROKEN, NOT_PROVEN))
        return f"{held} held, {broken} broken, {not_proven} not proven"

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain objects."""
        return {
            "version": VERSION,
            "policy": {
                "file": self.policy.source,
                "rules": len(self.policy.rules),
                "not_proven": self.policy.not_proven,
            },
            "result": self.result,
            "failed": self.failed,
            "counts": self.counts,
            "rules": [outcome.to_dict() for outcome in self.outcomes],
            "coverage": {app: watched.to_dict() for app, watched in self.coverage.items()},
            "notices": self.notices,
        }

    def to_json(self) -> str:
        """Return stable JSON, ending with a newline."""
        return msgspec.json.format(msgspec.json.encode(self.to_dict()), indent=2).decode() + "\n"


def check(comparison: Comparison, policy: Policy) -> Checked:
    """Check each app of a comparison against each rule. Raises: CompareError when there is no app to check."""
    if not comparison.apps:
        raise CompareError("the comparison has no app", hint="name the app with --app")
    coverage = {found.app: PolicyCoverage(comparison, found, policy) for found in comparison.apps}
    questions = [Question(watched) for watched in coverage.values()]
    outcomes = [RuleOutcome.of(rule, question) for question in questions for rule in policy.rules]
    return Checked(policy, outcomes, coverage, list(comparison.notices))
