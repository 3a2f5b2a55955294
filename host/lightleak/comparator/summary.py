"""What a comparison has besides verdicts: sessions, report and clocks as JSON, and what each app did in figures.

The cost of observers is here in columns; ``lightleak.costs`` has it for events as they stream by, and says where the two differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from lightleak import losses
from lightleak.arrays import AnyInts, Bools, Bytes, Ints, call_key
from lightleak.comparator.columns.event_columns import LADDER, NOT_WATCHED, EventColumns
from lightleak.comparator.rules.chance import Chance
from lightleak.comparator.rules.report_entries import Lag, ReportEntries
from lightleak.comparator.rules.rules import BACKGROUND, CAUSES, OPEN, PICKER, RuleResults
from lightleak.comparator.rules.unreported import Run
from lightleak.comparator.rules.uploads import Uploads
from lightleak.comparator.rules.usage import usage_of
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.doubts import Doubt
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet, clock_steps, host_offset_ms
from lightleak.comparator.timeline.triggers import BY_LINK, CHANGE, NO_TRIGGER, UNKNOWN, Trigger
from lightleak.comparator.timeline.watched_time import gaps_of
from lightleak.costs import IDLE_NS, Cost, total
from lightleak.events import DEPTHS, NS_PER_MS, STATES, TRIGGERS
from lightleak.report.report import Report
from lightleak.trace import file_status
from lightleak.trace.header import device_kind_of

NIGHT_UNTIL_S = 6 * 3600
"""Night is 00:00 to 06:00 in the zone that the report writes."""

_BACKGROUND = STATES.index("background")
_HOSTS_OWN = frozenset({"clock", "mark"})
"""Events that do not show that the process was running."""


def summarise(
    timeline: AppTimeline, entries: ReportEntries, results: RuleResults, unlinked_reads: int, uploads: Uploads | None
) -> dict[str, Any]:
    """Sum up one app: entries by cause and depth, what its observers and reads cost, and the uploads that it asked for.

    unlinked_reads: how many queries and reads in the background, under no entry, have no link to a change.

    ``background`` and ``night`` count the entries that were in it in part, too; ``claims`` and ``background_by_trigger``
    are only about those that were in the background throughout.
    """
    return {
        **entry_figures(entries, results),
        **cost(timeline),
        "claims": claims(results),
        "unlinked_reads": unlinked_reads,
        "observer_cost": observer_cost(timeline),
        "usage": usage_of(timeline),
        "uploads": [] if uploads is None else uploads_document(timeline.sessions, uploads),
    }


def uploads_document(sessions: SessionSet, uploads: Uploads) -> list[dict[str, Any]]:
    """Return the uploads that the app and its extensions asked iOS for, by process and host, with the report's contacts of the host.

    These are a coincidence in time: their last contact was not before the first of the uploads.
    """
    rows = []
    for asked in uploads.asked:
        for host in sorted(set(asked.hosts), key=lambda host: (host is None, host or "")):
            which = asked.to(host)
            first, last = (
                sessions.session_of(int(asked.positions[at])).zone.format(int(asked.wall_ns[at]))
                for at in (which[0], which[-1])
            )
            contacts = uploads.contacts(host, int(asked.wall_ns[which[0]]))
            rows.append(
                {
                    "identifier": asked.identifier,
                    "host": host,
                    "asked": len(which),
                    "first": first,
                    "last": last,
                    "network": [
                        {"app": one.app, "domain": one.host, "hits": one.hits, "first": one.first, "last": one.last}
                        for one in contacts
                    ],
                }
            )
    return rows


def entry_figures(entries: ReportEntries, results: RuleResults) -> dict[str, Any]:
    """Return what is counted of entries alone."""
    return {
        "entries": len(results.rows),
        "by_cause": _counted(CAUSES, results.cause),
        "by_depth": _counted(DEPTHS, results.depth),
        "by_trigger": _counted((*TRIGGERS, ""), results.trigger, without=NO_TRIGGER),
        "background_by_trigger": background_by_trigger(results),
        "background": int(((results.state_bits & BACKGROUND) != 0).sum()),
        "night": int(entries.touching_night(results.rows, NIGHT_UNTIL_S).sum()),
    }


def cost(timeline: AppTimeline) -> dict[str, Any]:
    """Sum up what one app's observers and reads cost; this needs no report.

    ``bytes`` and ``cpu_ms`` are None where no ``delivery`` or no ``return`` of the app was seen: that was not measured.
    """
    handed, timed = (
        any(
            segment.number in of(timeline.sessions.loaded[segment.session - 1].columns) for segment in timeline.segments
        )
        for of in (attrgetter("handed"), attrgetter("timed"))
    )
    return {
        "observers": sum(len(s.observers) + (s.unreadable_observers > 0) for s in timeline.segments),
        "notifications": int((timeline.sessions.level[timeline.at] == LADDER["notification"]).sum()),
        "bytes": _delivered_bytes(timeline) if handed else None,
        "deliveries_not_watched": _deliveries_not_watched(timeline),
        "cpu_ms": round(_cpu_ns(timeline) / NS_PER_MS, 3) if timed else None,
    }


def background_by_trigger(results: RuleResults) -> dict[str, dict[str, int]]:
    """Count the entries in the background whose cause is an act: what set it off → depth → entries."""
    background = results.state_bits == BACKGROUND
    return {
        kind: counts
        for code, kind in enumerate(TRIGGERS)
        if (counts := _counted(DEPTHS, results.depth[background & (results.trigger == code)]))
    }


def claims(results: RuleResults) -> list[dict[str, Any]]:
    """Say how far what apps' makers claim holds: that the app reads in the background only because iOS tells it of changes.

    Over the entries in the background but for the picker's, each of which is in one part.
    """
    among = (results.state_bits == BACKGROUND) & (results.cause != PICKER)
    opens = among & (results.cause == OPEN)
    rest = among & ~opens
    fits = rest & (results.trigger == CHANGE)
    undecided = rest & ((results.trigger == NO_TRIGGER) | (results.trigger == UNKNOWN))
    return [
        {
            "claim": "background-only-on-change",
            "entries": int(among.sum()),
            "opens": int(opens.sum()),
            "fits_by_link": int((fits & (results.trigger_by == BY_LINK)).sum()),
            "fits_by_time": int((fits & (results.trigger_by != BY_LINK)).sum()),
            "contradicts": int((rest & ~fits & ~undecided).sum()),
            "undecided": int(undecided.sum()),
            "deepest_fitting": DEPTHS[int(results.depth[fits].max(initial=0))],
        }
    ]


def _counted(names: tuple[str, ...], codes: np.ndarray[Any, Any], *, without: int | None = None) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(names)).tolist()
    rows = enumerate(zip(names, counts, strict=True))
    return {name: count for code, (name, count) in rows if count and code != without}


def _delivered_bytes(timeline: AppTimeline) -> int:
    """Count the bytes of the library delivered to the app.

    What a framework asked for on its own is not the app's, and what a person chose in a picker is not the library's.
    """
    return sum(int(np.maximum(deliveries[:, 2], 0).sum()) for deliveries in _own_deliveries(timeline))


def _own_deliveries(timeline: AppTimeline) -> Iterator[Ints]:
    for loaded, deliveries in _tables(timeline, lambda columns: columns.deliveries):
        columns = loaded.columns
        others = np.concatenate((columns.internal, columns.pickers))
        of = call_key(columns.segment[deliveries[:, 0]], deliveries[:, 1])
        yield deliveries[~np.isin(of, call_key(columns.segment[others], columns.seq[others]))]


def _deliveries_not_watched(timeline: AppTimeline) -> int:
    """Count the handlers that could not be hooked: what was given to them is not in ``bytes``."""
    return sum(int((deliveries[:, 2] == NOT_WATCHED).sum()) for deliveries in _own_deliveries(timeline))


def _cpu_ns(timeline: AppTimeline) -> int:
    """Sum the CPU time of calls and callbacks; what a callback or a framework did inside one is in its time already."""
    total = 0
    caused = {id(loaded): rows for loaded, rows in _tables(timeline, lambda columns: columns.caused)}
    for loaded, returns in _tables(timeline, lambda columns: columns.returns):
        columns, inside = loaded.columns, caused[id(loaded)]
        calls = call_key(columns.segment[returns[:, 0]], returns[:, 1])
        timed = np.isin(call_key(columns.segment[inside[:, 0]], inside[:, 1]), calls)
        nested = np.concatenate((inside[timed, 0], columns.internal))
        own = ~np.isin(calls, call_key(columns.segment[nested], columns.seq[nested]))
        total += int(returns[own, 2].sum())
    return total


def _tables(timeline: AppTimeline, of: Callable[[EventColumns], Ints]) -> Iterator[tuple[LoadedSession, Ints]]:
    """Yield the rows of one table that belong to the timeline's segments, session by session."""
    by_session: dict[int, list[int]] = {}
    for segment in timeline.segments:
        by_session.setdefault(segment.session, []).append(segment.number)
    for session, numbers in by_session.items():
        loaded = timeline.sessions.loaded[session - 1]
        rows = of(loaded.columns)
        yield loaded, rows[np.isin(loaded.columns.segment[rows[:, 0]], numbers)]


