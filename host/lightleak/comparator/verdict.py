"""Verdicts: what is said of each entry, as contract section 4 writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.explain.assumptions import Assumptions
from lightleak.comparator.explain.brief import brief_of, text
from lightleak.comparator.explain.clauses import Clause
from lightleak.comparator.explain.english import sentence
from lightleak.comparator.explain.explainer import Explainer
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import CAUSES, MATCHES, OPEN, Evidence, RuleResults
from lightleak.comparator.rules.significance import Chance
from lightleak.comparator.rules.unreported import Run
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.segments import state_word
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.events import DEPTHS
from lightleak.report import FLAGS
from lightleak.report.entry_columns import LONE_ACCESS, STILL_OPEN
from lightleak.report.timestamps import format_time

MOST = 16
"""How many events an entry names as evidence of its cause, and of its depth; ``why`` says how many there were."""


def references(recording: SessionSet, ruling: RuleResults) -> list[list[str]]:
    """Return each entry's events as ``SESSION:SEGMENT:SEQ``: opening, cause, depth, in order of position, each once."""
    opened = np.flatnonzero(ruling.opening >= 0)
    pairs = [(opened, ruling.opening[opened]), _first(ruling.why), _first(ruling.deepest)]
    entry = np.concatenate([entries for entries, _ in pairs])
    position = np.concatenate([positions for _, positions in pairs])
    order = np.lexsort((position, entry))
    entry, position = entry[order], position[order]
    new = np.ones(len(entry), bool)
    new[1:] = (entry[1:] != entry[:-1]) | (position[1:] != position[:-1])
    names = recording.references(position[new])
    stops = np.cumsum(np.bincount(entry[new], minlength=len(ruling.rows))).tolist()
    return [names[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def _first(evidence: Evidence) -> tuple[Ints, Ints]:
    """Lay out the first events of each entry: (entry, position), by entry."""
    first = evidence.first.astype(np.int64)
    counts = np.clip(evidence.stop - first, 0, MOST)
    entry = np.repeat(np.arange(len(counts)), counts)
    place = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    position = np.zeros(len(entry), np.int64)
    for source, series in enumerate(evidence.series):
        which = evidence.source[entry] == source
        position[which] = series.at[place[which]]
    return entry, position


@dataclass(frozen=True, slots=True)
class AppResult:
    """What was found out about one app: ruling and explainer are of the same entries."""

    app: str
    lane: AppTimeline
    ruling: RuleResults
    explainer: Explainer
    runs: list[Run]
    chance: Chance | None
    """How the matches by time compare with chance; None where there are none."""


class Verdict(msgspec.Struct, frozen=True):
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
    cause: str
    """Why it exists, one of ``rules.CAUSES``."""
    depth: str
    """How far the app was seen to go, one of ``events.DEPTHS``."""
    match: str
    """identifier, time or none."""
    state: str
    """Of the app: active, inactive, background, mixed or unknown."""
    flags: list[str]
    evidence: list[str]
    """Events as ``SESSION:SEGMENT:SEQ``."""
    why: str
    """The clauses in English."""
    brief: str
    """The same for quoting: at most 140 characters, no method names."""
    clauses: list[Clause]

    def __getitem__(self, name: str) -> Any:
        """Return a field by its name. Raises: KeyError. Deprecated: read the attribute."""
        if name not in self.__struct_fields__:
            raise KeyError(name)
        return getattr(self, name)


def verdicts_of(found: AppResult, entries: ReportEntries) -> Iterator[Verdict]:
    """Yield the verdict of each entry, in the order of the ruling's rows."""
    ruling, columns = found.ruling, entries.columns.take(found.ruling.rows)
    names, pickers = columns.identifier.tolist(), columns.out_of_process.tolist()
    begins, ends = _times(columns.begin_ns, columns.begin_offset_s), _times(columns.end_ns, columns.end_offset_s)
    has_begin, is_open = entries.has_begin[ruling.rows].tolist(), (columns.flags & STILL_OPEN).tolist()
    causes, depths, matches = ruling.cause.tolist(), ruling.depth.tolist(), ruling.match.tolist()
    states, flags = ruling.state_bits.tolist(), list(_flags(ruling, columns.flags.tolist(), found.lane.facts))
    evidence = references(found.lane.recording, ruling)
    for at, name in enumerate(names):
        clauses = found.explainer.clauses(at)
        depth, match, state = DEPTHS[depths[at]], MATCHES[matches[at]], state_word(states[at])
        brief = brief_of(depth=depth, match=match, state=state, flags=flags[at], clauses=clauses)
        yield Verdict(
            identifier=name,
            app=found.app,
            category="photos",
            begin=format_time(*begins[at]) if has_begin[at] else None,
            end=None if is_open[at] else format_time(*ends[at]),
            out_of_process=pickers[at],
            cause=CAUSES[causes[at]],
            depth=depth,
            match=match,
            state=state,
            flags=flags[at],
            evidence=evidence[at],
            why=sentence(clauses),
            brief=text(brief),
            clauses=clauses,
        )


def _times(ns: Ints, offset_s: Ints) -> list[tuple[int, int]]:
    return list(zip(ns.tolist(), offset_s.tolist(), strict=True))


def _flags(ruling: RuleResults, reported: list[int], facts: Assumptions) -> Iterator[list[str]]:
    """Gather each entry's flags: the recording's, the report's, the comparison's; in the order of the contract."""
    hidden = LONE_ACCESS if facts.idle_timer_closes is False else 0
    columns = zip(ruling.partly.tolist(), ruling.cause.tolist(), reported, ruling.ambiguous.tolist(), strict=True)
    for partly, cause, bits, ambiguous in columns:
        flags = ["partly-observed"] if partly else []
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
