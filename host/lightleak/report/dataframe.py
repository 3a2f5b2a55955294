"""A report's entries as a data frame: a row for each entry, of every category.

Separate because only who asks for a frame pays for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from lightleak.dataframes import FrameColumn
from lightleak.report.entry_columns import Entry

COLUMNS = (
    FrameColumn("identifier", "text"),
    FrameColumn("app", "text"),
    FrameColumn("category", "text"),
    FrameColumn("begin", "time"),
    FrameColumn("end", "time"),
    FrameColumn("offset_s", "offset"),
    FrameColumn("duration_s", "real"),
    FrameColumn("out_of_process", "flag"),
    FrameColumn("broadcaster", "text"),
    FrameColumn("flags", "list"),
    FrameColumn("begin_line", "whole"),
    FrameColumn("end_line", "whole"),
    FrameColumn("file", "text"),
    FrameColumn("end_file", "text"),
)
"""``begin`` and ``end`` are UTC; ``offset_s`` is the zone that the report wrote the first of them in."""


def table_of(entries: Sequence[Entry]) -> dict[str, list[Any]]:
    """Return the columns by name, in the order of the entries."""
    made = list(entries)
    own = {"begin": "begin_ns", "end": "end_ns", "offset_s": "begin_offset_s"}
    table = {column.name: list(map(attrgetter(own.get(column.name, column.name)), made)) for column in COLUMNS}
    table["flags"] = list(map(list, table["flags"]))
    return table
