"""Compare sessions with a report: the steps, in order; the last collects what limits the whole comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from lightleak.app_names import app_of
from lightleak.comparator.assumptions import UNTESTED, Assumptions
from lightleak.comparator.comparison import AppResult, Comparison, overlap_in_time
from lightleak.comparator.explain import notices
from lightleak.comparator.explain.explainer import Explainer
from lightleak.comparator.rules.chance import shift_test, trigger_shift_test
from lightleak.comparator.rules.entry_triggers import set_triggers
from lightleak.comparator.rules.report_entries import FEWEST_TO_FIT, Lag, ReportEntries, choose_lag, measure_lag
from lightleak.comparator.rules.rules import apply_rules
from lightleak.comparator.rules.unreported import extension_activity, reads_in_background, unreported
from lightleak.comparator.rules.uploads import Uploads
from lightleak.comparator.rules.visibility import measure_visibility
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import SessionSet, load_sessions, models_of
from lightleak.comparator.timeline.triggers import BY_LINK, CHANGE, find_triggers
from lightleak.errors import CompareError
from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.report.report import Report
from lightleak.statements import Statement
from lightleak.timezones import offset_s
from lightleak.trace import Session
from lightleak.trace.line import KINDS

FEWEST_STRANGE = 3
"""So many identifiers must have been logged before their absence says something about the report."""

_KINDS_NAMED = 3
_FIRST_PHONE_NS = 1_167_609_600 * NS_PER_S
"""2007-01-01: no iPhone has stamped anything before."""


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
        warnings=collect_warnings(context, chosen, results),
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
    wanted = sorted(set(map(app_of, asked)) if asked else {app for one in sessions for app in one.identifiers()})
    if not wanted:
        raise CompareError("the sessions name no app", hint="name the app with --app")
    return wanted


def compare_app(app: str, context: Context, lag: Lag) -> AppResult:
    """Judge one app's entries, and find what it did under none."""
    entries, accounting, report = context.entries, context.accounting, context.report
    timeline = AppTimeline.of(context.sessions, app, context.assumptions)
    results = apply_rules(timeline, accounting, entries, entries.of_app(app), lag.value_ns)
    set_triggers(results, timeline, entries, lag.value_ns)
    chance = shift_test(timeline, entries, results, lag.value_ns)
    trigger_chance = trigger_shift_test(timeline, results, lag.value_ns)
    explainer = Explainer(
        app,
        timeline,
        accounting=accounting,
        entries=entries,
        results=results,
        lag_ns=lag.value_ns,
        visibility=measure_visibility(app, timeline, entries, results, report.photos().apps),
        uploads=Uploads(app, timeline, entries, results, report) if context.sessions.has_uploads else None,
        chance=chance,
        trigger_chance=trigger_chance,
    )
    span = (report.first_ns or 0, report.last_ns or 0)
    containers = extension_activity(app, timeline, accounting, report, lag.value_ns)
    runs = list(unreported(app, timeline, entries, results, span=span, containers=containers))
    runs_off = find_triggers(timeline.sessions, np.array([run.act for run in runs], np.int64), lag.value_ns)
    alone = reads_in_background(timeline, entries, results, containers=containers)
    alone_off = find_triggers(timeline.sessions, alone, lag.value_ns)
    unlinked = int((~((alone_off.kind == CHANGE) & (alone_off.by == BY_LINK))).sum())
    return AppResult(app, timeline, results, explainer, runs, chance, trigger_chance, runs_off, unlinked)


def collect_warnings(context: Context, lag: Lag, results: list[AppResult]) -> list[Statement]:
    """Return what limits the whole: the lag, the files, what keeps report and sessions apart, the assumptions."""
    sessions, report, entries = context.sessions, context.report, context.entries
    return [
        *_lag(lag),
        *sessions.file_notices,
        *_several_devices(sessions),
        *_unread(sessions),
        *_apart(sessions, report, entries, results),
        *recorded_twice(sessions, [result.app for result in results]),
        *_unknown_identifiers(sessions, report, context.accounting, entries),
        *_other_zone(sessions, report, entries),
        *_other_system(context.assumptions, sessions),
        *_runs_in_silence(report, results),
        *_triggers_by_chance(results),
    ]


def _lag(lag: Lag) -> Iterator[notices.Notice]:
    """Yield what is to be said of a lag that was to be fitted."""
    measured = lag.measured
    if lag.is_fitted is False:
        yield notices.LagNotFitted(measured.fitted_to, FEWEST_TO_FIT, lag.value_s)
    elif lag.is_fitted and measured.left_out:
        yield notices.LagFitted(
            lag.value_s, measured.fitted_to, measured.left_out, measured.longest_ms, measured.longest
        )


def _several_devices(sessions: SessionSet) -> Iterator[notices.Notice]:
    """Yield that the sessions are of devices of several models."""
    if len(models := models_of(sessions)) > 1:
        yield notices.SeveralDevices(models)


