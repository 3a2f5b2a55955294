"""What changed between two sessions, app by app, and where the two cannot be compared.

Separate because the command ``diff`` is its only user by now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from lightleak.comparator.api import choose_apps, compare
from lightleak.comparator.comparison import AppResult
from lightleak.comparator.diff.app_stats import MISSING, MIXED, AppStats, TriggerCount
from lightleak.comparator.explain.notices import words
from lightleak.comparator.rules.rules import CAUSES
from lightleak.comparator.rules.visibility import REGISTRATION, could_see
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import ACCOUNTING
from lightleak.comparator.timeline.session_set import SessionSet, load_sessions, refuse_contradictions
from lightleak.events import DEPTHS, STATES, TRIGGERS
from lightleak.report.report import Report
from lightleak.text import escaped
from lightleak.trace import Session
from lightleak.wording import SET_OFF_BY

VERSION = 1
"""Of the JSON's shape."""

_NOT_SEEING = {MISSING, MIXED}


@dataclass(frozen=True, slots=True)
class AppDifference:
    """One app, before and after. Figures are per hour of watched time."""

    app: str
    old: AppStats
    new: AppStats

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain objects."""
        verdicts = list(self._verdicts()) if self.old.result is not None and self.new.result is not None else None
        observers, reads, triggers = self._observers(), list(self._reads()), list(self._triggers())
        properties = list(self._properties())
        changes = _Changes(observers, reads, triggers, properties, verdicts or [])
        return {
            "old": self.old.to_dict(),
            "new": self.new.to_dict(),
            "observers": observers,
            "reads": reads,
            "triggers": triggers,
            "properties": properties,
            "cost": list(self._cost()),
            "verdicts": verdicts,
            "probes": list(self._probes()),
            "appeared": list(changes.of("new", "old")),
            "vanished": list(changes.of("old", "new")),
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
            reason = self._unlike(self._seeing(depth)) or self._never_in(state)
            yield {
                "state": state,
                "depth": depth,
                **self._figures(self.old.reads[state, depth], self.new.reads[state, depth], reason),
            }

    def _triggers(self) -> Iterator[dict[str, Any]]:
        """Yield the reads by what set them off; those by time are counted in each, and named apart."""
        keys = {*self.old.triggers, *self.new.triggers}
        order = (STATES, DEPTHS, TRIGGERS)
        for key in sorted(keys, key=lambda key: [one.index(word) for one, word in zip(order, key, strict=True)]):
            state, depth, trigger = key
            old, new = self.old.triggers.get(key, TriggerCount()), self.new.triggers.get(key, TriggerCount())
            reason = self._unlike(self._seeing(depth)) or self._never_in(state) or self._unlinked(trigger)
            figures = self._figures(old.n, new.n, reason)
            figures["old"]["by_time"], figures["new"]["by_time"] = old.by_time, new.by_time
            yield {"state": state, "depth": depth, "trigger": trigger, **figures}

    def _properties(self) -> Iterator[dict[str, Any]]:
        """Yield how often each counted getter was called."""
        probes = {self._symbol(probe): probe for probe in {*self.old.probes, *self.new.probes}}
        for symbol in sorted({*self.old.properties, *self.new.properties}):
            probe = probes.get(symbol)
            reason = self._unlike([probe]) if probe else f"no probe says that {symbol} was counted"
            yield {
                "symbol": symbol,
                **self._figures(self.old.properties[symbol], self.new.properties[symbol], reason),
            }

    def _unlinked(self, trigger: str) -> str | None:
        """Return why what set reads off cannot be compared: a side did not see all that can set them off."""
        if trigger == "unknown":
            return "what set them off is not known"
        for side in (self.old, self.new):
            if side.unlinked:
                more = f" and {len(side.unlinked) - 1} more" if len(side.unlinked) > 1 else ""
                return f"not all that can set off a read was followed in {side.name}: {side.unlinked[0]}{more}"
        return None

    def _cost(self) -> Iterator[dict[str, Any]]:
        probes = {"cpu_ms": self._seeing("metadata"), "bytes": self._seeing("data"), "notifications": [REGISTRATION]}
        for measure, amount in self.old.cost.items():
            reason = self._unlike(probes[measure]) or self._not_measured(measure)
            yield {"measure": measure, **self._figures(amount, self.new.cost[measure], reason)}

    def _not_measured(self, measure: str) -> str | None:
        for side in (self.old, self.new):
            if side.cost[measure] is None:
                return f"it was not measured in {side.name}"
        return None

    def _verdicts(self) -> Iterator[dict[str, Any]]:
        reason = self._unlike([ACCOUNTING])
        old, new = self.old.causes, self.new.causes
        for cause in CAUSES:
            if old[cause] or new[cause]:
                yield {"cause": cause, **self._figures(old[cause], new[cause], reason)}

    def _probes(self) -> Iterator[dict[str, Any]]:
        if self.old.segments and self.new.segments:
            for probe in sorted({*self.old.probes, *self.new.probes}):
                old, new = self.old.probe(probe), self.new.probe(probe)
                if old != new:
                    yield {"probe": probe, "old": old, "new": new}

    def _figures(self, old: float | None, new: float | None, reason: str | None) -> dict[str, Any]:
        return {
            "old": {"n": old, "per_hour": _rate(old, self.old.hours)},
            "new": {"n": new, "per_hour": _rate(new, self.new.hours)},
            **_comparable(reason),
        }

    def _seeing(self, depth: str) -> list[str]:
        """Return the probes of both sides that see reads from metadata, those of pixels and bytes and uploads, or of uploads."""
        floor = depth if depth in ("metadata", "upload") else "data"
        return [probe for probe in {*self.old.probes, *self.new.probes} if could_see(probe, self._symbol(probe), floor)]

    def _symbol(self, probe: str) -> object:
        hooks = [s.hooks[probe] for side in (self.old, self.new) for s in side.segments if probe in s.hooks]
        return hooks[0].symbol if hooks else None

    def _unlike(self, probes: list[str]) -> str | None:
        """Return why the two sides did not see alike: an app not watched, or a probe that only one of them had."""
        for side in (self.old, self.new):
            if not side.segments:
                return f"the app was not watched in {side.name}"
        for probe in sorted(probes):
            old, new = self.old.probe(probe), self.new.probe(probe)
            if MIXED in (old, new) or (old in _NOT_SEEING) != (new in _NOT_SEEING):
                return f"the probe {probe} was {old} in OLD and {new} in NEW"
        return None

    def _never_in(self, state: str) -> str | None:
        for side in (self.old, self.new):
            if not side.state_hours[state]:
                return f"the app was never watched in the state {state} in {side.name}"
        return None


def _comparable(reason: str | None) -> dict[str, Any]:
    return {"comparable": reason is None, "reason": reason}


def _rate(amount: float | None, hours: float) -> float | None:
    return round(amount / hours, 3) if hours and amount is not None else None


@dataclass(frozen=True, slots=True)
class _Changes:
    """What one side did and the other did not, where the two can be compared."""

    observers: dict[str, Any]
    reads: list[dict[str, Any]]
    triggers: list[dict[str, Any]]
    properties: list[dict[str, Any]]
    verdicts: list[dict[str, Any]]

    def of(self, side: str, other: str) -> Iterator[str]:
        """Yield what ``side`` did and ``other`` did not, as ``old`` and ``new``."""
        if self.observers["comparable"]:
            yield from (f"observer {one['class']}" for one in self.observers["new" if side == "new" else "gone"])
        set_off = [row for row in self.triggers if self._is_set_off_only(row, side, other)]
        for row in set_off:
            yield f"{_read(row)}, set off by {SET_OFF_BY[row['trigger']]}"
        named = {(row["state"], row["depth"]) for row in set_off}
        for row in self.reads:
            # With what set it off, it has been said.
            if _only(row, side, other) and (row["state"], row["depth"]) not in named:
                yield _read(row)
        yield from (f"property {row['symbol']}" for row in self.properties if _only(row, side, other))
        yield from (f"entry of cause {row['cause']}" for row in self.verdicts if _only(row, side, other))

    def _is_set_off_only(self, row: dict[str, Any], side: str, other: str) -> bool:
        """Return whether something set off reads of ``side`` by link, and nothing says that it set off any of ``other``.

        A read by time can have been set off by nothing that was watched, and the other way round.
        """
        linked = row[side]["n"] - row[side]["by_time"]
        if not row["comparable"] or not linked or row[other]["n"]:
            return False
        alike = [one for one in self.triggers if (one["state"], one["depth"]) == (row["state"], row["depth"])]
        return row["trigger"] != "none" or not any(one[other]["by_time"] for one in alike)


def _only(row: dict[str, Any], side: str, other: str) -> bool:
    return bool(row["comparable"] and row[side]["n"] and not row[other]["n"])


def _read(row: dict[str, Any]) -> str:
    return f"{row['depth']} read in the state {row['state']}"


@dataclass(frozen=True, slots=True, repr=False)
class Difference:
    """Two recordings side by side, app by app."""

    old: SessionSet
    new: SessionSet
    apps: list[AppDifference]

    def __repr__(self) -> str:
        return f"<Difference of {escaped(', '.join(app.app for app in self.apps[:3]))}>"

    @property
    def file_notices(self) -> list[str]:
        """What limits the files that were read, a sentence each."""
        return [words(notice) for side in (self.old, self.new) for notice in side.file_notices]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain objects."""
        apps = {app.app: app.to_dict() for app in self.apps}
        return {
            "version": VERSION,
            "old": _described(self.old),
            "new": _described(self.new),
            "apps": apps,
            "appeared": any(app["appeared"] for app in apps.values()),
            "notices": [*_notices(self.old, self.new), *_lost(self.apps)],
        }

    def to_json(self) -> str:
        """Return stable JSON, ending with a newline."""
        return msgspec.json.format(msgspec.json.encode(self.to_dict()), indent=2).decode() + "\n"


