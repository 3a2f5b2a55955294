"""What a comparison results in: the verdicts, as objects, as a data frame and as the JSON of contract section 4."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np

from lightleak.arrays import Bools, Ints
from lightleak.comparator import summary
from lightleak.comparator.assumptions import UNTESTED, Assumptions
from lightleak.comparator.explain.brief import brief_of, text
from lightleak.comparator.explain.clauses import Clause
from lightleak.comparator.explain.english import sentence
from lightleak.comparator.explain.explainer import Explainer
from lightleak.comparator.explain.notices import words
from lightleak.comparator.rules.chance import Chance
from lightleak.comparator.rules.report_entries import Lag, ReportEntries
from lightleak.comparator.rules.rules import (
    CAUSES,
    MATCHES,
    OPEN,
    Cause,
    EntryState,
    Evidence,
    Match,
    RuleResults,
    state_word,
)
from lightleak.comparator.rules.unreported import Run
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.triggers import ActTriggers, Trigger, named
from lightleak.errors import CompareError
from lightleak.events import DEPTHS, TRIGGERS, Depth, TriggerKind
from lightleak.notebook_html import as_html
from lightleak.report import FLAGS
from lightleak.report.entry_columns import LONE_ACCESS, STILL_OPEN, ReportFlag
from lightleak.report.report import Report
from lightleak.report.timestamps import format_time
from lightleak.second_process import SecondProcess, can_fork
from lightleak.statements import Statement
from lightleak.text import escaped
from lightleak.wording import plural

VERSION = 2
"""Of the JSON's shape."""

Flag = Literal[ReportFlag, "partly-observed", "library-open", "ambiguous"]
"""What the report says of an entry on its own, what the recording adds, and what the comparison adds."""

WORTH_ENTRIES = 2_000
"""From so many entries on, a second process saves more time than it costs."""

_ROOM_BYTES = 4_096
"""What the JSON of an entry takes, with room: about 2.7 kB."""

ALL = slice(None)
"""Of an app's results: the places of all."""

MOST_EVIDENCE = 16
"""How many events an entry names as evidence of its cause, and of its depth; ``why`` says how many there were."""


@dataclass(frozen=True, slots=True)
class AppResult:
    """What was found out about one app: results and explainer are of the same entries."""

    app: str
    timeline: AppTimeline
    results: RuleResults
    explainer: Explainer
    runs: list[Run]
    chance: Chance | None
    """How the matches by time compare with chance; None where there are none."""
    trigger_chance: Chance | None
    """How the triggers by time compare with chance; None where there are none."""
    run_triggers: ActTriggers
    """What set off the act of each of ``runs``."""
    unlinked_reads: int
    """How many queries and reads in the background, under no entry, have no link to a change."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What is known of one entry: an object of ``entries`` in contract section 4, its keys in order.

    Fields can be read by key, too (``verdict["cause"]``): that is deprecated, and goes with the next release.
    """

    identifier: str
    """UUID of the entry, as the report writes it."""
    app: str
    category: str
    begin: str | None
    """RFC 3339, ms, in the report's zone; None where the report has no begin."""
    end: str | None
    """The same; None while the entry is still open."""
    out_of_process: bool
    cause: Cause
    """Why it exists."""
    depth: Depth
    """How far the app was seen to go."""
    trigger: Trigger | None
    """What set off the act that made it; None where the cause is no act of a process."""
    triggers: dict[TriggerKind, int]
    """The queries and reads under it, by the kind of what set each off; kinds without any are left out."""
    properties: dict[str, int]
    """Symbol of a getter → how often it was called under it."""
    match: Match
    state: EntryState
    """Of the app; ``mixed``: several."""
    flags: list[Flag]
    evidence: list[str]
    """Events as ``SESSION:SEGMENT:SEQ``."""
    brief: str
    """What a person quotes: at most 140 characters, no method names."""
    why: str
    """The clauses in English."""
    clauses: list[Clause]

    def __getitem__(self, name: str) -> Any:
        """Return a field by its name. Raises: KeyError when there is none. Deprecated: read the attribute."""
        if name not in self.__struct_fields__:
            raise KeyError(name)
        return getattr(self, name)


