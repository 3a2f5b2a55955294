"""``lightleak export``: a session for other tools."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from lightleak.cli._console import Console
from lightleak.cli._filter import chosen, filter_option
from lightleak.cli._progress import progress
from lightleak.cli._stream import stream

if TYPE_CHECKING:
    from lightleak.views.reading import Reading

FORMATS = ("ndjson", "csv", "parquet", "perfetto", "timesketch")
"""Each is a module of ``lightleak.views`` whose ``export(reading, file)`` writes it, imported when it is asked for."""


@click.command("export")
@click.argument("session", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(FORMATS), help="Whose format.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file to write; stdout without it, or with -."
)
@filter_option
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(
    console: Console, *, session: Path, form: str, output: Path | None, expression: str | None, force: bool
) -> None:
    """Write SESSION in another tool's format.

    timesketch: CSV where the file's name ends with .csv, else JSONL.
    """
    from lightleak.trace.session import open_session
    from lightleak.views.reading import Reading

    opened = open_session(session)
    keep = chosen(expression, opened.header)
    for notice in opened.notices:
        console.warning(notice)
    events = sum(part.last_seal.events for part in opened.parts)
    with (
        progress(console, f"writing {form}", events) as done,
        stream(None if output == Path("-") else output, force=force) as file,
    ):
        _exporter(form, output)(Reading(opened, keep, done), file)


def _exporter(form: str, output: Path | None) -> Callable[[Reading, BinaryIO], None]:
    module = importlib.import_module(f"lightleak.views.{form}")
    as_csv = form == "timesketch" and output is not None and output.suffix.lower() == ".csv"
    return cast("Callable[[Reading, BinaryIO], None]", module.export_csv if as_csv else module.export)
