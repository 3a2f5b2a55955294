"""Compare a week with the real comparator, through files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import lightleak
from lightleak.comparator import Comparison, api, compare
from lightleak.comparator.timeline.triggers import find_triggers
from lightleak.events import DEPTHS, TRIGGER_LINKS, TRIGGERS
from lightleak.trace.ndjson import import_trace
from simulator.scores import Score
from simulator.weeks import Plan, Week, simulate

Events = Sequence[dict[str, Any]]


def verdicts(
    header: dict[str, Any], files: Sequence[Events], report: Iterable[str], **options: Any
) -> list[dict[str, Any]]:
    """Return the verdicts of a session of one or several files with a report."""
    entries: list[dict[str, Any]] = compared(header, files, report, **options).to_dict()["entries"]
    return entries


def compared(header: dict[str, Any], files: Sequence[Events], report: Iterable[str], **options: Any) -> Comparison:
    """Compare a session of one or several files with a report."""
    with tempfile.TemporaryDirectory() as folder:
        sessions = []
        for n, events in enumerate(files):
            source, session = Path(folder, f"{n}.ndjson"), Path(folder, f"{n}.lightleak")
            source.write_text("".join(json.dumps(line) + "\n" for line in [header, *events]))
            import_trace(source, session)
            sessions.append(lightleak.open(session))
        rows = Path(folder, "report.ndjson")
        rows.write_text("".join(line + "\n" for line in report))
        return compare(sessions, lightleak.read_report(rows), **options)


def triggers(week: Week, comparison: Comparison) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield for each act of a week with origins what set it off: its reference, kind, by, and the origin's reference."""
    sessions = comparison.sessions
    positions = np.flatnonzero(sessions.level >= DEPTHS.index("open")) if week.plan.origins else np.zeros(0, np.int64)
    found = find_triggers(sessions, positions, comparison.lag.value_ns)
    origins = sessions.references(np.maximum(found.origin, 0))
    rows = zip(sessions.references(positions), found.kind.tolist(), found.by.tolist(), origins, strict=True)
    for name, kind, by, origin in rows:
        yield name, TRIGGERS[kind], TRIGGER_LINKS[by], origin if by else None


def score(plans: Iterable[Plan]) -> Score:
    """Score many weeks without the chance test, which changes no verdict and takes most of the time."""
    found = Score()
    with mock.patch.object(api, "shift_test", return_value=None):
        for plan in plans:
            week = simulate(plan)
            comparison = compared(week.header, [week.events], week.report)
            found.add(week, comparison.verdicts())
            runs = [run.positions for app in comparison.apps for run in app.runs]
            found.add_acts(week, triggers(week, comparison))
            found.add_reads(week, {name for run in runs for name in comparison.sessions.references(run)})
    return found
