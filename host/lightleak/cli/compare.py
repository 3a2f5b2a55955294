"""``lightleak compare``: why each entry of a report exists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options.comparison import ComparisonInputs, comparison_options
from lightleak.cli._options.values import force_option, format_option, output_option
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from lightleak.comparator import Comparison

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak compare monday.lightleak --report App_Privacy_Report.ndjson\n"
    "  lightleak compare week.lightleak --report a.ndjson --report b.ndjson --format html -o week.html\n"
)


@click.command(epilog=_EXAMPLES)
@comparison_options
@format_option("table", "json", "html", purpose="for people, for programs, or a page to publish")
@output_option
@force_option
@click.pass_obj
def command(console: Console, *, inputs: ComparisonInputs, form: str, output: Path | None, force: bool) -> None:
    """Say why each photos entry of a privacy report exists, and how far the app went.

    SESSION… are recordings of lightleak. The files of one rotated recording count as one session.
    """
    if output is not None:
        refuse_existing(output, force=force)
    if form == "html" and output is None:
        raise UsageError("--format html needs an output file", hint="name it with -o FILE")
    comparison = inputs.compare()
    comparison.refuse_nothing()
    for notice in comparison.notices:
        console.warning(notice)
    emit(_shown(console, comparison, form, to_file=output is not None), output, force=force)


def _shown(console: Console, comparison: Comparison, form: str, *, to_file: bool) -> str:
    if form == "json":
        return comparison.to_json()
    if form == "html":
        from lightleak.views.page import build

        return build.render(comparison)
    from lightleak.views.terminal import tables

    content = tables.verdict_tables(comparison.to_dict())
    return console.for_file(content) if to_file else console.rendered(content)
