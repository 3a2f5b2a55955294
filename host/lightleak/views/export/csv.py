"""A session as CSV: one row for each event, for spreadsheets. No cell can start a formula or steer a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from functools import lru_cache
from typing import Any, BinaryIO

from lightleak.events import NS_PER_S
from lightleak.filter.time_expr import local
from lightleak.text import escaped
from lightleak.timezones import device_zone
from lightleak.trace.flat_row import COLUMNS, as_row
from lightleak.views.export.source import ExportSource

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that starts with one of these is a formula. Source: OWASP, CSV Injection."""

_ROWS_AT_ONCE = 1_000
_SECOND = len("2026-11-29T16:13:20")


def export(source: ExportSource, file: BinaryIO) -> None:
    """Write a header row and a row for each event, UTF-8, RFC 4180.

    A text that a spreadsheet would take for a formula (each selector starts with + or -) gets an apostrophe in front.
    Raises: TraceError when the session is damaged, OSError when the file cannot be written.
    """
    zone = device_zone(source.header)
    write(
        file,
        ["time", *(column.name for column in COLUMNS)],
        ([when(event.wall_ns, zone), *as_row(event, here)] for event, here in source.events()),
    )


def when(wall_ns: int, zone: tzinfo) -> str | None:
    """Return a wall time as RFC 3339 in µs; None when it is outside the calendar."""
    second = _of_second(wall_ns // NS_PER_S, zone)
    return None if second is None else f"{second[:_SECOND]}.{wall_ns % NS_PER_S // 1000:06}{second[_SECOND:]}"


@lru_cache(maxsize=1_000)
def _of_second(second: int, zone: tzinfo) -> str | None:
    try:
        return local(second * NS_PER_S, zone).isoformat(timespec="seconds")
    except OverflowError:
        return None


def write(file: BinaryIO, names: list[str], rows: Iterable[list[Any]]) -> None:
    """Write rows of text, numbers and None."""
    file.writelines(piece.encode() for piece in _pieces(names, rows))


def cell(value: Any) -> Any:
    """Return a value that does no harm in a spreadsheet or a terminal."""
    if value.__class__ is bool:
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    shown = value if value.isprintable() else escaped(value)
    # Of most texts the first character is enough to know that they are no formula.
    if value[:1].isalnum():
        return shown
    return f"'{shown}" if value.lstrip(" \xa0").startswith(_FORMULA) else shown


@lru_cache(maxsize=4_000)
def _text_field(value: str) -> str:
    """Return a text as it is written: most come again, such as symbols, depths and names of images."""
    shown = _text(value)
    return '"' + shown.replace('"', '""') + '"' if '"' in shown or "," in shown else shown


def _field(value: Any) -> str:
    shown = cell(value)
    return _text_field(shown) if isinstance(shown, str) else "" if shown is None else str(shown)


def _line(row: list[Any]) -> str:
    # Three quarters of the fields are empty. Python's writer needs the row twice: for the cells, and to look for quotes.
    return ",".join(
        ["" if value is None else _text_field(value) if value.__class__ is str else _field(value) for value in row]
    )


def _pieces(names: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    lines = [_line(names)]
    for row in rows:
        lines.append(_line(row))
        if len(lines) >= _ROWS_AT_ONCE:
            yield "\r\n".join([*lines, ""])
            lines = []
    yield "\r\n".join([*lines, ""]) if lines else ""
