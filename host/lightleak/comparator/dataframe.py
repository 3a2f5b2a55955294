"""Verdicts as a data frame: one row an entry, typed columns, for notebooks.

Separate because only who asks for a frame pays for what it needs.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import CAUSES, MATCHES
from lightleak.errors import LightleakError
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


def to_pandas(verdicts: Iterable[Any], entries: ReportEntries, rows: Ints) -> Any:
    """Return a pandas.DataFrame of verdicts, which are of the entries ``rows``. Raises: LightleakError when pandas is missing."""
    pandas = _library("pandas")
    table = table_of(verdicts, entries, rows)
    frame = pandas.DataFrame(
        {
            **{name: pandas.array(table[name], dtype="string") for name in TEXTS},
            **{name: pandas.Series(_nat(table[name]), dtype="datetime64[ns]").dt.tz_localize("UTC") for name in TIMES},
            "offset_s": pandas.array(table["offset_s"], dtype="int32"),
            "out_of_process": pandas.array(table["out_of_process"], dtype="bool"),
            **{
                name: pandas.Categorical(table[name], categories=list(words), ordered=name == "depth")
                for name, words in WORDS.items()
            },
            **{name: pandas.Series(table[name], dtype="object") for name in LISTS},
        }
    )
    return frame[list(COLUMNS)]


def to_polars(verdicts: Iterable[Any], entries: ReportEntries, rows: Ints) -> Any:
    """Return a polars.DataFrame of verdicts, which are of the entries ``rows``. Raises: LightleakError when polars is missing."""
    polars = _library("polars")
    types = {
        **dict.fromkeys(TEXTS, polars.String),
        **dict.fromkeys(TIMES, polars.Datetime("ns", "UTC")),
        "offset_s": polars.Int32,
        "out_of_process": polars.Boolean,
        **{name: polars.Enum(words) for name, words in WORDS.items()},
        **dict.fromkeys(LISTS, polars.List(polars.String)),
    }
    table = table_of(verdicts, entries, rows)
    return polars.DataFrame({name: polars.Series(name, table[name], dtype=types[name]) for name in COLUMNS})


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise LightleakError(f"{name} is not installed", hint="install lightleak[frames]") from problem


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


def _nat(times: list[int | None]) -> Any:
    stamps = [np.iinfo(np.int64).min if time is None else time for time in times]
    return np.array(stamps, dtype=np.int64).view("datetime64[ns]")
