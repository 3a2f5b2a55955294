"""A comparison as the rows of a store: for each app, table → columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lightleak.app_names import app_of
from lightleak.comparator import Comparison
from lightleak.comparator.comparison import AppResult, verdicts_of
from lightleak.comparator.explain.notices import words
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.schema import Policy
from lightleak.comparator.rules.properties import property_counts
from lightleak.comparator.summary import cost_by_class
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.watched_time import gaps_of
from lightleak.events import NS_PER_S, STATES
from lightleak.fleet.acts import acts_columns
from lightleak.fleet.manifest import RunLabels
from lightleak.fleet.needs import PLACES, sees_places, unseen_of
from lightleak.fleet.schema import OK
from lightleak.report.report import Report

_ANY_POLICY = Policy(source="fleet", rules=())
_MOST_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class AppRows:
    """One app's rows of one run."""

    app: str | None
    tables: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    """Table → column → values. Columns of a manifest come last in ``runs``."""


def rows_of(comparison: Comparison, found: AppResult, run: str, report: str | None, labels: RunLabels) -> AppRows:
    """Return the rows of one app of a comparison of one session.

    report: the hash of the report; None where there was none.
    """
    tables = {
        "runs": _run_row(comparison, found, run, report, labels),
        "entries": _entries(comparison, found, run),
        "acts": acts_columns(found.timeline, run, comparison.lag.value_ns),
        "observers": _observers(found.timeline, run),
        "problems": _problems(comparison, run, has_report=report is not None),
    }
    return AppRows(found.app, tables)


def _run_row(
    comparison: Comparison, found: AppResult, run: str, report: str | None, labels: RunLabels
) -> dict[str, list[Any]]:
    timeline = found.timeline
    header = comparison.sessions.loaded[0].header
    state_s = _state_seconds(timeline)
    notices = [notice.strip(".") for notice in _damage(comparison)]
    if report is None:
        notices.append("no privacy report was given")
    watched = PolicyCoverage(comparison, found, _ANY_POLICY)
    row = {
        "run": run,
        "version": labels.version or _version(header, found.app),
        "os": labels.os or _system(header),
        "device": labels.device or _part(header, "device", "model"),
        "condition": labels.condition,
        "covered_s": round(timeline.watched.duration_ns / NS_PER_S, 3),
        "foreground_s": round(state_s["active"] + state_s["inactive"], 3),
        "background_s": round(state_s["background"], 3),
        "events": sum(segment.stop - segment.first for segment in timeline.segments),
        "lost": timeline.lost_events,
        "gaps": sum(
            gap.identifier == found.app for loaded in comparison.sessions.loaded for gap in gaps_of(loaded.segments)
        ),
        "probes_skipped": len({probe for probe, _, _ in timeline.missing_probes}),
        "status": OK,
        "problem": "; ".join(notices) or None,
        "session": str(header.get("session") or "") or None,
        "report": report,
        "places_read": _places_read(timeline),
        "unseen": unseen_of(watched, has_report=report is not None),
    }
    return {name: [value] for name, value in {**row, **dict(labels.further)}.items()}


def _damage(comparison: Comparison) -> Iterator[str]:
    """Yield what is wrong with the files of the session."""
    yield from map(words, comparison.sessions.file_notices)


def _state_seconds(timeline: AppTimeline) -> dict[str, float]:
    """Return state → for how long the app was watched in it, s."""
    seconds: dict[str, float] = dict.fromkeys(STATES, 0.0)
    for segment in timeline.watched_segments:
        spans: dict[str, list[tuple[int, int]]] = {}
        for first, stop, state in segment.intervals([(segment.first, 0), *segment.states]):
            spans.setdefault(STATES[state], []).append((first, min(stop, segment.stop - 1)))
        for name, mine in spans.items():
            seconds[name] += timeline.watched.duration_of(segment, mine) / NS_PER_S
    return seconds


def _version(header: dict[str, Any], app: str) -> str | None:
    """Return the version of the app as the session names it: that of its target only."""
    target = _part(header, "target", "identifier")
    return _part(header, "target", "version") if target is not None and app_of(target) == app else None


def _system(header: dict[str, Any]) -> str | None:
    return " ".join(filter(None, (_part(header, "device", "os"), _part(header, "device", "os_version")))) or None


def _part(header: dict[str, Any], part: str, name: str) -> str | None:
    value = header.get(part)
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None


def _entries(comparison: Comparison, found: AppResult, run: str) -> dict[str, list[Any]]:
    results, entries = found.results, comparison.entries
    columns = entries.columns.take(results.rows)
    verdicts = list(verdicts_of(found, entries, with_why=False))
    begins, ends = columns.begin_ns.tolist(), columns.end_ns.tolist()
    return {
        "identifier": [verdict.identifier for verdict in verdicts],
        "run": [run] * len(verdicts),
        "begin_ns": [None if one.begin is None else at for one, at in zip(verdicts, begins, strict=True)],
        "end_ns": [None if one.end is None else at for one, at in zip(verdicts, ends, strict=True)],
        "out_of_process": [verdict.out_of_process for verdict in verdicts],
        "cause": [verdict.cause for verdict in verdicts],
        "depth": [verdict.depth for verdict in verdicts],
        "trigger": [None if one.trigger is None else one.trigger.kind for one in verdicts],
        "trigger_by": [None if one.trigger is None else one.trigger.by for one in verdicts],
        "match": [verdict.match for verdict in verdicts],
        "state": [verdict.state for verdict in verdicts],
        "flags": [list(verdict.flags) for verdict in verdicts],
        "brief": [verdict.brief for verdict in verdicts],
        "watched": results.covered_before.tolist(),
    }


def _observers(timeline: AppTimeline, run: str) -> dict[str, list[Any]]:
    costs = sorted(cost_by_class(timeline).items())
    figures = [cost.figures() for _, cost in costs]
    return {
        "run": [run] * len(costs),
        "class": [name for name, _ in costs],
        "notifications": [one["callbacks"] for one in figures],
        "cpu_ms": [one["cpu_ms"] for one in figures],
        "bytes": [one["bytes"] for one in figures],
    }


def _places_read(timeline: AppTimeline) -> int | None:
    """Count how often the place of a photo was read; None where no process had the getter's hook."""
    if not any(map(sees_places, timeline.segments)):
        return None
    counts = property_counts(timeline)
    return sum(counts.get(symbol, 0) for symbol in PLACES)


def _problems(comparison: Comparison, run: str, *, has_report: bool) -> dict[str, list[Any]]:
    rows = [("comparison", notice) for notice in comparison.notices] if has_report else []
    report: Report = comparison.report
    rows += [(f"{one.file}:{one.line}", one.problem) for one in report.problems[:_MOST_PROBLEMS]]
    if len(report.problems) > _MOST_PROBLEMS:
        rows.append(("report", f"{len(report.problems) - _MOST_PROBLEMS} more problems of the report"))
    return {
        "run": [run] * len(rows),
        "about": [about for about, _ in rows],
        "problem": [problem for _, problem in rows],
    }