def _unread(sessions: SessionSet) -> Iterator[notices.Notice]:
    if unreadable := sum(loaded.columns.unreadable for loaded in sessions.loaded):
        yield notices.EventsUnreadable(unreadable)
    kinds = Counter(row.kind for loaded in sessions.loaded for _, row in loaded.columns.rows if row.kind not in KINDS)
    if kinds:
        named = tuple(list(kinds)[:_KINDS_NAMED])  # as they come: redaction changes the names
        yield notices.EventsOfUnknownKinds(named, kinds.total(), len(kinds) - len(named))
    if unknown := sum(len(loaded.columns.unknown_depths) for loaded in sessions.loaded):
        yield notices.AccessesOfUnknownDepths(unknown)
    if early := int((sessions.wall_ns < _FIRST_PHONE_NS).sum()):
        yield notices.EventsBeforePhones(early)


def _apart(
    sessions: SessionSet, report: Report, entries: ReportEntries, results: list[AppResult]
) -> Iterator[notices.Notice]:
    """Yield the first that holds: no time in common, no entry, an app that was not watched."""
    if not overlap_in_time(sessions, report):
        yield notices.NoTimeInCommon((report.first, report.last) if report.first and report.last else None)
    elif not len(entries):
        yield notices.NoEntryOfApps(tuple(result.app for result in results))
    elif unwatched := [result.app for result in results if not len(result.timeline.covered.start)]:
        yield notices.AppsNotWatched(tuple(unwatched))


def recorded_twice(sessions: SessionSet, wanted: list[str]) -> Iterator[notices.RecordedTwice]:
    """Yield where two recordings watched one process at one time: what both saw counts twice."""
    for app in wanted:
        mine = [s for s in sessions.segments if s.identifier == app and s.pid is not None and len(s.covered.start)]
        mine.sort(key=lambda segment: (segment.pid or 0, int(segment.covered.start[0])))
        for one, two in pairwise(mine):
            both_ns = min(int(one.covered.stop[-1]), int(two.covered.stop[-1])) - int(two.covered.start[0])
            if one.pid == two.pid and both_ns > 0:
                segments = (f"{one.session}:{one.number}", f"{two.session}:{two.number}")
                yield notices.RecordedTwice(app, one.pid or 0, segments, both_ns / NS_PER_MS)
                break


def _unknown_identifiers(
    sessions: SessionSet, report: Report, accounting: AccountingIndex, entries: ReportEntries
) -> Iterator[notices.Notice]:
    """Yield whether the accounting logged identifiers in the report's time, and none of them is in the report."""
    known = set(report.columns.identifier.tolist())
    first, last = report.first_ns or 0, report.last_ns or 0
    logged = [name for name, position in accounting.begun() if first <= int(sessions.wall_ns[position]) <= last]
    if len(logged) >= FEWEST_STRANGE and not known.intersection(logged) and len(entries):
        yield notices.IdentifiersUnknown(len(logged))


def _other_zone(sessions: SessionSet, report: Report, entries: ReportEntries) -> Iterator[notices.Notice]:
    """Yield whether the report is written in another zone than the device's."""
    if not len(entries) or report.has_store:
        return
    columns = entries.columns
    at = int(np.argmax(entries.has_begin))
    begin_ns, written_s = int(columns.begin_ns[at]), int(columns.begin_offset_s[at])
    for loaded in sessions.loaded:
        own_s = offset_s(loaded.header, begin_ns)
        if entries.has_begin[at] and own_s is not None and own_s != written_s:
            yield notices.ReportFromOtherZone(written_s, own_s)
            return


def _other_system(assumptions: Assumptions, sessions: SessionSet) -> Iterator[notices.Notice]:
    """Yield whether the assumptions were tested on another iOS than that of the sessions."""
    devices = [loaded.header.get("device") for loaded in sessions.loaded]
    versions = {device.get("os_version") for device in devices if isinstance(device, dict)}
    versions -= {None, assumptions.os_version}
    if assumptions.os_version is not None and versions:
        yield notices.AssumptionsOfOtherSystem(assumptions.os_version, tuple(sorted(map(str, versions))))


def _triggers_by_chance(results: list[AppResult]) -> Iterator[notices.Notice]:
    """Yield the apps of whose triggers by time nothing follows; their claims count such triggers all the same."""
    tests = [(result.app, result.trigger_chance) for result in results]
    if apps := [app for app, chance in tests if chance is not None and chance.is_no_better]:
        yield notices.TriggersNoBetter(tuple(apps))


def _runs_in_silence(report: Report, results: list[AppResult]) -> Iterator[notices.Notice]:
    """Yield how many runs under no entry are in a time for which the report has no record of any app."""
    runs = [(run.begin_ns, run.end_ns) for result in results for run in result.runs]
    inside = [
        silence
        for silence in report.holes()
        for start, stop in runs
        if silence.from_ns <= start and stop <= silence.to_ns
    ]
    if inside:
        yield notices.RunsInSilence(len(inside), inside[0].start, inside[0].end)
