"""Write the rows of a query as a table, JSON or CSV.

Separate because rows of any SQL hold values of any type, and names of any kind.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightleak.cli._console import Console
from lightleak.cli._files import emit, stream

if TYPE_CHECKING:
    from lightleak.fleet.query import QueryResult

_MOST_IN_TABLE = 10_000


def write_rows(console: Console, found: QueryResult, form: str, output: Path | None, *, force: bool) -> None:
    """Write rows as they are read; a table has the first 10,000. Raises: FileError when the output cannot be written."""
    names, types, rows = found
    if form == "table":
        shown = [[_cell(value) for value in row] for row in islice(rows, _MOST_IN_TABLE)]
        emit(console.table(names, shown), output, force=force)
        if next(rows, None) is not None:
            console.warning(f"only the first {_MOST_IN_TABLE:,} rows are shown; --format csv or json has all")
        return
    with stream(output, force=force) as file:
        if form == "csv":
            from lightleak.views.export import csv

            csv.write(file, list(names), ([_cell(value) for value in row] for row in rows))
            return
        keys = _distinct(names)
        columns = [{"name": name, "type": kind} for name, kind in zip(keys, types, strict=True)]
        head = json.dumps({"version": 1, "columns": columns}, ensure_ascii=False)
        file.write(head.removesuffix("}").encode() + b', "rows": [')
        for number, row in enumerate(rows):
            text = json.dumps(dict(zip(keys, map(_plain, row), strict=True)), ensure_ascii=False)
            file.write((b",\n" if number else b"\n") + text.encode(errors="backslashreplace"))
        file.write(b"\n]}\n")


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names of columns, each once: the second ``run`` is ``run_2``."""
    found: list[str] = []
    for name in names:
        number, own = 1, name
        while own in found:
            number += 1
            own = f"{name}_{number}"
        found.append(own)
    return found


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple():
            return [_plain(one) for one in value]
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case bytes():
            return value.hex()
    return str(value)


def _cell(value: Any) -> Any:
    """Return a value as a table or CSV has it: lists and objects as JSON."""
    if isinstance(value, list | tuple | dict):
        return json.dumps(_plain(value), ensure_ascii=False)
    return _plain(value)
