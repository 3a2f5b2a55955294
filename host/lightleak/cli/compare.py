"""``lightleak compare``: why each entry of a report exists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_binary_on_terminal, refuse_existing, stream
from lightleak.cli._options.comparison import ComparisonInputs, comparison_options
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.values import force_option, output_option
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from lightleak.comparator import Comparison
    from lightleak.comparator.selection import Selection

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak compare monday.lightleak App_Privacy_Report.ndjson\n"
    "  lightleak compare week.lightleak a.ndjson b.ndjson -o week.html\n"
    "  lightleak compare week.lightleak a.ndjson --filter 'depth = data and state = background' -o reads.csv\n"
)


def _complete_field(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    from lightleak.comparator.entry_filter import ENTRY_FIELDS

    return [name for name in ENTRY_FIELDS if name.startswith(incomplete.lower())]


@click.command(epilog=_EXAMPLES)
@comparison_options
@click.option(
    "--filter",
    "expression",
    shell_complete=_complete_field,
    metavar="EXPR",
    help="Select only these entries, such as 'depth = data and state = background and time < 06:00' (default: all).",
)
@click.option(
    "--from",
    "since",
    metavar="TIME",
    help="Select entries that begin at or after this: 2026-11-20, 2026-11-20T22:30, or 22:30 on the first day.",
)
@click.option(
    "--to", "until", metavar="TIME", help="Select entries that begin up to this day, minute or second, included."
)
@format_option("table", "json", "html", "csv", "parquet", purpose="for people, for programs, or a page to publish")
@click.option(
    "--why", is_flag=True, help="Show the full reason for each entry in the table, with figures and limits; so does -v."
)
@output_option
@force_option
@click.pass_obj
def command(
    console: Console,
    *,
    inputs: ComparisonInputs,
    expression: str | None,
    since: str | None,
    until: str | None,
    form: str,
    why: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Say why each photos entry of a privacy report exists, and how far the app went.

    SESSION… are recordings of lightleak; the files of one rotated recording count as one session. REPORT… are exports, or
    on-device stores. They are recognised by their content, in any order.
    """
    from lightleak.comparator.entry_filter import EntryFilter

    is_selection = (expression, since, until) != (None, None, None)
    if output is not None:
        refuse_existing(output, force=force)
    if form == "html" and output is None:
        raise UsageError("--format html needs an output file", hint="name it with -o FILE")
    if form == "parquet":
        refuse_binary_on_terminal(form, output)
    if form == "html" and is_selection:
        raise UsageError(
            "a page cannot be made of some entries", hint="leave out --filter, --from and --to: the page has filters"
        )
    if expression is not None:
        EntryFilter(expression)  # a mistake is found before files are read
    comparison = inputs.compare()
    comparison.ensure_comparable()
    for notice in comparison.notices:
        console.warning(notice)
    if form == "html":
        from lightleak.views.page import build

        emit(build.render(comparison), output, force=force)
    elif form in ("csv", "parquet"):
        _export(_selected(comparison, expression, since, until), form, output, force=force)
    else:
        found = _selected(comparison, expression, since, until) if is_selection else comparison
        text = found.to_json() if form == "json" else _table(console, found, output, why=why)
        emit(text, output, force=force)


def _selected(comparison: Comparison, expression: str | None, since: str | None, until: str | None) -> Selection:
    from lightleak.comparator.selection import select

    return select(comparison, expression, since=since, until=until)


def _table(console: Console, found: Comparison | Selection, output: Path | None, *, why: bool) -> str:
    from lightleak.views.terminal import tables

    return console.text_for(output, tables.render(found.to_dict(), why=why or console.verbosity > 0))


def _export(found: Selection, form: str, output: Path | None, *, force: bool) -> None:
    from lightleak.views.export import verdicts

    with stream(output, force=force) as file:
        (verdicts.export_csv if form == "csv" else verdicts.export_parquet)(found, file)
