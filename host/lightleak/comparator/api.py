"""Compare: read the sessions into columns, judge each app's entries, collect what the report does not show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from lightleak.comparator.columns.parallel import load_columns
from lightleak.comparator.comparison import AppResult, Comparison
from lightleak.comparator.explain.assumptions import UNTESTED, Assumptions
from lightleak.comparator.explain.explainer import Explainer
from lightleak.comparator.explain.notices import LagNotFitted, Notice
from lightleak.comparator.rules.lag import DEFAULT_LAG_S, FEWEST_TO_FIT, Lag, measure_lag
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import apply_rules
from lightleak.comparator.rules.significance import shift_test
from lightleak.comparator.rules.unreported import extension_activity, unreported
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.visibility import visibility
from lightleak.comparator.warnings import gaps_in_report, mismatched_assumptions
from lightleak.comparator.warnings import notices as notices_of
from lightleak.errors import CompareError, UsageError
from lightleak.events import NS_PER_S
from lightleak.report.report import Report
from lightleak.statements import Statement
from lightleak.trace import Session, grouped


def compare(
    sessions: Session | Iterable[Session],
    report: Report,
    *,
    apps: Collection[str] | None = None,
    lag: float | Literal["auto"] | None = None,
    facts: Assumptions = UNTESTED,
) -> Comparison:
    """Say of each photos entry why it exists and how far the app went.

    sessions: one or several; the files of one recording count as one session. apps: those whose entries are judged;
    without, the sessions' own. lag: by how many seconds a report may be later than the call, or ``auto`` for what the
    identifier matches show; without, what ``facts`` measured, else 3 s. facts: what a field test found. Errors: CompareError where nothing can be compared, UsageError for a lag that is none,
    TraceError for a damaged file.
    """
    takes = grouped([sessions] if isinstance(sessions, Session) else sessions)
    recording = SessionSet([(take.header, [str(path) for path in take.paths], load_columns(take)) for take in takes])
    wanted = sorted(set(apps)) if apps else recording.identifiers()
    if not wanted:
        raise CompareError("the sessions name no app", hint="say which app's entries are meant with --app")
    entries = ReportEntries.of(report, wanted)
    ledger = AccountingIndex(recording if facts.identifier_is_shown is not False else SessionSet([]))
    measured = measure_lag(recording, ledger, entries)
    lag_s, limits = _bound(lag, measured, facts)
    notices: list[Statement] = [*limits, *(notice for take in takes for notice in take.file_notices)]
    notices += [*notices_of(recording, report, entries, ledger, wanted), *mismatched_assumptions(facts, recording)]
    apps_found = [
        _judge(recording.lane(app, facts), app, ledger, entries, report=report, lag_s=lag_s) for app in wanted
    ]
    notices += gaps_in_report(report, [(run.begin_ns, run.end_ns) for found in apps_found for run in found.runs])
    return Comparison(
        recording=recording,
        report=report,
        entries=entries,
        apps=apps_found,
        lag=measured,
        lag_s=lag_s,
        facts=facts,
        limits=notices,
    )


def _judge(
    lane: AppTimeline, app: str, ledger: AccountingIndex, entries: ReportEntries, *, report: Report, lag_s: float
) -> AppResult:
    lag_ns = round(lag_s * NS_PER_S)
    ruling = apply_rules(lane, ledger, entries, entries.of_app(app), lag_ns)
    chance = shift_test(lane, entries, ruling, lag_ns)
    seen = visibility(app, lane, entries, ruling, report.photos().apps)
    explainer = Explainer(
        app, lane, ledger=ledger, entries=entries, ruling=ruling, lag_ns=lag_ns, sight=seen, chance=chance
    )
    span = (report.first_ns or 0, report.last_ns or 0)
    containers = extension_activity(app, lane, ledger, report, lag_ns)
    runs = list(unreported(app, lane, entries, ruling, span=span, containers=containers))
    return AppResult(app, lane, ruling, explainer, runs, chance)


def _bound(lag: float | Literal["auto"] | None, measured: Lag, facts: Assumptions) -> tuple[float, list[Notice]]:
    if lag is None:
        return DEFAULT_LAG_S if facts.lag_s is None else facts.lag_s, []
    if lag != "auto":
        if not 0 <= lag <= 3600:
            raise UsageError(f"a lag of {lag:g} s cannot be meant", hint="give seconds between 0 and 3600, or auto")
        return float(lag), []
    if measured.proposed_ms is None:
        return DEFAULT_LAG_S, [LagNotFitted(measured.n, FEWEST_TO_FIT, DEFAULT_LAG_S)]
    return measured.proposed_ms / 1000, []
