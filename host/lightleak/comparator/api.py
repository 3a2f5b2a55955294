"""Compare sessions with a report: the steps, in order.

Separate because these are the steps; ``comparison`` has what they result in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from lightleak.comparator.comparison import AppResult, Comparison
from lightleak.comparator.explain.assumptions import UNTESTED, Assumptions
from lightleak.comparator.explain.explainer import Explainer
from lightleak.comparator.rules.report_entries import Lag, ReportEntries, choose_lag, measure_lag
from lightleak.comparator.rules.rules import apply_rules, shift_test
from lightleak.comparator.rules.unreported import extension_activity, unreported
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import SessionSet, load_sessions
from lightleak.comparator.timeline.visibility import measure_visibility
from lightleak.comparator.warnings import collect_warnings
from lightleak.errors import CompareError
from lightleak.report.report import Report
from lightleak.trace import Session


def compare(
    sessions: Session | Iterable[Session],
    report: Report,
    *,
    apps: Collection[str] | None = None,
    lag: float | Literal["auto"] | None = None,
    facts: Assumptions = UNTESTED,
) -> Comparison:
    """Return for each photos entry why it exists and how far the app went.

    sessions: one or several; the files of one recording count as one session. apps: those whose entries are judged
    (default: the sessions' own). lag: by how many seconds a report may be later than the call, or ``auto`` for what the
    identifier matches show (default: what ``facts`` measured, else 3 s). facts: what a field test found.

    Raises: CompareError when the sessions name no app, UsageError when the lag is out of range, TraceError when a file is
    damaged.
    """
    loaded = load_sessions(sessions)
    wanted = choose_apps(apps, loaded)
    shown = facts.identifier_is_shown is not False
    accounting = AccountingIndex.of(loaded, identifiers_are_shown=shown)
    context = Context(loaded, report, ReportEntries.of(report, wanted), accounting, facts)
    chosen = choose_lag(lag, measure_lag(loaded, accounting, context.entries), facts)
    results = [compare_app(app, context, chosen) for app in wanted]
    return Comparison(
        sessions=loaded,
        report=report,
        entries=context.entries,
        apps=results,
        lag=chosen,
        assumptions=facts,
        warnings=collect_warnings(loaded, report, context.entries, accounting, facts, lag=chosen, results=results),
    )


@dataclass(frozen=True, slots=True)
class Context:
    """What all apps of a comparison share."""

    sessions: SessionSet
    report: Report
    entries: ReportEntries
    accounting: AccountingIndex
    assumptions: Assumptions


def choose_apps(asked: Collection[str] | None, *sessions: SessionSet) -> list[str]:
    """Return the apps that are asked for, else those of the sessions; sorted. Raises: CompareError when there is none."""
    wanted = sorted(set(asked) if asked else {app for one in sessions for app in one.identifiers()})
    if not wanted:
        raise CompareError("the sessions name no app", hint="name the app with --app")
    return wanted


def compare_app(app: str, context: Context, lag: Lag) -> AppResult:
    """Judge one app's entries, and find what it did under none."""
    entries, accounting, report = context.entries, context.accounting, context.report
    timeline = AppTimeline.of(context.sessions, app, context.assumptions)
    results = apply_rules(timeline, accounting, entries, entries.of_app(app), lag.value_ns)
    chance = shift_test(timeline, entries, results, lag.value_ns)
    explainer = Explainer(
        app,
        timeline,
        accounting=accounting,
        entries=entries,
        results=results,
        lag_ns=lag.value_ns,
        visibility=measure_visibility(app, timeline, entries, results, report.photos().apps),
        chance=chance,
    )
    span = (report.first_ns or 0, report.last_ns or 0)
    containers = extension_activity(app, timeline, accounting, report, lag.value_ns)
    runs = list(unreported(app, timeline, entries, results, span=span, containers=containers))
    return AppResult(app, timeline, results, explainer, runs, chance)