def observer_cost(timeline: AppTimeline) -> dict[str, Any]:
    """Return the costs of one app. A read that ran while the callback did counts with it: columns have no threads."""
    costs = [Cost() for _ in STATES]
    for number in sorted({segment.session for segment in timeline.segments}):
        _SessionCosts(timeline, number).add_to(costs)
    by_state = {name: cost.figures() for name, cost in zip(STATES, costs, strict=True) if cost.callbacks}
    return {**total(costs).figures(), "by_state": by_state}


@dataclass(slots=True)
class _Calls:
    """Calls by segment and seq, ascending, with the group of the notification that they are, or are because of."""

    keys: Ints
    groups: AnyInts | Bytes
    places: Ints
    """Their positions in the columns."""

    def only(self, which: Bools) -> _Calls:
        """Return some of them."""
        return _Calls(self.keys[which], self.groups[which], self.places[which])

    def find(self, keys: Ints) -> tuple[Bools, AnyInts | Bytes]:
        """Return which keys are among them, and the groups of those."""
        if not len(self.keys):
            return np.zeros(len(keys), bool), self.groups
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[at] == keys
        return found, self.groups[at[found]]


def cost_by_class(timeline: AppTimeline) -> dict[str, Cost]:
    """Return the costs of one app's observers by class; ``?`` is a class that is not known."""
    found: dict[str, Cost] = {}
    for number in sorted({segment.session for segment in timeline.segments}):
        session = _SessionCosts(timeline, number)
        names = [*session.loaded.columns.symbols, "?"]
        symbols = session.loaded.columns.symbol[session.notifications].astype(np.int64)
        present, session.groups = np.unique(np.where(symbols < 0, len(names) - 1, symbols), return_inverse=True)
        costs = [Cost() for _ in present]
        session.add_to(costs)
        for name, cost in zip((names[at] for at in present.tolist()), costs, strict=True):
            found[name] = total([found.get(name, Cost()), cost])
    return found


