"""The options that every command has: ``-q``, ``-v``, and ``--json`` where there is no JSON.

Separate because no command names these itself: the group adds them when it loads one.
"""

from __future__ import annotations

from collections.abc import Callable

import click

from lightleak.cli._console import Console
from lightleak.errors import UsageError

QUIET_HELP = "Print errors and warnings only."
VERBOSE_HELP = "Print more on stderr."

_EVENTS = "lightleak export SESSION --json writes a session's events"
_INSTEAD = {
    "demo": "its folder has verdicts.json",
    "import": "lightleak verify SESSION --json says what a session holds",
    "mark": "its exit code says whether the note was added",
    "pull-report": "lightleak inspect FOLDER --json reads what it fetched",
    "record": _EVENTS,
    "show": _EVENTS,
    "watch": _EVENTS,
}
"""What to use instead of JSON, by command."""


def with_shared_options(command: click.Command) -> click.Command:
    """Add the options to a command that was just loaded; one that has them is returned as it is."""
    taken = {name for parameter in command.params for name in parameter.opts}
    if "--quiet" not in taken:
        command.params += [
            _flag("-v", "--verbose", callback=_verbose, text=VERBOSE_HELP),
            _flag("-q", "--quiet", callback=_quiet, text=QUIET_HELP),
        ]
        if "--json" not in taken:
            command.params.append(_flag("--json", callback=_refuse_json, text="There is no JSON.", hidden=True))
    return command


def set_verbosity(console: Console, verbosity: int) -> None:
    """Take a ``-v`` (1) or a ``-q`` (−1), wherever it was given. Raises: UsageError for both."""
    if verbosity and console.verbosity == -verbosity:
        raise UsageError("-v and -q cannot be combined", hint="choose one")
    console.verbosity = verbosity or console.verbosity


def _flag(*names: str, callback: Callable[..., None], text: str, hidden: bool = False) -> click.Option:
    return click.Option(names, is_flag=True, expose_value=False, callback=callback, help=text, hidden=hidden)


def _verbose(context: click.Context, _parameter: click.Parameter, given: bool) -> None:
    _set(context, int(given))


def _quiet(context: click.Context, _parameter: click.Parameter, given: bool) -> None:
    _set(context, -given)


def _set(context: click.Context, verbosity: int) -> None:
    console = context.find_object(Console)
    if console is not None:
        set_verbosity(console, verbosity)


def _refuse_json(context: click.Context, _parameter: click.Parameter, given: bool) -> None:
    if given and not context.resilient_parsing:
        name = str(context.info_name)
        raise UsageError(f"{name} has no JSON output", hint=_INSTEAD.get(name, ""))
