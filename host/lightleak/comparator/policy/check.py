"""Hold a comparison against a policy: each rule is held, broken, or not proven by what was watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from lightleak.comparator.comparison import Comparison
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.outcome import BROKEN, HELD, NOT_PROVEN, RuleOutcome
from lightleak.comparator.policy.rules import judge
from lightleak.comparator.policy.schema import Policy, read_policy
from lightleak.errors import CompareError

__all__ = ["Checked", "Policy", "RuleOutcome", "check", "read_policy"]

VERSION = 1
"""Of the JSON's shape."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a policy: a finding for each app and rule, apps sorted, rules in the order of the policy."""

    policy: Policy
    findings: list[RuleOutcome]
    watched: dict[str, PolicyCoverage]
    notices: list[str]

    @property
    def result(self) -> str:
        """The worst of all: ``broken`` before ``not-proven`` before ``held``."""
        results = {finding.result for finding in self.findings}
        return next((result for result in (BROKEN, NOT_PROVEN) if result in results), HELD)

    @property
    def failed(self) -> bool:
        """Whether the policy calls this a failure."""
        return self.result == BROKEN or (self.result == NOT_PROVEN and self.policy.not_proven == "fail")

    @property
    def counts(self) -> dict[str, int]:
        """Result → how many rules have it."""
        results = [finding.result for finding in self.findings]
        return {result: results.count(result) for result in (HELD, BROKEN, NOT_PROVEN)}

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
            "rules": [finding.to_dict() for finding in self.findings],
            "coverage": {app: watch.to_dict() for app, watch in self.watched.items()},
            "notices": self.notices,
        }

    def to_json(self) -> str:
        """Return stable JSON, ending with a newline."""
        return msgspec.json.format(msgspec.json.encode(self.to_dict()), indent=2).decode() + "\n"


def check(comparison: Comparison, policy: Policy) -> Checked:
    """Hold each app of a comparison against each rule. Errors: CompareError where there is no app to hold."""
    if not comparison.apps:
        raise CompareError("the comparison has no app", hint="say which app is meant with --app")
    watched = {found.app: PolicyCoverage(comparison, found, policy) for found in comparison.apps}
    findings = [judge(rule, watch) for watch in watched.values() for rule in policy.rules]
    return Checked(policy, findings, watched, list(comparison.notices))