def diff(
    old: Session | Iterable[Session],
    new: Session | Iterable[Session],
    *,
    apps: Collection[str] | None = None,
    old_report: Report | None = None,
    new_report: Report | None = None,
) -> Difference:
    """Compare two recordings, normalised by watched time; with both reports, their verdicts by cause too.

    Raises: CompareError when no app is named or known, TraceError when a file is damaged or two contradict each other.
    """
    before, after = _DiffSide.of("OLD", old, old_report, apps), _DiffSide.of("NEW", new, new_report, apps)
    refuse_contradictions(before.sessions, after.sessions)
    wanted = choose_apps(apps, before.sessions, after.sessions)
    differences = [AppDifference(app, before.stats(app), after.stats(app)) for app in wanted]
    return Difference(before.sessions, after.sessions, differences)


@dataclass(frozen=True, slots=True)
class _DiffSide:
    name: str
    sessions: SessionSet
    results: dict[str, AppResult]
    """App → its verdicts; empty without a report."""

    @classmethod
    def of(
        cls, name: str, given: Session | Iterable[Session], report: Report | None, apps: Collection[str] | None
    ) -> _DiffSide:
        if report is None:
            return cls(name, load_sessions(given), {})
        comparison = compare(given, report, apps=apps)
        return cls(name, comparison.sessions, {found.app: found for found in comparison.apps})

    def stats(self, app: str) -> AppStats:
        return AppStats(self.name, AppTimeline.of(self.sessions, app), self.results.get(app))


