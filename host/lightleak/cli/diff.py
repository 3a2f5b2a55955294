"""``lightleak diff``: what changed between two sessions."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.errors import UsageError

_APPEARED = 3
"""Exit code where something new was seen and ``--fail-on-new`` asks (contract, section 2)."""

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--old-report", type=_PATH, help="The privacy report of OLD's time: verdicts by cause are compared too.")
@click.option("--new-report", type=_PATH, help="The privacy report of NEW's time.")
@click.option("--app", "apps", multiple=True, metavar="ID", help="Compare this app; without, those of both sessions.")
@click.option(
    "--fail-on-new", is_flag=True, help="Exit 3 when NEW does what OLD did not, where the two can be compared."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For people or programs.",
)
@click.option("-o", "--output", type=_PATH, help="The file to write; stdout without it.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
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
    """Say what changed between two sessions, such as two versions of an app: per hour of watched time."""
    from lightleak import open as open_session
    from lightleak import read_report
    from lightleak.comparator.diff.diff import diff

    if (old_report is None) != (new_report is None):
        raise UsageError("one report alone compares nothing", hint="give both --old-report and --new-report, or none")
    if output is not None:
        refuse_existing(output, force=force)
    before, after = open_session(old), open_session(new)
    found = diff(
        before,
        after,
        apps=apps or None,
        old_report=read_report(old_report) if old_report else None,
        new_report=read_report(new_report) if new_report else None,
    )
    told = found.to_dict()
    for notice in [*before.notices, *after.notices]:
        console.warning(notice)
    if form == "json":
        emit(found.to_json(), output, force=force)
    else:
        from lightleak.views.terminal.diff import diff_lines

        emit(console.rendered(diff_lines(told), wide=output is not None), output, force=force)
    return _APPEARED if fail_on_new and told["appeared"] else 0
