"""The options of ``compare`` and ``check``: sessions, reports, apps, lag, and what a field test found."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from lightleak.cli._options.durations import read_duration
from lightleak.cli._options.inputs import recognised
from lightleak.cli._options.values import ValueOr

if TYPE_CHECKING:
    from lightleak.comparator import Comparison

_LAG_EXAMPLES = "3, 3s or 500ms"
_PATH = click.Path(path_type=Path)
_NAMES = ("files", "reports", "apps", "lag", "facts")


@dataclass(frozen=True, slots=True)
class ComparisonInputs:
    """What is to be compared, as the command line names it."""

    files: tuple[Path, ...]
    """Sessions and reports in any order."""
    reports: tuple[Path, ...]
    """What was given as a report."""
    apps: tuple[str, ...]
    lag: float | Literal["auto"] | None
    facts: Path | None

    def compare(self) -> Comparison:
        """Read the files and compare them.

        Raises: UsageError when no session or report was given, or no file knows an app; LightleakError when a file
        cannot be read or nothing fits.
        """
        from lightleak.library import compare

        files = recognised(self.files, self.reports)
        return compare(files.sessions, files.reports, apps=self.apps or None, lag=self.lag, facts=self.facts)


def comparison_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a comparison; it receives them as ``inputs``, a ComparisonInputs."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        inputs = ComparisonInputs(**{name: options.pop(name) for name in _NAMES})
        return function(*arguments, inputs=inputs, **options)

    decorated: Callable[..., Any] = wrapper
    for decorator in reversed(_OPTIONS):
        decorated = decorator(decorated)
    return decorated


_OPTIONS = (
    click.argument("files", nargs=-1, type=_PATH, metavar="SESSION… REPORT…"),
    click.option(
        "--report",
        "reports",
        multiple=True,
        type=_PATH,
        help="Read this as a privacy report, whatever it looks like. Repeat for several.",
    ),
    click.option(
        "--app",
        "apps",
        multiple=True,
        metavar="ID",
        help="Only judge this app (default: every app in the sessions). Repeat for several.",
    ),
    click.option(
        "--lag",
        type=ValueOr(f"a duration such as {_LAG_EXAMPLES}", read_duration, "auto", "auto"),
        metavar="DURATION|auto",
        help="Maximum delay between a call and its entry in the report (default: 3 s, or the value measured in --facts).",
    ),
    click.option(
        "--facts",
        type=_PATH,
        help="Use what lightleak fieldtest measured on the phone (default: what was read in Apple's code).",
    ),
)
