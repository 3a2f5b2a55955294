"""``lightleak export``: a session for other tools."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from lightleak.cli._console import Console
from lightleak.cli._files import refuse_existing, stream
from lightleak.cli._options import chosen, filter_option
from lightleak.cli._progress import progress
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from lightleak.trace.session import Session
    from lightleak.views.export.source import ExportSource

FORMATS = ("ndjson", "csv", "parquet", "perfetto", "timesketch")
"""Each is a module of ``lightleak.views`` whose ``export(reading, file)`` writes it, imported when it is asked for."""


_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak export monday.lightleak --format csv -o monday.csv\n"
    "  lightleak export monday.lightleak --redact -o public.lightleak\n"
)


@click.command("export", epilog=_EXAMPLES)
@click.argument("session", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, "session"]),
    help="Whose format; session, a session file again, only with --redact.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file to write; stdout without it, or with -."
)
@filter_option
@click.option("--redact", is_flag=True, help="Write a session that can be published, with the same verdicts.")
@click.option(
    "--names",
    type=click.Choice(["hash", "keep"]),
    help="With --redact: hash or keep the names of the app's classes and the stacks. [default: hash]",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(
    console: Console,
    *,
    session: Path,
    form: str | None,
    output: Path | None,
    expression: str | None,
    redact: bool,
    names: str | None,
    force: bool,
) -> None:
    """Write SESSION in another tool's format, or redacted.

    timesketch: CSV where the file's name ends with .csv, else JSONL.
    """
    output = None if output == Path("-") else output
    if redact:
        _refuse_with_redact(form, output, expression)
        _redact(console, session, cast("Path", output), hide_names=names != "keep", force=force)
    elif form is None:
        raise UsageError("no format is named", hint=f"add --format, one of {', '.join(FORMATS)}; or --redact")
    elif form == "session":
        raise UsageError("a session is a session already", hint="add --redact, or copy the file")
    elif names is not None:
        raise UsageError("--names goes with --redact", hint="add --redact, or leave it out")
    else:
        _export(console, session, form, output, expression=expression, force=force)


def _refuse_with_redact(form: str | None, output: Path | None, expression: str | None) -> None:
    if form not in (None, "session"):
        raise UsageError("--redact writes a session", hint=f"leave out --format, then export that session as {form}")
    if expression is not None:
        raise UsageError("--redact takes the whole session", hint="leave out --filter: verdicts need every event")
    if output is None:
        raise UsageError("a session is a file", hint="say where with -o FILE")


def _redact(console: Console, path: Path, output: Path, *, hide_names: bool, force: bool) -> None:
    from lightleak.redact import original, redact

    refuse_existing(output, force=force)
    whole = original(path)
    for notice in whole.notices:
        console.warning(notice)
    with progress(console, "redacting", _events(whole)) as done:
        head = redact(whole, output, hide_names=hide_names, force=force, progress=done)
    console.info(f"{output}: head hash {head}, from {whole.head_hash}")


def _export(
    console: Console, path: Path, form: str, output: Path | None, *, expression: str | None, force: bool
) -> None:
    from lightleak.trace.session import open_session
    from lightleak.views.export.source import ExportSource

    opened = open_session(path)
    keep = chosen(expression, opened.header)
    for notice in opened.notices:
        console.warning(notice)
    with progress(console, f"writing {form}", _events(opened)) as done, stream(output, force=force) as file:
        _exporter(form, output)(ExportSource(opened, keep, done), file)


def _events(session: Session) -> int:
    """Count them by what the seals say."""
    return sum(part.last_seal.events for part in session.parts)


def _exporter(form: str, output: Path | None) -> Callable[[ExportSource, BinaryIO], None]:
    module = importlib.import_module(
        f"lightleak.views.{form}.write" if form == "perfetto" else f"lightleak.views.export.{form}"
    )
    as_csv = form == "timesketch" and output is not None and output.suffix.lower() == ".csv"
    return cast("Callable[[ExportSource, BinaryIO], None]", module.export_csv if as_csv else module.export)
