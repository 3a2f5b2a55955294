"""A session as Parquet: the columns of the CSV with their types, and every string as it was recorded.

Separate because it is one export of several, imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from lightleak.errors import LightleakError
from lightleak.timezones import device_zone, name_of
from lightleak.trace.flat_row import COLUMNS, as_row
from lightleak.views.export.source import ExportSource

_ROWS_AT_ONCE = 20_000
"""A row group, and what is held in memory."""


def export(source: ExportSource, file: BinaryIO) -> None:
    """Write a row for each event; the session's header is in the file's metadata, ``lightleak.header``.

    Raises: LightleakError without pyarrow, TraceError when the session is damaged, OSError when the file cannot be
    written.
    """
    pa, pq = arrow()
    schema = _schema(pa, name_of(device_zone(source.header)), source.session.header_line)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(as_row(event, here) for event, here in source.events()):
            columns = list(zip(*group, strict=True))
            arrays = [
                pa.array(column, field.type) for column, field in zip([columns[0], *columns], schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema), row_group_size=_ROWS_AT_ONCE)


def arrow() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet writer. Raises: LightleakError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as problem:
        raise LightleakError(
            "Parquet needs pyarrow, which is not installed", hint="pip install 'lightleak[parquet]'"
        ) from problem
    return pa, pq


def _schema(pa: Any, zone: str, header: bytes) -> Any:
    types = {"whole": pa.int64(), "text": pa.string(), "bool": pa.bool_()}
    fields = [("time", pa.timestamp("ns", tz=zone)), *((column.name, types[column.kind]) for column in COLUMNS)]
    return pa.schema(fields, metadata={b"lightleak.header": header})


def _groups(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while group := list(islice(rows, _ROWS_AT_ONCE)):
        yield group