class _SessionCosts:
    """One session's part of an app's timeline."""

    def __init__(self, timeline: AppTimeline, number: int) -> None:
        self.loaded: LoadedSession = timeline.sessions.loaded[number - 1]
        numbers = [segment.number for segment in timeline.segments if segment.session == number]
        mine = np.isin(self.loaded.columns.segment, numbers)
        self.notifications: Ints = np.flatnonzero(mine & (self.loaded.columns.level == LADDER["notification"]))
        self.states: Bytes = timeline.sessions.state[self.loaded.offset + self.notifications]
        self.groups: AnyInts | Bytes = self.states
        """To which of the costs each notification belongs: by its state, unless another grouping is set."""

    def add_to(self, costs: list[Cost]) -> None:
        """Add to the costs of each group."""
        columns = self.loaded.columns
        callback_calls = _Calls(self._keys(self.notifications), self.groups, self.notifications)
        callback_returns, returned_groups = callback_calls.find(self._of(columns.returns))
        caused_reads, is_afterwards = self._caused_by(callback_calls, callback_returns)
        # What runs inside a callback is in the callback's CPU time.
        reads_afterwards = caused_reads.only(is_afterwards)
        read_returns, read_groups = reads_afterwards.find(self._of(columns.returns))
        deliveries, delivered_groups = caused_reads.find(self._of(columns.deliveries))
        segments = columns.segment[self.notifications]
        handing = columns.level[caused_reads.places] >= LADDER["thumbnail"]
        handing &= columns.level[caused_reads.places] <= LADDER["data"]
        for code, cost in enumerate(costs):
            in_group = set(np.unique(segments[self.groups == code]).tolist())
            cost.is_timed |= bool(in_group & columns.timed)
            cost.is_handed |= bool(in_group & columns.handed)
            cost.reads += int((caused_reads.groups[handing] == code).sum()) if len(handing) else 0
            cost.callbacks += int((self.groups == code).sum())
            cost.cpu_ns += int(columns.returns[callback_returns, 2][returned_groups == code].sum())
            cost.cpu_ns += int(columns.returns[read_returns, 2][read_groups == code].sum())
            cost.bytes += int(np.maximum(columns.deliveries[deliveries, 2], 0)[delivered_groups == code].sum())
            cost.wakeups += int((self._idle & (self.states == _BACKGROUND) & (self.groups == code)).sum())

    def _caused_by(self, callback_calls: _Calls, callback_returns: Bools) -> tuple[_Calls, Bools]:
        """Return the app's own reads that callbacks caused, and which of them began after their callback's return."""
        columns = self.loaded.columns
        own = columns.caused[~np.isin(columns.caused[:, 0], np.concatenate((columns.internal, columns.pickers)))]
        own = own[np.argsort(own[:, 0])]
        causes = self._of(own)
        is_caused, groups = callback_calls.find(causes)
        reads, causes = own[is_caused, 0], causes[is_caused]
        returned = zip(
            self._of(columns.returns)[callback_returns].tolist(),
            columns.returns[callback_returns, 0].tolist(),
            strict=True,
        )
        returned_at = dict(returned)
        pairs = zip(reads.tolist(), causes.tolist(), strict=True)
        is_afterwards = np.array([at > returned_at.get(cause, at) for at, cause in pairs], bool)
        return _Calls(self._keys(reads), groups, reads), is_afterwards

    @cached_property
    def _idle(self) -> Bools:
        """Before which notifications nothing of the process was seen for a while."""
        columns = self.loaded.columns
        alive = np.ones(len(columns), bool)
        alive[[at for at, row in columns.rows if row.kind in _HOSTS_OWN]] = False
        alive[columns.internal] = False
        living = np.flatnonzero(alive)
        before = np.searchsorted(living, self.notifications) - 1
        previous = living[np.maximum(before, 0)]
        same = (before >= 0) & (columns.segment[previous] == columns.segment[self.notifications])
        return np.asarray(same & (columns.mono_ns[self.notifications] - columns.mono_ns[previous] >= IDLE_NS), bool)

    def _keys(self, positions: Ints) -> Ints:
        return call_key(self.loaded.columns.segment[positions], self.loaded.columns.seq[positions])

    def _of(self, table: Ints) -> Ints:
        """Return the calls that the rows of a table name."""
        return call_key(self.loaded.columns.segment[table[:, 0]], table[:, 1])


