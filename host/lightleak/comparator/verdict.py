"""Tell the verdicts of one app entry by entry, as contract section 4 writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.explain.facts import Assumptions
from lightleak.comparator.explain.why import Explainer
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
    """What was found out about one app: ruling and teller speak of the same entries."""

    app: str
    lane: AppTimeline
    ruling: RuleResults
    teller: Explainer
    runs: list[Run]
    chance: Chance | None
    """How the matches by time compare with chance; None where there are none."""


def verdicts_of(found: AppResult, entries: ReportEntries) -> Iterator[dict[str, Any]]:
    """Tell of each entry, in the order of the ruling's rows."""
    ruling, columns = found.ruling, entries.columns.take(found.ruling.rows)
    begins = zip(columns.begin_ns.tolist(), columns.begin_offset_s.tolist(), strict=True)
    ends = zip(columns.end_ns.tolist(), columns.end_offset_s.tolist(), strict=True)
    rows = zip(
        columns.identifier.tolist(),
        begins,
        entries.has_begin[ruling.rows].tolist(),
        ends,
        (columns.flags & STILL_OPEN).tolist(),
        columns.out_of_process.tolist(),
        ruling.cause.tolist(),
        ruling.depth.tolist(),
        ruling.match.tolist(),
        ruling.state_bits.tolist(),
        _flags(ruling, columns.flags.tolist(), found.lane.facts),
        references(found.lane.recording, ruling),
        strict=True,
    )
    for n, (name, begin, has_begin, end, still_open, picker, cause, depth, match, state, flags, evidence) in enumerate(
        rows
    ):
        yield {
            "identifier": name,
            "app": found.app,
            "category": "photos",
            "begin": format_time(*begin) if has_begin else None,
            "end": None if still_open else format_time(*end),
            "out_of_process": picker,
            "cause": CAUSES[cause],
            "depth": DEPTHS[depth],
            "match": MATCHES[match],
            "state": state_word(state),
            "flags": flags,
            "evidence": evidence,
            "why": found.teller.why(n),
        }


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