@dataclass(frozen=True, repr=False)
class Comparison:
    """The verdicts. The same input gives the same bytes."""

    sessions: SessionSet
    report: Report
    entries: ReportEntries
    apps: list[AppResult]
    lag: Lag
    assumptions: Assumptions = UNTESTED
    """What the rules take for granted, and what of it was found on a phone."""
    warnings: list[Statement] = field(default_factory=list)
    """What limits the whole comparison."""

    def __repr__(self) -> str:
        return f"<Comparison {escaped(self._about())}>"

    def _repr_html_(self) -> str:
        """Return the causes of the entries app by app, for notebooks, and what limits the whole."""
        rows = []
        for found in self.apps:
            causes = np.bincount(found.results.cause, minlength=len(CAUSES)).tolist()
            deepest = DEPTHS[int(found.results.depth.max(initial=0))]
            rows.append((found.app, len(found.results.rows), *causes, deepest, len(found.runs)))
        header = ("app", "entries", *CAUSES, "deepest", "reads under no entry")
        return as_html(f"Comparison: {self._about()}", header, rows, self.notices)

    def _about(self) -> str:
        apps = ", ".join(found.app for found in self.apps[:3])
        more = f" and {len(self.apps) - 3} more" if len(self.apps) > 3 else ""
        return f"{plural(len(self.rows()), 'entry', 'entries')} of {apps}{more}"

    @property
    def notices(self) -> list[str]:
        """What limits the whole comparison, in English, a sentence each."""
        return list(map(words, self.warnings))

    def ensure_comparable(self) -> None:
        """Raise CompareError when no entry and no time in common leave nothing to compare."""
        if len(self.entries) or overlap_in_time(self.sessions, self.report):
            return
        report, span = self.report, self.sessions.span()
        reported = (
            f"the report is of {report.first} to {report.last}" if report.first else "the report has no entry at all"
        )
        recorded = f"the sessions of {span[0]} to {span[1]}" if span else "the sessions have no event"
        apps = ", ".join(found.app for found in self.apps)
        raise CompareError(
            f"nothing can be compared: no photos entry of {apps}, and no time in common ({reported}, {recorded})",
            hint="export the report after the recording, within seven days, from the same device",
        )

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict of each entry, in the order of the report."""
        return self._verdicts(0, len(self.entries))

    def _verdicts(self, start: int, stop: int) -> Iterator[Verdict]:
        """Yield the verdicts of the entries from the number ``start`` up to ``stop``."""
        apps = []
        for found in self.apps:
            rows = found.results.rows
            only = slice(*np.searchsorted(rows, (start, stop)).tolist())
            apps.append(zip(rows[only].tolist(), verdicts_of(found, self.entries, only), strict=True))
        return (verdict for _, verdict in heapq.merge(*apps, key=itemgetter(0)))

    def to_json(self, *, indent: int = 2) -> str:
        """Return contract section 4's JSON, ending with a newline."""
        document = msgspec.json.encode(self.document(self._entries()))
        return msgspec.json.format(document, indent=indent).decode() + "\n"

    def _entries(self) -> Iterator[Verdict] | msgspec.Raw:
        """Return the verdicts; as JSON that two processes made where that is safe and worth it."""
        rows = self.rows()
        if len(rows) < WORTH_ENTRIES or not can_fork():
            return self.verdicts()
        middle = int(rows[len(rows) // 2])

        def later() -> pickle.PickleBuffer:
            return pickle.PickleBuffer(msgspec.json.encode(list(self._verdicts(middle, len(self.entries)))))

        with SecondProcess(later, room_bytes=_ROOM_BYTES * len(rows)) as other:
            first = msgspec.json.encode(list(self._verdicts(0, middle)))
            second = memoryview(other.result() or later())
        return msgspec.Raw(b"".join((first[:-1], b",", second[1:])))

    def to_dict(self) -> dict[str, Any]:
        """Return what ``to_json`` writes, as plain objects: equal to the decoded JSON."""
        # Not to_builtins: it keeps tuples, which JSON does not have.
        return self.document(map(msgspec.json.decode, map(msgspec.json.encode, self.verdicts())))

    def document(self, entries: Iterable[Any] | msgspec.Raw) -> dict[str, Any]:
        """Return contract section 4's object with these entries: ``verdicts()`` in the form that is wanted, or their JSON."""
        runs = [
            (run, trigger)
            for found in self.apps
            for run, trigger in zip(found.runs, named(self.sessions, found.run_triggers), strict=True)
        ]
        return {
            "version": VERSION,
            "sessions": summary.sessions_document(self.sessions),
            "report": summary.report_document(self.report),
            "clock": summary.clock_document(self.sessions, self.lag),
            "entries": entries if isinstance(entries, msgspec.Raw) else list(entries),
            "unreported": summary.unreported_document(self.sessions, runs, most_evidence=MOST_EVIDENCE),
            "summary": {
                app.app: summary.summarise(
                    app.timeline, self.entries, app.results, app.unlinked_reads, app.explainer.uploads
                )
                for app in self.apps
            },
            "chance": {app.app: summary.chance_document(app.chance) for app in self.apps},
            "trigger_chance": {app.app: summary.chance_document(app.trigger_chance) for app in self.apps},
            "facts": self.assumptions.to_dict(),
            "notices": self.notices,
        }

    def to_pandas(self) -> Any:
        """Return the verdicts as a pandas.DataFrame, a row an entry. Raises: LightleakError when pandas is missing."""
        from lightleak.comparator.dataframe import to_pandas

        return to_pandas(self.verdicts(), self.entries, self.rows())

    def to_polars(self) -> Any:
        """Return the verdicts as a polars.DataFrame, a row an entry. Raises: LightleakError when polars is missing."""
        from lightleak.comparator.dataframe import to_polars

        return to_polars(self.verdicts(), self.entries, self.rows())

    def rows(self) -> Ints:
        """Return the numbers of the entries of all apps, in the order of the report."""
        return np.sort(np.concatenate([found.results.rows for found in self.apps] or [np.zeros(0, np.int64)]))


def overlap_in_time(sessions: SessionSet, report: Report) -> bool:
    """Return whether sessions and report have any time in common."""
    if not len(sessions.wall_ns) or report.first_ns is None or report.last_ns is None:
        return False
    return int(sessions.wall_ns.max()) >= report.first_ns and int(sessions.wall_ns.min()) <= report.last_ns


class EntryFields(NamedTuple):
    """What the report says of one entry."""

    identifier: str
    out_of_process: bool
    begin: str | None
    end: str | None


class ResultFields(NamedTuple):
    """What the rules say of one entry, in words."""

    cause: Cause
    depth: Depth
    trigger: Trigger | None
    triggers: dict[TriggerKind, int]
    properties: dict[str, int]
    match: Match
    state: EntryState
    flags: list[Flag]
    evidence: list[str]


def verdicts_of(
    app: AppResult, entries: ReportEntries, only: slice = ALL, *, with_why: bool = True
) -> Iterator[Verdict]:
    """Yield the verdict of each entry, in the order of the app's results. Without ``with_why``, ``why`` is empty.

    only: the places of those that are wanted among the app's results.
    """
    rows = zip(_entry_fields(app.results, entries, only), _result_fields(app, entries, only), strict=True)
    for number, (entry, result) in enumerate(rows, only.indices(len(app.results.rows))[0]):
        clauses = app.explainer.clauses(number)
        brief = brief_of(
            depth=result.depth, match=result.match, state=result.state, flags=result.flags, clauses=clauses
        )
        yield Verdict(
            identifier=entry.identifier,
            app=app.app,
            category="photos",
            begin=entry.begin,
            end=entry.end,
            out_of_process=entry.out_of_process,
            cause=result.cause,
            depth=result.depth,
            trigger=result.trigger,
            triggers=result.triggers,
            properties=result.properties,
            match=result.match,
            state=result.state,
            flags=result.flags,
            evidence=result.evidence,
            brief=text(brief),
            why=sentence(clauses) if with_why else "",
            clauses=clauses,
        )


def _entry_fields(results: RuleResults, entries: ReportEntries, only: slice) -> Iterator[EntryFields]:
    rows = results.rows[only]
    columns = entries.columns.take(rows)
    begins = _written(columns.begin_ns, columns.begin_offset_s, ~entries.has_begin[rows])
    ends = _written(columns.end_ns, columns.end_offset_s, (columns.flags & STILL_OPEN) != 0)
    return map(EntryFields, columns.identifier.tolist(), columns.out_of_process.tolist(), begins, ends)


def _written(ns: Ints, offset_s: Ints, is_missing: Bools) -> list[str | None]:
    rows = zip(ns.tolist(), offset_s.tolist(), is_missing.tolist(), strict=True)
    return [None if missing else format_time(at, offset) for at, offset, missing in rows]


def _result_fields(app: AppResult, entries: ReportEntries, only: slice) -> Iterator[ResultFields]:
    results = app.results
    return map(
        ResultFields,
        [CAUSES[code] for code in results.cause[only].tolist()],
        [DEPTHS[code] for code in results.depth[only].tolist()],
        app.explainer.triggers[only],
        _counted(results, only),
        [{symbol: one.count for symbol, one in reads.items()} for reads in app.explainer.properties[only]],
        [MATCHES[code] for code in results.match[only].tolist()],
        map(state_word, results.state_bits[only].tolist()),
        _flags(results, only, entries.columns.flags[results.rows[only]].tolist(), app.timeline.assumptions),
        references(app.timeline.sessions, results, only),
    )


def _counted(results: RuleResults, only: slice) -> Iterator[dict[TriggerKind, int]]:
    """Yield the queries and reads under each entry by what set each off."""
    present = np.flatnonzero(results.trigger_counts.any(axis=0))
    kinds = [TRIGGERS[kind] for kind in present.tolist()]
    for counts in results.trigger_counts[only, present].tolist():
        yield {kind: count for kind, count in zip(kinds, counts, strict=True) if count}


def _flags(results: RuleResults, only: slice, reported: list[int], assumptions: Assumptions) -> Iterator[list[Flag]]:
    """Yield each entry's flags: the recording's, the report's, the comparison's; in the order of the contract."""
    hidden = LONE_ACCESS if assumptions.idle_timer_closes is False else 0
    columns = zip(
        results.partly_covered[only].tolist(),
        results.cause[only].tolist(),
        reported,
        (results.near_others[only] > 0).tolist(),
        strict=True,
    )
    for partly_covered, cause, bits, ambiguous in columns:
        flags: list[Flag] = ["partly-observed"] if partly_covered else []
        shown = bits & ~hidden
        if shown & LONE_ACCESS:
            flags.append("lone-access")
        if cause == OPEN:
            flags.append("library-open")
        rest = shown & ~LONE_ACCESS
        flags += [flag for at, flag in enumerate(FLAGS) if rest >> at & 1] if rest else []
        if ambiguous:
            flags.append("ambiguous")
        yield flags


def references(sessions: SessionSet, results: RuleResults, only: slice = ALL) -> list[list[str]]:
    """Return each entry's events as ``SESSION:SEGMENT:SEQ``: opening, cause, depth, in order of position, each once."""
    opening = results.opening[only]
    opened = np.flatnonzero(opening >= 0)
    pairs = [(opened, opening[opened]), _first(results.why, only), _first(results.deepest, only)]
    entry = np.concatenate([entries for entries, _ in pairs])
    position = np.concatenate([positions for _, positions in pairs])
    order = np.lexsort((position, entry))
    entry, position = entry[order], position[order]
    new = np.ones(len(entry), bool)
    new[1:] = (entry[1:] != entry[:-1]) | (position[1:] != position[:-1])
    names = sessions.references(position[new])
    stops = np.cumsum(np.bincount(entry[new], minlength=len(opening))).tolist()
    return [names[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def _first(evidence: Evidence, only: slice) -> tuple[Ints, Ints]:
    """Return the first events of each entry as two columns: entry and position, by entry."""
    first = evidence.first[only].astype(np.int64)
    counts = np.clip(evidence.stop[only] - first, 0, MOST_EVIDENCE)
    entry = np.repeat(np.arange(len(counts)), counts)
    place = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    position = np.zeros(len(entry), np.int64)
    of_entry = evidence.source[only][entry]
    for source, series in enumerate(evidence.series):
        which = of_entry == source
        position[which] = series.at[place[which]]
    return entry, position