def sessions_document(sessions: SessionSet) -> list[dict[str, Any]]:
    """Return what was recorded, session by session."""
    doubts: dict[int, list[Doubt]] = {}
    for doubt in sessions.doubts:
        doubts.setdefault(doubt.session, []).append(doubt)
    return [_session(number, loaded, doubts.get(number, [])) for number, loaded in enumerate(sessions.loaded, 1)]


def _device(header: dict[str, Any]) -> dict[str, Any]:
    """Return what device a session is of; not its name, which often contains the name of a person."""
    device = header.get("device")
    named = device if isinstance(device, dict) else {}
    texts = {key: named.get(key) for key in ("model", "os", "os_version")}
    return {key: text if isinstance(text, str) else None for key, text in texts.items()} | {
        "kind": device_kind_of(header)
    }


def _session(number: int, loaded: LoadedSession, doubts: list[Doubt]) -> dict[str, Any]:
    wall_ns, zone = loaded.columns.wall_ns, loaded.zone
    missing = losses.total(segment.missing for segment in loaded.segments)
    return {
        "n": number,
        "id": loaded.header.get("session"),
        "files": loaded.files,
        "device": _device(loaded.header),
        "started": zone.format(int(wall_ns.min())) if len(wall_ns) else None,
        "ended": zone.format(int(wall_ns.max())) if len(wall_ns) else None,
        "segments": len(loaded.segments),
        "events": len(loaded.columns),
        "lost": missing.events,
        "cut_short": {"processes": missing.cut_short, "unseen_ms": _rounded(missing.unseen_ns / NS_PER_MS)},
        "gaps": [
            {
                "from": zone.format(gap.from_ns),
                "to": zone.format(gap.to_ns),
                "identifier": gap.identifier,
                "reason": gap.reason,
            }
            for gap in gaps_of(loaded.segments)
        ],
        "damage": [
            {
                "from": zone.format(doubt.from_ns) if doubt.from_ns else None,
                "to": None if doubt.to_ns is None else zone.format(doubt.to_ns),
                "reason": file_status.words(doubt.notice),
            }
            for doubt in doubts
        ],
    }


