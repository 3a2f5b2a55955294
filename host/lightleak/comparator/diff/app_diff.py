"""What changed in one app between two recordings, and where the two cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lightleak.comparator.diff.app_stats import MIXED, AppStats
from lightleak.comparator.rules.rules import CAUSES
from lightleak.comparator.timeline.probe_coverage import REGISTRATION, could_see
from lightleak.comparator.timeline.segments import ACCOUNTING
from lightleak.events import DEPTHS, STATES

_BLIND = {"missing", MIXED}


@dataclass(frozen=True, slots=True)
class AppDifference:
    """One app, before and after. Figures are per hour of watched time."""

    app: str
    old: AppStats
    new: AppStats

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain objects."""
        verdicts = list(self._verdicts()) if self.old.found is not None and self.new.found is not None else None
        observers, reads = self._observers(), list(self._reads())
        return {
            "old": self.old.to_dict(),
            "new": self.new.to_dict(),
            "observers": observers,
            "reads": reads,
            "cost": list(self._cost()),
            "verdicts": verdicts,
            "probes": list(self._probes()),
            "appeared": list(_appeared(observers, reads, verdicts or [])),
        }

    def _observers(self) -> dict[str, Any]:
        old, new = self.old.observers, self.new.observers
        return {
            "gone": [{"class": name, "count": old[name]} for name in sorted(old.keys() - new.keys())],
            "new": [{"class": name, "count": new[name]} for name in sorted(new.keys() - old.keys())],
            "kept": [{"class": n, "old": old[n], "new": new[n]} for n in sorted(old.keys() & new.keys())],
            **_comparable(self._unlike([REGISTRATION])),
        }

    def _reads(self) -> Iterator[dict[str, Any]]:
        pairs = {*self.old.reads, *self.new.reads}
        for state, depth in sorted(pairs, key=lambda pair: (STATES.index(pair[0]), DEPTHS.index(pair[1]))):
            doubt = self._unlike(self._seeing(depth)) or self._never_in(state)
            yield {
                "state": state,
                "depth": depth,
                **self._figures(self.old.reads[state, depth], self.new.reads[state, depth], doubt),
            }

    def _cost(self) -> Iterator[dict[str, Any]]:
        probes = {"cpu_ms": self._seeing("metadata"), "bytes": self._seeing("data"), "notifications": [REGISTRATION]}
        for measure, amount in self.old.cost.items():
            doubt = self._unlike(probes[measure])
            yield {"measure": measure, **self._figures(amount, self.new.cost[measure], doubt)}

    def _verdicts(self) -> Iterator[dict[str, Any]]:
        doubt = self._unlike([ACCOUNTING])
        old, new = self.old.causes, self.new.causes
        for cause in CAUSES:
            if old[cause] or new[cause]:
                yield {"cause": cause, **self._figures(old[cause], new[cause], doubt)}

    def _probes(self) -> Iterator[dict[str, Any]]:
        if self.old.segments and self.new.segments:
            for probe in sorted({*self.old.probes, *self.new.probes}):
                old, new = self.old.probe(probe), self.new.probe(probe)
                if old != new:
                    yield {"probe": probe, "old": old, "new": new}

    def _figures(self, old: float, new: float, doubt: str | None) -> dict[str, Any]:
        return {
            "old": {"n": old, "per_hour": _rate(old, self.old.hours)},
            "new": {"n": new, "per_hour": _rate(new, self.new.hours)},
            **_comparable(doubt),
        }

    def _seeing(self, depth: str) -> list[str]:
        """Name the probes of both sides that see reads from metadata, or those of pixels and bytes."""
        floor = "metadata" if depth == "metadata" else "data"
        return [probe for probe in {*self.old.probes, *self.new.probes} if could_see(probe, self._symbol(probe), floor)]

    def _symbol(self, probe: str) -> object:
        hooks = [s.hooks[probe] for side in (self.old, self.new) for s in side.segments if probe in s.hooks]
        return hooks[0].symbol if hooks else None

    def _unlike(self, probes: list[str]) -> str | None:
        """Say why the two sides did not see alike: a thing not watched, or a probe that only one of them had."""
        for side in (self.old, self.new):
            if not side.segments:
                return f"the app was not watched in {side.name}"
        for probe in sorted(probes):
            old, new = self.old.probe(probe), self.new.probe(probe)
            if MIXED in (old, new) or (old in _BLIND) != (new in _BLIND):
                return f"the probe {probe} was {old} in OLD and {new} in NEW"
        return None

    def _never_in(self, state: str) -> str | None:
        for side in (self.old, self.new):
            if not side.state_hours[state]:
                return f"the app was never watched in the state {state} in {side.name}"
        return None


def _comparable(doubt: str | None) -> dict[str, Any]:
    return {"comparable": doubt is None, "reason": doubt}


def _rate(amount: float, hours: float) -> float | None:
    return round(amount / hours, 3) if hours else None


def _appeared(observers: dict[str, Any], reads: list[dict[str, Any]], verdicts: list[dict[str, Any]]) -> Iterator[str]:
    """Name what NEW did and OLD did not, where the two can be compared."""
    if observers["comparable"]:
        yield from (f"observer {one['class']}" for one in observers["new"])
    for row in reads:
        if row["comparable"] and row["new"]["n"] and not row["old"]["n"]:
            yield f"{row['depth']} read in the state {row['state']}"
    for row in verdicts:
        if row["comparable"] and row["new"]["n"] and not row["old"]["n"]:
            yield f"entry of cause {row['cause']}"
