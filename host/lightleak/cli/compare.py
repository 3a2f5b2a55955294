"""``lightleak compare``: why each entry of a report exists."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options.comparison import ComparisonInputs, comparison_options
from lightleak.cli._options.values import force_option, format_option, output_option
from lightleak.errors import UsageError

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak compare monday.lightleak App_Privacy_Report.ndjson\n"
    "  lightleak compare week.lightleak a.ndjson b.ndjson --format html -o week.html\n"
)


@click.command(epilog=_EXAMPLES)
@comparison_options
@format_option("table", "json", "html", purpose="for people, for programs, or a page to publish")
@click.option(
    "--why", is_flag=True, help="Show the full reason for each entry in the table, with figures and limits; so does -v."
)
@output_option
@force_option
@click.pass_obj
def command(
    console: Console, *, inputs: ComparisonInputs, form: str, why: bool, output: Path | None, force: bool
) -> None:
    """Say why each photos entry of a privacy report exists, and how far the app went.

    SESSION… are recordings of lightleak; the files of one rotated recording count as one session. REPORT… are exports, or
    on-device stores. They are told apart by their content, in any order.
    """
    if output is not None:
        refuse_existing(output, force=force)
    if form == "html" and output is None:
        raise UsageError("--format html needs an output file", hint="name it with -o FILE")
    comparison = inputs.compare()
    comparison.ensure_comparable()
    for notice in comparison.notices:
        console.warning(notice)
    if form == "json":
        emit(comparison.to_json(), output, force=force)
    elif form == "html":
        from lightleak.views.page import build

        emit(build.render(comparison), output, force=force)
    else:
        from lightleak.views.terminal import tables

        emit(
            console.text_for(output, tables.render(comparison.to_dict(), why=why or console.verbosity > 0)),
            output,
            force=force,
        )
