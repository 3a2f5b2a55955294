"""Verdicts as a data frame: one row an entry, typed columns, for notebooks.

Separate because only who asks for a frame pays for what it needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import CAUSES, MATCHES
from lightleak.dataframes import FrameColumn, FrameKind, pandas_frame, polars_frame
from lightleak.events import DEPTHS, STATES, TRIGGER_LINKS, TRIGGERS
from lightleak.report.entry_columns import STILL_OPEN

TRIGGER_WORDS = {"trigger": TRIGGERS, "trigger_by": TRIGGER_LINKS}
"""What set the act off, and how that is known; missing where the cause is no act."""

WORDS = {"cause": CAUSES, "depth": DEPTHS, **TRIGGER_WORDS, "match": MATCHES, "state": (*STATES, "mixed")}
"""Column → all the words that it can hold; those of ``depth`` from shallow to deep."""

TEXTS = ("identifier", "app", "category", "brief", "why")
LISTS = ("flags", "evidence")
TIMES = ("begin", "end")

COLUMNS = ("identifier", "app", "category", *TIMES, "offset_s", "out_of_process", *WORDS, *LISTS, "brief", "why")
"""``begin`` and ``end`` are UTC, with what the report leaves out missing; ``offset_s`` is the zone it wrote them in."""


_KINDS: dict[str, FrameKind] = {
    **dict.fromkeys(TIMES, "time"),
    **dict.fromkeys(LISTS, "list"),
    **dict.fromkeys(WORDS, "word"),
    "depth": "step",
    "offset_s": "offset",
    "out_of_process": "flag",
}
FRAME = tuple(FrameColumn(name, _KINDS.get(name, "text"), tuple(WORDS.get(name, ()))) for name in COLUMNS)


def to_pandas(verdicts: Iterable[Any], entries: ReportEntries, rows: Ints) -> Any:
    """Return a pandas.DataFrame of verdicts, which are of the entries ``rows``. Raises: LightleakError when pandas is missing."""
    return pandas_frame(FRAME, table_of(verdicts, entries, rows))


def to_polars(verdicts: Iterable[Any], entries: ReportEntries, rows: Ints) -> Any:
    """Return a polars.DataFrame of verdicts, which are of the entries ``rows``. Raises: LightleakError when polars is missing."""
    return polars_frame(FRAME, table_of(verdicts, entries, rows))


def table_of(verdicts: Iterable[Any], entries: ReportEntries, rows: Ints) -> dict[str, list[Any]]:
    """Return the columns by name as lists, times in ns or None; the verdicts are of the entries ``rows``."""
    made = list(verdicts)
    columns = entries.columns
    still_open = (columns.flags[rows] & STILL_OPEN) != 0
    offset_s = np.where(entries.has_begin[rows], columns.begin_offset_s[rows], columns.end_offset_s[rows])
    table: dict[str, list[Any]] = {
        name: list(map(attrgetter(name), made))
        for name in (*TEXTS, "out_of_process", *WORDS, *LISTS)
        if name not in TRIGGER_WORDS
    }
    triggers = [verdict.trigger for verdict in made]
    table["trigger"] = [None if trigger is None else trigger.kind for trigger in triggers]
    table["trigger_by"] = [None if trigger is None else trigger.by for trigger in triggers]
    table["begin"] = _or_none(columns.begin_ns[rows], ~entries.has_begin[rows])
    table["end"] = _or_none(columns.end_ns[rows], still_open)
    table["offset_s"] = offset_s.tolist()
    return table


def _or_none(times: Any, missing: Any) -> list[int | None]:
    return [None if gone else time for time, gone in zip(times.tolist(), missing.tolist(), strict=True)]