def report_document(report: Report) -> dict[str, Any]:
    """Return what the report is, and what of it could not be read."""
    return {
        "files": report.files,
        "first": report.first,
        "last": report.last,
        "entries": len(report.entries),
        "problems": [{"file": p.file, "line": p.line, "problem": p.problem} for p in report.problems],
    }


def clock_document(sessions: SessionSet, lag: Lag) -> dict[str, Any]:
    """Return how late the report is, how far the host's clock is off, and where a device's clock was set."""
    return {
        "lag_ms": {
            "median": _rounded(lag.measured.median_ms),
            "p95": _rounded(lag.measured.p95_ms),
            "n": lag.measured.n,
            "bound": _rounded(lag.value_s * 1000),
            "proposed": _rounded(lag.measured.proposed_ms),
            "outliers": lag.measured.left_out,
        },
        "host_offset_ms": _rounded(host_offset_ms(sessions)),
        "steps": list(clock_steps(sessions)),
    }


def unreported_document(
    sessions: SessionSet, runs: list[tuple[Run, Trigger | None]], *, most_evidence: int
) -> list[dict[str, Any]]:
    """Return the runs under no entry, by time and app; the trigger is that of the first of the deepest events."""
    return [
        {
            "app": run.app,
            "begin": sessions.session_of(int(run.positions[0])).zone.format(run.begin_ns),
            "end": sessions.session_of(int(run.positions[0])).zone.format(run.end_ns),
            "depth": run.depth,
            "trigger": None if trigger is None else msgspec.structs.asdict(trigger),
            "events": len(run.positions),
            "evidence": sessions.references(np.unique(run.positions[:most_evidence])),
        }
        for run, trigger in sorted(runs, key=lambda row: (row[0].begin_ns, row[0].app))
    ]


def chance_document(chance: Chance | None) -> dict[str, Any] | None:
    """Return how an app's matches by time compare with chance."""
    if chance is None:
        return None
    return {
        "explained": chance.explained,
        "of": chance.of,
        "expected": round(chance.expected, 3),
        "p": round(chance.p, 4),
        "shifts": chance.shifts,
        "better": not chance.is_no_better,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
