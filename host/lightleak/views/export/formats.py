"""The formats of ``export``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from lightleak.views.export.source import ExportSource

FORMATS = ("ndjson", "csv", "parquet", "perfetto", "timesketch")
"""Each is a module of ``lightleak.views`` whose ``export(source, file)`` writes it, imported when it is asked for."""

BINARY = ("parquet", "perfetto")
"""Those that are not text."""


def exporter(form: str, output: Path | None) -> Callable[[ExportSource, BinaryIO], None]:
    """Return what writes a format. Timesketch gets CSV if the output's name ends with .csv, and JSONL otherwise."""
    module = importlib.import_module(
        f"lightleak.views.{form}.write" if form == "perfetto" else f"lightleak.views.export.{form}"
    )
    as_csv = form == "timesketch" and output is not None and output.suffix.lower() == ".csv"
    return cast("Callable[[ExportSource, BinaryIO], None]", module.export_csv if as_csv else module.export)
