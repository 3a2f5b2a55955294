"""Data frames of pandas and polars from columns of values: typed, also without a row. Both libraries are optional.

Times are nanoseconds since 1970; a value that is missing is None.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from lightleak.errors import LightleakError

FrameKind = Literal["text", "whole", "real", "yes-no", "flag", "offset", "time", "word", "step", "list"]
"""``flag`` and ``offset`` are never missing. ``word``: one of a few; ``step``: the same, in an order. ``list``: of texts."""


class FrameColumn(NamedTuple):
    """One column of a frame."""

    name: str
    kind: FrameKind
    words: tuple[str, ...] = ()
    """All words of the kinds ``word`` and ``step``, those of ``step`` in their order."""
    zone: tzinfo = UTC
    """Of the kind ``time``."""


_PANDAS = {
    "text": "string",
    "whole": "Int64",
    "real": "Float64",
    "yes-no": "boolean",
    "flag": "bool",
    "offset": "int32",
}


def pandas_frame(columns: Sequence[FrameColumn], values: Mapping[str, Sequence[Any]]) -> Any:
    """Return a pandas.DataFrame. Raises: LightleakError when pandas is missing."""
    pandas = _library("pandas")

    def series(column: FrameColumn) -> Any:
        own = values[column.name]
        if column.kind == "time":
            stamps = pandas.Series(_nat(own), dtype="datetime64[ns]")
            return stamps.dt.tz_localize("UTC").dt.tz_convert(column.zone if column.zone is not UTC else "UTC")
        if column.kind in ("word", "step"):
            return pandas.Categorical(own, categories=list(column.words), ordered=column.kind == "step")
        if column.kind == "list":
            return pandas.Series(list(own), dtype="object")
        return pandas.array(list(own), dtype=_PANDAS[column.kind])

    return pandas.DataFrame({column.name: series(column) for column in columns})


def polars_frame(columns: Sequence[FrameColumn], values: Mapping[str, Sequence[Any]]) -> Any:
    """Return a polars.DataFrame. A zone without a name is UTC there. Raises: LightleakError when polars is missing."""
    polars = _library("polars")
    types = {
        "text": polars.String,
        "whole": polars.Int64,
        "real": polars.Float64,
        "yes-no": polars.Boolean,
        "flag": polars.Boolean,
        "offset": polars.Int32,
        "list": polars.List(polars.String),
    }

    def kind_of(column: FrameColumn) -> Any:
        if column.kind == "time":
            return polars.Datetime("ns", column.zone.key if isinstance(column.zone, ZoneInfo) else "UTC")
        return polars.Enum(column.words) if column.kind in ("word", "step") else types[column.kind]

    return polars.DataFrame(
        {
            column.name: polars.Series(column.name, list(values[column.name]), dtype=kind_of(column))
            for column in columns
        }
    )


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise LightleakError(f"{name} is not installed", hint="install lightleak[frames]") from problem


def _nat(times: Sequence[int | None]) -> Any:
    stamps = [np.iinfo(np.int64).min if time is None else time for time in times]
    return np.array(stamps, dtype=np.int64).view("datetime64[ns]")
