"""``lightleak check``: hold sessions and a report against a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options import facts_of, facts_option, lag_option, read_text, reports_option

if TYPE_CHECKING:
    from lightleak.comparator.policy.check import Checked

_BROKEN = 3
"""Exit code where the policy is broken (contract, section 2)."""


@click.command()
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION…")
@reports_option
@click.option("--policy", required=True, type=click.Path(path_type=Path), help="What must hold, in TOML.")
@click.option("--app", "apps", multiple=True, metavar="ID", help="Hold this app; without, those of the sessions.")
@lag_option
@facts_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "junit"]),
    default="table",
    show_default=True,
    help="For people, for programs, or for CI.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; stdout without it.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(
    console: Console,
    *,
    sessions: tuple[Path, ...],
    reports: tuple[Path, ...],
    policy: Path,
    apps: tuple[str, ...],
    lag: float | Literal["auto"] | None,
    facts: Path | None,
    form: str,
    output: Path | None,
    force: bool,
) -> int:
    """Say of each rule of a policy whether it is held, broken, or not proven by what was watched.

    Exit 3 when a rule is broken, and when one is not proven if the policy says not_proven = "fail".
    """
    from lightleak import open as open_session
    from lightleak import read_report
    from lightleak.comparator import compare
    from lightleak.comparator.policy.check import check, read_policy

    if output is not None:
        refuse_existing(output, force=force)
    wanted = read_policy(read_text(policy, "name a policy in TOML"), policy.name)
    opened = [open_session(path) for path in sessions]
    found = compare(opened, read_report(*reports), apps=apps or None, lag=lag, facts=facts_of(facts))
    for notice in found.notices:
        console.warning(notice)
    checked = check(found, wanted)
    emit(_shown(console, checked, form, wide=output is not None), output, force=force)
    return _BROKEN if checked.failed else 0


def _shown(console: Console, checked: Checked, form: str, *, wide: bool) -> str:
    if form == "json":
        return checked.to_json()
    if form == "junit":
        from lightleak.views.export.junit import junit

        return junit(checked.to_dict())
    from lightleak.views.terminal.check import check_lines

    return console.rendered(check_lines(checked.to_dict()), wide=wide)