def _described(sessions: SessionSet) -> list[dict[str, Any]]:
    return [
        {
            "id": loaded.header.get("session"),
            "files": loaded.files,
            "app_version": _inside(loaded.header, "target", "version"),
            "os_version": _inside(loaded.header, "device", "os_version"),
            "events": len(loaded.columns),
        }
        for loaded in sessions.loaded
    ]


def _notices(old: SessionSet, new: SessionSet) -> list[str]:
    notices = []
    before, after = (
        {(str(_inside(loaded.header, "device", "os_version"))) for loaded in side.loaded} for side in (old, new)
    )
    if before != after:
        notices.append(
            f"OLD was recorded on version {', '.join(sorted(before))} of the system and NEW on {', '.join(sorted(after))}: "
            "what changed need not be the app."
        )
    if {loaded.header.get("session") for loaded in old.loaded} & {
        loaded.header.get("session") for loaded in new.loaded
    }:
        notices.append("OLD and NEW are of the same recording.")
    return notices


def _lost(apps: list[AppDifference]) -> Iterator[str]:
    """Yield where what seems to be new in NEW can have been lost from OLD."""
    for app in apps:
        if missing := app.old.timeline.missing:
            yield f"Of {app.app} is missing from OLD: {missing.words()}. What is seen in NEW alone can have been there too."


def _inside(header: dict[str, Any], part: str, key: str) -> Any:
    inner = header.get(part)
    return inner.get(key) if isinstance(inner, dict) else None
