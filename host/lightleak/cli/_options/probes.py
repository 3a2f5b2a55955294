"""The options ``--only`` and ``--without``: which probes are installed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from lightleak.device.probe_choice import GROUPS, left_out_probes, probe_names
from lightleak.errors import AgentError


def probe_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--only`` and ``--without``; it receives them as ``left_out``, the probes not to install."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, only: tuple[str, ...], without: tuple[str, ...], **options: Any) -> Any:
        left_out = left_out_probes(only, without) if only or without else ()
        return function(*arguments, left_out=left_out, **options)

    decorated: Callable[..., Any] = wrapper
    for decorator in reversed(_OPTIONS):
        decorated = decorator(decorated)
    return decorated


def _complete_probes(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    *before, word = incomplete.split(",")
    head = "".join(f"{part}," for part in before)
    try:
        known = (*GROUPS, *probe_names())
    except AgentError:
        known = tuple(GROUPS)
    return [head + name for name in known if name.startswith(word)]


_OPTIONS = (
    click.option(
        "--only",
        multiple=True,
        metavar="PROBES",
        shell_complete=_complete_probes,
        help=f"Install only these probes: names, patterns such as 'asset.*', or groups ({', '.join(GROUPS)}). Separate"
        " several with commas. What is left out is not watched, and the session says so.",
    ),
    click.option(
        "--without",
        multiple=True,
        metavar="PROBES",
        shell_complete=_complete_probes,
        help="Install all probes but these; named in the same way.",
    ),
)
