"""Tell the verdicts of one app entry by entry, as contract section 4 writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lightleak.compare.chance import Chance
from lightleak.compare.entries import Entries
from lightleak.compare.evidence import references
from lightleak.compare.facts import Facts
from lightleak.compare.lane import Lane
from lightleak.compare.rules import CAUSES, MATCHES, OPEN, Ruling
from lightleak.compare.states import state_word
from lightleak.compare.unreported import Run
from lightleak.compare.why import Teller
from lightleak.events import DEPTHS
from lightleak.report.entry import FLAGS
from lightleak.report.entry_columns import LONE_ACCESS, STILL_OPEN
from lightleak.report.timestamps import format_time


@dataclass(frozen=True, slots=True)
class AppVerdicts:
    """What was found out about one app: ruling and teller speak of the same entries."""

    app: str
    lane: Lane
    ruling: Ruling
    teller: Teller
    runs: list[Run]
    chance: Chance | None
    """How the matches by time compare with chance; None where there are none."""


def told(found: AppVerdicts, entries: Entries) -> Iterator[dict[str, Any]]:
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


def _flags(ruling: Ruling, reported: list[int], facts: Facts) -> Iterator[list[str]]:
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
