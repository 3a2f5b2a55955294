"""Sessions and a report side by side: the verdicts, as an object and as the JSON of contract section 4."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np

from lightleak.comparator.explain.assumptions import UNTESTED, Assumptions
from lightleak.comparator.explain.notices import words
from lightleak.comparator.rules.lag import Lag, host_offset_ms, steps
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.significance import Chance
from lightleak.comparator.summary import summarise
from lightleak.comparator.timeline.segments import gaps_of
from lightleak.comparator.timeline.session_set import LoadedSession, SessionSet
from lightleak.comparator.verdict import MOST, AppResult, Verdict, verdicts_of
from lightleak.comparator.warnings import ensure_comparable
from lightleak.report.report import Report
from lightleak.statements import Statement

__all__ = ["AppResult", "Comparison", "Verdict"]

VERSION = 1
"""Of the JSON's shape."""


@dataclass(frozen=True)
class Comparison:
    """The verdicts. The same input gives the same bytes."""

    recording: SessionSet
    report: Report
    entries: ReportEntries
    apps: list[AppResult]
    lag: Lag
    lag_s: float
    """The bound that was used."""
    facts: Assumptions = UNTESTED
    """What the rules take for granted, and what of it was found on a phone."""
    limits: list[Statement] = field(default_factory=list)
    """What limits the whole comparison."""

    @property
    def notices(self) -> list[str]:
        """The same in English, a sentence each."""
        return list(map(words, self.limits))

    def refuse_nothing(self) -> None:
        """Raise CompareError where no entry and no time in common leave nothing to compare."""
        ensure_comparable(self.recording, self.report, self.entries, [found.app for found in self.apps])

    def to_json(self, *, indent: int = 2) -> str:
        """Return contract section 4's JSON, ending with a newline."""
        return msgspec.json.format(msgspec.json.encode(self.document(self.verdicts())), indent=indent).decode() + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return what ``to_json`` writes, as plain objects: equal to the decoded JSON."""
        # Not to_builtins: it keeps tuples, which JSON does not have.
        return self.document(map(msgspec.json.decode, map(msgspec.json.encode, self.verdicts())))

    def document(self, entries: Iterable[Any]) -> dict[str, Any]:
        """Return contract section 4's object with these entries: ``verdicts()``, in the form that is wanted."""
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
            "entries": list(entries),
            "unreported": list(self._unreported()),
            "summary": {found.app: summarise(found.lane, self.entries, found.ruling) for found in self.apps},
            "chance": {found.app: _chance(found.chance) for found in self.apps},
            "facts": self.facts.to_dict(),
            "notices": self.notices,
        }

    def to_pandas(self) -> Any:
        """Return the verdicts as a pandas.DataFrame, a row an entry. Errors: LightleakError without pandas."""
        from lightleak.comparator.dataframe import to_pandas

        return to_pandas(self)

    def to_polars(self) -> Any:
        """Return the verdicts as a polars.DataFrame, a row an entry. Errors: LightleakError without polars."""
        from lightleak.comparator.dataframe import to_polars

        return to_polars(self)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict of each entry, in the order of the report."""
        apps = [zip(found.ruling.rows.tolist(), verdicts_of(found, self.entries), strict=True) for found in self.apps]
        yield from (verdict for _, verdict in heapq.merge(*apps, key=itemgetter(0)))

    def _unreported(self) -> Iterator[dict[str, Any]]:
        runs = sorted((run for found in self.apps for run in found.runs), key=lambda run: (run.begin_ns, run.app))
        for run in runs:
            zone = self.recording.take_of(int(run.positions[0])).zone
            yield {
                "app": run.app,
                "begin": zone.format(run.begin_ns),
                "end": zone.format(run.end_ns),
                "depth": run.depth,
                "events": len(run.positions),
                "evidence": self.recording.references(np.unique(run.positions[:MOST])),
            }

    def _session(self, number: int, take: LoadedSession) -> dict[str, Any]:
        wall = take.tape.wall_ns
        return {
            "n": number,
            "id": take.header.get("session"),
            "files": take.files,
            "started": take.zone.format(int(wall.min())) if len(wall) else None,
            "ended": take.zone.format(int(wall.max())) if len(wall) else None,
            "segments": len(take.segments),
            "events": len(take.tape),
            "lost": sum(loss.count for segment in take.segments for loss in segment.losses),
            "gaps": [
                {
                    "from": take.zone.format(gap.from_ns),
                    "to": take.zone.format(gap.to_ns),
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
