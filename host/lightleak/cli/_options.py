"""The option ``--facts``: what a field test found on a phone, for the rules that rest on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from lightleak.errors import FileError

_MAX_BYTES = 1 << 22


def read_text(path: Path, hint: str) -> str:
    """Return the text, its first 4 MB at most. Errors: FileError, with ``hint`` as the remedy."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES + 1).decode()
    except OSError as problem:
        raise FileError(f"{path} cannot be read ({problem.strerror})", hint=hint) from problem
    except UnicodeDecodeError as problem:
        raise FileError(f"{path} is no text in UTF-8", hint=hint) from problem


class LagType(click.ParamType[float | str]):
    """Seconds, or ``auto``."""

    name = "SECONDS|auto"

    def convert(
        self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None
    ) -> float | Literal["auto"]:
        """Read the option's text."""
        if value == "auto":
            return "auto"
        try:
            return float(value)
        except ValueError:
            self.fail(f"{value!r} is neither seconds nor auto.")


reports_option = click.option(
    "--report",
    "reports",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A privacy report: an export, or the on-device store. Repeat for several.",
)

lag_option = click.option(
    "--lag",
    type=LagType(),
    metavar="SECONDS|auto",
    help="How much later than the call a report may stamp it; without, 3 s, or what --facts measured.",
)


if TYPE_CHECKING:
    from lightleak.comparator.explain.assumptions import Assumptions

facts_option = click.option(
    "--facts",
    type=click.Path(path_type=Path),
    help="What lightleak fieldtest found on the phone; without, the rules rest on what was read in Apple's code.",
)


def facts_of(path: Path | None) -> Assumptions:
    """Read the option's file; without one, nothing is known."""
    from lightleak.comparator.explain.assumptions import UNTESTED, read_assumptions

    return (
        UNTESTED if path is None else read_assumptions(read_text(path, "name a file of lightleak fieldtest"), path.name)
    )


if TYPE_CHECKING:
    from lightleak.filter import Filter

filter_option = click.option(
    "--filter",
    "expression",
    metavar="EXPR",
    help="Only these events, such as 'depth >= thumbnail and state = background'.",
)


def chosen(expression: str | None, header: dict[str, Any]) -> Filter | None:
    """Make the filter that was asked for; times without an offset are the device's. Errors: UsageError."""
    if expression is None:
        return None
    from lightleak.filter import Filter
    from lightleak.timezones import device_zone

    return Filter(expression, device_zone(header))
