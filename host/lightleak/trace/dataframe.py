"""A session's events as a data frame: a row for each event, with the columns of the exports to CSV and Parquet.

Separate because only who asks for a frame pays for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lightleak.dataframes import FrameColumn, FrameKind
from lightleak.events import Event
from lightleak.filter import Filter
from lightleak.replay_state import ReplayState
from lightleak.timezones import device_zone
from lightleak.trace.flat_row import COLUMNS, Kind, as_row

_KINDS: dict[Kind, FrameKind] = {"whole": "whole", "text": "text", "bool": "yes-no"}


def columns_of(header: dict[str, Any]) -> list[FrameColumn]:
    """Return the columns: ``time`` in the device's zone, then those of the exports."""
    return [
        FrameColumn("time", "time", zone=device_zone(header)),
        *(FrameColumn(column.name, _KINDS[column.kind]) for column in COLUMNS),
    ]


def table_of(events: Iterable[Event], header: dict[str, Any], expression: str | None) -> dict[str, list[Any]]:
    """Return the columns by name, of the events for which an expression of the filter language is true.

    Raises: UsageError when the expression is not valid, TraceError when the session is damaged.
    """
    keep = None if expression is None else Filter(expression, device_zone(header))
    replay = ReplayState()
    rows: list[list[Any]] = []
    for event in events:
        state = replay.at(event)
        if keep is None or keep.test(event, state):
            rows.append(as_row(event, state))
    table: dict[str, list[Any]] = {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}
    return {"time": table["wall_ns"], **table}
