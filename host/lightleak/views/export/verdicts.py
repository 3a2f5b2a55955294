"""Verdicts as CSV and Parquet: a row for each entry, with the columns of a comparison's data frame.

Separate because the other exports are of events.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from lightleak.comparator.dataframe import COLUMNS, LISTS, TIMES, WORDS, table_of
from lightleak.comparator.selection import Selection
from lightleak.views.export import csv
from lightleak.views.export.parquet import arrow


def export_csv(found: Selection, file: BinaryIO) -> None:
    """Write a header row and a row for each entry: times as the report writes them, lists with spaces between."""
    table = _table(found)
    table |= {"begin": [verdict.begin for verdict in found.chosen], "end": [verdict.end for verdict in found.chosen]}
    for name in LISTS:
        table[name] = [" ".join(words) for words in table[name]]
    csv.write(file, list(COLUMNS), map(list, zip(*(table[name] for name in COLUMNS), strict=True)))


def export_parquet(found: Selection, file: BinaryIO) -> None:
    """Write a row for each entry; times are UTC, words are dictionaries. Raises: LightleakError without pyarrow."""
    pa, pq = arrow()
    words = pa.dictionary(pa.int8(), pa.string())
    types = {
        **dict.fromkeys(COLUMNS, pa.string()),
        **dict.fromkeys(TIMES, pa.timestamp("ns", tz="UTC")),
        "offset_s": pa.int32(),
        "out_of_process": pa.bool_(),
        **dict.fromkeys(WORDS, words),
        **dict.fromkeys(LISTS, pa.list_(pa.string())),
    }
    table = _table(found)
    arrays = [_array(pa, name, table[name], types[name]) for name in COLUMNS]
    schema = pa.schema([(name, types[name]) for name in COLUMNS])
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file, compression="zstd")


def _table(found: Selection) -> dict[str, list[Any]]:
    return table_of(found.verdicts(), found.comparison.entries, found.rows)


def _array(pa: Any, name: str, values: list[Any], kind: Any) -> Any:
    if name not in WORDS:
        return pa.array(values, kind)
    numbers = {word: at for at, word in enumerate(WORDS[name])}
    indices = pa.array([None if value is None else numbers[value] for value in values], pa.int8())
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(WORDS[name]), pa.string()))
