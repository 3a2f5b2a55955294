"""``lightleak compare``: the verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options import facts_of, facts_option, lag_option, reports_option
from lightleak.errors import UsageError

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak compare monday.lightleak --report App_Privacy_Report.ndjson\n"
    "  lightleak compare week.lightleak --report a.ndjson --report b.ndjson --format html -o week.html\n"
)


@click.command(epilog=_EXAMPLES)
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION…")
@reports_option
@click.option(
    "--app", "apps", multiple=True, metavar="ID", help="Judge this app's entries; without, those of the sessions' apps."
)
@lag_option
@facts_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "html"]),
    default="table",
    show_default=True,
    help="For people, for programs, or a page to look at and to publish.",
)
@click.option("--why", is_flag=True, help="In the table, say why with figures and limits; -v does the same.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; stdout without it.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(
    console: Console,
    *,
    sessions: tuple[Path, ...],
    reports: tuple[Path, ...],
    apps: tuple[str, ...],
    lag: float | Literal["auto"] | None,
    facts: Path | None,
    form: str,
    why: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Say of each photos entry of a privacy report why it exists, and how far the app went.

    SESSION… are recordings of lightleak; files of one rotated recording count as one.
    """
    from lightleak import open as open_session
    from lightleak import read_report
    from lightleak.comparator import compare

    if output is not None:
        refuse_existing(output, force=force)
    if form == "html" and output is None:
        raise UsageError("a page is a file", hint="say where with -o FILE")
    opened = [open_session(path) for path in sessions]
    found = compare(opened, read_report(*reports), apps=apps or None, lag=lag, facts=facts_of(facts))
    found.refuse_nothing()
    for notice in found.notices:
        console.warning(notice)
    if form == "json":
        emit(found.to_json(), output, force=force)
    elif form == "html":
        from lightleak.views.page.build import render

        emit(render(found), output, force=force)
    else:
        emit(
            console.rendered(_tables(found.to_dict(), why=why or console.verbosity > 0), wide=output is not None),
            output,
            force=force,
        )


def _tables(verdicts: dict[str, Any], *, why: bool) -> Any:
    from lightleak.views.terminal.tables import verdict_tables

    return verdict_tables(verdicts, why=why)
