"""``lightleak check``: check sessions and reports against a policy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, is_stdout, refuse_existing
from lightleak.cli._options.comparison import ComparisonInputs, comparison_options
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.values import force_option, output_option
from lightleak.text import escaped

if TYPE_CHECKING:
    from lightleak.comparator.policy.check import Checked

_BROKEN = 3
"""Exit code when the policy is broken (contract, section 2)."""


@click.command()
@comparison_options
@click.option(
    "--policy", required=True, type=click.Path(path_type=Path), help="Check against this policy, a TOML file."
)
@format_option("table", "json", "junit", purpose="for people, for programs, or for CI")
@output_option
@force_option
@click.pass_obj
def command(
    console: Console, *, inputs: ComparisonInputs, policy: Path, form: str, output: Path | None, force: bool
) -> int:
    """Check sessions and reports against a policy: each rule is held, broken, or not proven by what was watched.

    Exit 3 when a rule is broken, and also when one is not proven if the policy says not_proven = "fail".
    """
    from lightleak.library import check, read_policy

    if output is not None:
        refuse_existing(output, force=force)
    rules = read_policy(policy)
    comparison = inputs.compare()
    for notice in comparison.notices:
        console.warning(notice)
    checked = check(comparison, rules)
    if form == "json":
        emit(checked.to_json(), output, force=force)
    elif form == "junit":
        from lightleak.views.export import junit

        emit(junit.render(checked.to_dict()), output, force=force)
    else:
        from lightleak.views.terminal import check as view

        emit(console.text_for(output, view.render(checked)), output, force=force)
    if not is_stdout(output):
        _print_outcomes(console, checked)
        console.info(f"written to {output}")
    return _BROKEN if checked.failed else 0


def _print_outcomes(console: Console, checked: Checked) -> None:
    """Print a line for each rule on stderr, where the results go to a file: a log of CI should name what failed."""
    for outcome in checked.outcomes:
        console.info(f"{outcome.result:<10}  {escaped(outcome.rule.name)} ({escaped(outcome.app)})")
    console.info(checked.totals())
