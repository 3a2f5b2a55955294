"""Compare: read the sessions into columns, judge each app's entries, collect what the report does not show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from lightleak.compare.accounting import Ledger
from lightleak.compare.chance import by_chance
from lightleak.compare.clocks import DEFAULT_LAG_S, FEWEST_TO_FIT, Lag, measure_lag
from lightleak.compare.comparison import AppVerdicts, Comparison
from lightleak.compare.entries import Entries
from lightleak.compare.facts import ASSUMED, Facts
from lightleak.compare.halves import tape_of
from lightleak.compare.lane import Lane
from lightleak.compare.notices import foreign_facts, in_holes
from lightleak.compare.notices import notices as notices_of
from lightleak.compare.recording import Recording
from lightleak.compare.rules import rule
from lightleak.compare.sight import sight
from lightleak.compare.unreported import under_containers, unreported
from lightleak.compare.why import Teller
from lightleak.errors import CompareError, UsageError
from lightleak.events import NS_PER_S
from lightleak.report.report import Report
from lightleak.trace import Session, grouped


def compare(
    sessions: Session | Iterable[Session],
    report: Report,
    *,
    apps: Collection[str] | None = None,
    lag: float | Literal["auto"] | None = None,
    facts: Facts = ASSUMED,
) -> Comparison:
    """Say of each photos entry why it exists and how far the app went.

    sessions: one or several; the files of one recording count as one session. apps: those whose entries are judged;
    without, the sessions' own. lag: by how many seconds a report may be later than the call, or ``auto`` for what the
    identifier matches show; without, what ``facts`` measured, else 3 s. facts: what a field test found. Errors: CompareError where nothing can be compared, UsageError for a lag that is none,
    TraceError for a damaged file.
    """
    takes = grouped([sessions] if isinstance(sessions, Session) else sessions)
    recording = Recording([(take.header, [str(path) for path in take.paths], tape_of(take)) for take in takes])
    wanted = sorted(set(apps)) if apps else recording.identifiers()
    if not wanted:
        raise CompareError("the sessions name no app", hint="say which app's entries are meant with --app")
    entries = Entries.of(report, wanted)
    ledger = Ledger(recording if facts.identifier_is_shown is not False else Recording([]))
    measured = measure_lag(recording, ledger, entries)
    lag_s, notices = _bound(lag, measured, facts)
    notices += [notice for take in takes for notice in take.notices]
    notices += [*notices_of(recording, report, entries, ledger, wanted), *foreign_facts(facts, recording)]
    apps_found = [
        _judge(recording.lane(app, facts), app, ledger, entries, report=report, lag_s=lag_s) for app in wanted
    ]
    notices += in_holes(report, [(run.begin_ns, run.end_ns) for found in apps_found for run in found.runs])
    return Comparison(
        recording=recording,
        report=report,
        entries=entries,
        apps=apps_found,
        lag=measured,
        lag_s=lag_s,
        facts=facts,
        notices=notices,
    )


def _judge(lane: Lane, app: str, ledger: Ledger, entries: Entries, *, report: Report, lag_s: float) -> AppVerdicts:
    lag_ns = round(lag_s * NS_PER_S)
    ruling = rule(lane, ledger, entries, entries.of_app(app), lag_ns)
    chance = by_chance(lane, entries, ruling, lag_ns)
    seen = sight(app, lane, entries, ruling, report.photos().apps)
    teller = Teller(app, lane.recording, lane, ledger, entries, ruling, lag_ns, seen, chance)
    span = (report.first_ns or 0, report.last_ns or 0)
    containers = under_containers(app, lane, ledger, report, lag_ns)
    runs = list(unreported(app, lane, entries, ruling, span=span, containers=containers))
    return AppVerdicts(app, lane, ruling, teller, runs, chance)


def _bound(lag: float | Literal["auto"] | None, measured: Lag, facts: Facts) -> tuple[float, list[str]]:
    if lag is None:
        return DEFAULT_LAG_S if facts.lag_s is None else facts.lag_s, []
    if lag != "auto":
        if not 0 <= lag <= 3600:
            raise UsageError(f"a lag of {lag:g} s cannot be meant", hint="give seconds between 0 and 3600, or auto")
        return float(lag), []
    if measured.proposed_ms is None:
        too_few = f"{measured.n} identifier matches ({FEWEST_TO_FIT} are needed)"
        return DEFAULT_LAG_S, [f"The lag could not be fitted to {too_few}, so {DEFAULT_LAG_S:g} s were used."]
    return measured.proposed_ms / 1000, []
