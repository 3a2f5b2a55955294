"""The option ``--facts``: what a field test found on a phone, for the rules that rest on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._text import read_text

if TYPE_CHECKING:
    from lightleak.comparator.explain.facts import Assumptions

facts_option = click.option(
    "--facts",
    type=click.Path(path_type=Path),
    help="What lightleak fieldtest found on the phone; without, the rules rest on what was read in Apple's code.",
)


def facts_of(path: Path | None) -> Assumptions:
    """Read the option's file; without one, nothing is known."""
    from lightleak.comparator.explain.facts import UNTESTED
    from lightleak.comparator.explain.facts_text import read_facts

    return UNTESTED if path is None else read_facts(read_text(path, "name a file of lightleak fieldtest"), path.name)
