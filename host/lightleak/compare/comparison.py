"""Sessions and a report side by side: the verdicts, as an object and as the JSON of contract section 4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from lightleak.compare.chance import Chance
from lightleak.compare.clocks import Lag, host_offset_ms, steps
from lightleak.compare.entries import Entries
from lightleak.compare.facts import ASSUMED, Facts
from lightleak.compare.gaps import gaps_of
from lightleak.compare.lane import Lane
from lightleak.compare.recording import Recording, Take
from lightleak.compare.rules import CAUSES, MATCHES, OPEN, Ruling
from lightleak.compare.states import state_word
from lightleak.compare.summary import summarise
from lightleak.compare.unreported import Run
from lightleak.compare.why import Teller
from lightleak.events import DEPTHS
from lightleak.privacy.entry import FLAGS
from lightleak.privacy.report import Report
from lightleak.privacy.times import format_time

VERSION = 1
"""Of the JSON's shape."""

EVIDENCE_CAUSE, EVIDENCE_DEPTH = 16, 16
"""How many events an entry names as evidence of its cause and of its depth; ``why`` says how many there were."""


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


@dataclass(frozen=True)
class Comparison:
    """The verdicts. The same input gives the same bytes."""

    recording: Recording
    report: Report
    entries: Entries
    apps: list[AppVerdicts]
    lag: Lag
    lag_s: float
    """The bound that was used."""
    facts: Facts = ASSUMED
    """What the rules take for granted, and what of it was found on a phone."""
    notices: list[str] = field(default_factory=list)
    """What limits the whole comparison, a sentence each."""

    def to_json(self, *, indent: int = 2) -> str:
        """Return contract section 4's JSON, ending with a newline."""
        return msgspec.json.format(msgspec.json.encode(self.to_dict()), indent=indent).decode() + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain objects."""
        return {
            "version": VERSION,
            "sessions": [self._session(number, take) for number, take in enumerate(self.recording.takes, 1)],
            "report": {
                "files": self.report.files,
                "first": self.report.first,
                "last": self.report.last,
                "entries": len(self.report.entries),
                "problems": [{"file": p.file, "line": p.line, "problem": p.problem} for p in self.report.problems],
            },
            "clock": {
                "lag_ms": {
                    "median": _rounded(self.lag.median_ms),
                    "p95": _rounded(self.lag.p95_ms),
                    "n": self.lag.n,
                    "bound": _rounded(self.lag_s * 1000),
                    "proposed": _rounded(self.lag.proposed_ms),
                },
                "host_offset_ms": _rounded(host_offset_ms(self.recording)),
                "steps": list(steps(self.recording)),
            },
            "entries": list(self.verdicts()),
            "unreported": list(self._unreported()),
            "summary": {found.app: summarise(found.lane, self.entries, found.ruling) for found in self.apps},
            "chance": {found.app: _chance(found.chance) for found in self.apps},
            "facts": self.facts.to_dict(),
            "notices": self.notices,
        }

    def to_pandas(self) -> Any:
        """Return the verdicts as a pandas.DataFrame, a row an entry. Errors: LightleakError without pandas."""
        from lightleak.compare.frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> Any:
        """Return the verdicts as a polars.DataFrame, a row an entry. Errors: LightleakError without polars."""
        from lightleak.compare.frames import to_polars

        return to_polars(self)

    def verdicts(self) -> Iterator[dict[str, Any]]:
        """Tell of each entry, in the order of the report."""
        places = sorted((int(row), found, n) for found in self.apps for n, row in enumerate(found.ruling.rows))
        for row, found, n in places:
            yield self._entry(row, found, n)

    def _entry(self, row: int, found: AppVerdicts, n: int) -> dict[str, Any]:
        columns, ruling = self.entries.columns, found.ruling
        has_begin, has_end = bool(self.entries.has_begin[row]), not columns.flags[row] >> FLAGS.index("still-open") & 1
        return {
            "identifier": columns.identifier[row],
            "app": found.app,
            "category": "photos",
            "begin": format_time(int(columns.begin_ns[row]), int(columns.begin_offset_s[row])) if has_begin else None,
            "end": format_time(int(columns.end_ns[row]), int(columns.end_offset_s[row])) if has_end else None,
            "out_of_process": bool(columns.out_of_process[row]),
            "cause": CAUSES[ruling.cause[n]],
            "depth": DEPTHS[ruling.depth[n]],
            "match": MATCHES[ruling.match[n]],
            "state": state_word(int(ruling.state_bits[n])),
            "flags": self._flags(row, ruling, n),
            "evidence": self._evidence(ruling, n),
            "why": found.teller.why(n),
        }

    def _flags(self, row: int, ruling: Ruling, n: int) -> list[str]:
        bits = int(self.entries.columns.flags[row])
        flags = ["partly-observed"] if ruling.partly[n] else []
        flags += ["library-open"] if ruling.cause[n] == OPEN else []
        flags += [flag for at, flag in enumerate(FLAGS) if bits >> at & 1]
        if self.facts.idle_timer_closes is False and "lone-access" in flags:
            flags.remove("lone-access")
        return flags + (["ambiguous"] if ruling.ambiguous[n] else [])

    def _evidence(self, ruling: Ruling, n: int) -> list[str]:
        opening = ruling.opening[n : n + 1]
        cause = ruling.why.positions(n)[:EVIDENCE_CAUSE]
        deepest = ruling.deepest.positions(n)[:EVIDENCE_DEPTH]
        return self.recording.references(np.concatenate((opening[opening >= 0], cause, deepest)))

    def _unreported(self) -> Iterator[dict[str, Any]]:
        runs = sorted((run for found in self.apps for run in found.runs), key=lambda run: (run.begin_ns, run.app))
        for run in runs:
            zone = self.recording.take_of(int(run.positions[0])).zone
            yield {
                "app": run.app,
                "begin": zone.tell(run.begin_ns),
                "end": zone.tell(run.end_ns),
                "depth": run.depth,
                "events": len(run.positions),
                "evidence": self.recording.references(run.positions[:EVIDENCE_DEPTH]),
            }

    def _session(self, number: int, take: Take) -> dict[str, Any]:
        wall = take.tape.wall_ns
        return {
            "n": number,
            "id": take.header.get("session"),
            "files": take.files,
            "started": take.zone.tell(int(wall.min())) if len(wall) else None,
            "ended": take.zone.tell(int(wall.max())) if len(wall) else None,
            "segments": len(take.segments),
            "events": len(take.tape),
            "lost": sum(loss.count for segment in take.segments for loss in segment.losses),
            "gaps": [
                {
                    "from": take.zone.tell(gap.from_ns),
                    "to": take.zone.tell(gap.to_ns),
                    "identifier": gap.identifier,
                    "reason": gap.reason,
                }
                for gap in gaps_of(take.segments)
            ],
        }


def _chance(chance: Chance | None) -> dict[str, Any] | None:
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
