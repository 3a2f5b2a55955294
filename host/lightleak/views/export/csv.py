"""Write a session as CSV: one row an event, for spreadsheets. No cell can start a formula or steer a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any, BinaryIO

from lightleak.filter.time_expr import local
from lightleak.text import escaped
from lightleak.timezones import device_zone
from lightleak.views.export.flat_row import COLUMNS, as_row
from lightleak.views.export.source import ExportSource

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a spreadsheet takes a cell for a formula. Source: OWASP, CSV Injection."""

_ROWS_AT_ONCE = 1_000


def export(reading: ExportSource, file: BinaryIO) -> None:
    """Write a header row and a row for each event, UTF-8, RFC 4180. Errors: TraceError, OSError.

    A text that a spreadsheet would take for a formula (each selector begins with + or -) has an apostrophe before it.
    """
    zone = device_zone(reading.header)
    write(
        file,
        ["time", *(column.name for column in COLUMNS)],
        ([when(event.wall_ns, zone), *as_row(event, here)] for event, here in reading.events()),
    )


def when(wall_ns: int, zone: tzinfo) -> str | None:
    """Tell a wall time as RFC 3339 in µs; None where no calendar reaches."""
    try:
        return local(wall_ns, zone).isoformat(timespec="microseconds")
    except OverflowError:
        return None


def write(file: BinaryIO, names: list[str], told: Iterable[list[Any]]) -> None:
    """Write rows of text, numbers and None."""
    file.writelines(piece.encode() for piece in _pieces(names, told))


def cell(value: Any) -> Any:
    """Make a value harmless to whoever opens the table."""
    if not isinstance(value, str):
        return {True: "true", False: "false"}.get(value) if value.__class__ is bool else value
    shown = value if value.isprintable() else escaped(value)
    return f"'{shown}" if value.lstrip(" \xa0").startswith(_FORMULA) else shown


def _pieces(names: list[str], told: Iterable[list[Any]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for number, row in enumerate(told, 1):
        writer.writerow([value if value is None else cell(value) for value in row])
        if not number % _ROWS_AT_ONCE:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
