"""The options of ``record`` and ``watch``: the file, what to keep, and when to stop."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lightleak.cli._options.durations import EXAMPLES, Duration
from lightleak.cli._options.probes import probe_options
from lightleak.cli._options.values import A_SESSION, force_option
from lightleak.device.targets import Target, parse_running


@dataclass(frozen=True, slots=True)
class RecordingArguments:
    """What the command line asks of a recording."""

    output: Path | None
    """The file; None where no name was given."""
    force: bool
    limit_s: float | None
    """Seconds of recording; None is until Ctrl-C."""
    others: tuple[Target, ...]
    """The targets after ``--with``."""
    internal: bool
    spool: bool
    left_out: tuple[str, ...]
    """Probes that are not installed."""
    store: str | None = None
    """The store of ``fleet`` that the session is added to at the end."""


def recording_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a recording; it receives them as ``recording``, a RecordingArguments."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, others: tuple[str, ...], **options: Any) -> Any:
        chosen = {name: options.pop(name) for name in ("output", "force", "left_out", *_NAMES)}
        recording = RecordingArguments(others=tuple(map(parse_running, others)), **chosen)
        return function(*arguments, recording=recording, **options)

    decorated: Callable[..., Any] = wrapper
    for decorator in reversed((*_OPTIONS[:_BEFORE_PROBES], probe_options, *_OPTIONS[_BEFORE_PROBES:], force_option)):
        decorated = decorator(decorated)
    return decorated


LONGEST_RECORDING_S = 366 * 86_400
"""A year: the device's clocks and Frida's own limits are far below."""
_BEFORE_PROBES = 3
"""Options that the help shows before those of the probes."""
_NAMES = ("limit_s", "internal", "spool", "store")
_OPTIONS = (
    click.option(
        "-o",
        "--output",
        type=A_SESSION,
        help="Write the session to this file (default: a new file here, named after TARGET and the local time).",
    ),
    click.option(
        "-t",
        "--time",
        "limit_s",
        type=Duration(most_s=LONGEST_RECORDING_S),
        metavar="DURATION",
        help=f"Stop after this long, such as {EXAMPLES}; waiting for a launch does not count (default: until Ctrl-C).",
    ),
    click.option(
        "--with",
        "others",
        multiple=True,
        metavar="TARGET",
        help="Also record this identifier, pid or name. Repeat for several.",
    ),
    click.option(
        "--internal", is_flag=True, help="Keep what frameworks do inside the app's own calls, marked as internal."
    ),
    click.option(
        "--spool",
        is_flag=True,
        help="Also store events in the app's container (up to 210 MB while it runs), for a phone without a cable and for bursts.",
    ),
    click.option(
        "--store",
        metavar="STORE",
        help="Add the session to this store of lightleak fleet at the end; its report can follow with fleet add.",
    ),
)
