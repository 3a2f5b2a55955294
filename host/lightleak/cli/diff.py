"""``lightleak diff``: show what changed between two sessions."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.values import force_option, output_option

_APPEARED = 3
"""Exit code when something new was seen, with ``--fail-on-new`` (contract, section 2)."""

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--old-report", type=_PATH, help="The privacy report of OLD's time: compares the entries by cause too.")
@click.option("--new-report", type=_PATH, help="The privacy report of NEW's time.")
@click.option(
    "--app",
    "apps",
    multiple=True,
    metavar="ID",
    help="Only compare this app (default: every app in the sessions). Repeat for several.",
)
@click.option(
    "--fail-on-new", is_flag=True, help="Exit 3 when NEW does something that OLD did not, where both can be compared."
)
@format_option("table", "json")
@output_option
@force_option
@click.pass_obj
def command(
    console: Console,
    *,
    old: Path,
    new: Path,
    old_report: Path | None,
    new_report: Path | None,
    apps: tuple[str, ...],
    fail_on_new: bool,
    form: str,
    output: Path | None,
    force: bool,
) -> int:
    """Show what changed between two sessions, such as two versions of an app, per watched hour."""
    from lightleak.library import diff

    if output is not None:
        refuse_existing(output, force=force)
    difference = diff(old, new, apps=apps or None, old_report=old_report, new_report=new_report)
    model = difference.to_dict()
    console.warn_of(difference.file_notices)
    if form == "json":
        emit(difference.to_json(), output, force=force)
    else:
        from lightleak.views.terminal import diff as view

        emit(console.text_for(output, view.render(model)), output, force=force)
    return _APPEARED if fail_on_new and model["appeared"] else 0
