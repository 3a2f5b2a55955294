"""``lightleak export``: convert a session for other tools, or redact it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from lightleak.cli._console import Console
from lightleak.cli._files import is_stdout, refuse_binary_on_terminal, refuse_existing, stream
from lightleak.cli._options.events import filter_option, read_filter
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.values import force_option, output_option
from lightleak.cli._progress import progress
from lightleak.errors import UsageError
from lightleak.views.export.formats import BINARY, FORMATS, exporter
from lightleak.wording import plural

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak export monday.lightleak --format csv -o monday.csv\n"
    "  lightleak export monday.lightleak --redact -o public.lightleak\n"
)


@click.command("export", epilog=_EXAMPLES)
@click.argument("session", type=click.Path(path_type=Path))
@format_option(*FORMATS, "session", purpose="session only with --redact", with_default=False)
@output_option
@filter_option
@click.option(
    "--redact", is_flag=True, help="Write a session file that can be published and leads to the same verdicts."
)
@click.option(
    "--names",
    type=click.Choice(["hash", "keep"]),
    help="With --redact: hash or keep the app's class names and stacks (default: hash).",
)
@force_option
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
    """Convert SESSION for another tool, or redact it.

    Timesketch gets CSV if the file's name ends with .csv, and JSONL otherwise.
    """
    if redact:
        _check_redact(form, output, expression)
        _redact(console, session, cast("Path", output), hide_names=names != "keep", force=force)
    elif form is None:
        raise UsageError(
            "no format given",
            hint=f"add --format, one of {', '.join(FORMATS)}, or give the output an ending such as .csv; or --redact",
        )
    elif form == "session":
        raise UsageError("the format session requires --redact", hint="add --redact, or copy the file")
    elif names is not None:
        raise UsageError("--names requires --redact", hint="add --redact, or leave out --names")
    else:
        _export(console, session, form, output, expression=expression, force=force)


def _check_redact(form: str | None, output: Path | None, expression: str | None) -> None:
    if form not in (None, "session"):
        raise UsageError(
            "--redact always writes a session file", hint=f"leave out --format, then export that file as {form}"
        )
    if expression is not None:
        raise UsageError(
            "--redact cannot be combined with --filter", hint="leave out --filter: verdicts need every event"
        )
    if is_stdout(output):
        raise UsageError("--redact needs an output file", hint="name it with -o FILE")


def _redact(console: Console, path: Path, output: Path, *, hide_names: bool, force: bool) -> None:
    from lightleak.redact import original, redact

    refuse_existing(output, force=force)
    whole = original(path)
    console.warn_of(whole.notices)
    with progress(console, "redacting", whole.event_count) as done:
        written = redact(whole, output, hide_names=hide_names, force=force, progress=done)
    console.warn_of(whole.odd_notices)
    console.info(f"wrote {output} with head hash {written.head}, from the session with head hash {whole.head_hash}")
    console.info(f"replaced {plural(written.replaced, 'value')}, left out {plural(written.left_out, 'key')}")


def _export(
    console: Console, path: Path, form: str, output: Path | None, *, expression: str | None, force: bool
) -> None:
    from lightleak.trace.session import open_session
    from lightleak.views.export.source import ExportSource

    if form in BINARY:
        refuse_binary_on_terminal(form, output)
    opened = open_session(path)
    keep = read_filter(expression, opened.header)
    console.warn_of(opened.notices)
    with progress(console, f"writing {form}", opened.event_count) as done, stream(output, force=force) as file:
        exporter(form, output)(ExportSource(opened, keep, done), file)
    console.warn_of(opened.odd_notices)
