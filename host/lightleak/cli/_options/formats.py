"""The output format by the ending of the output file: no table is written into a file that is called x.html."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from lightleak.cli._options.values import Decorator
from lightleak.errors import UsageError

_ENDINGS = {
    ".json": ("json",),
    ".html": ("html",),
    ".htm": ("html",),
    ".csv": ("csv", "timesketch"),
    ".parquet": ("parquet",),
    ".xml": ("junit",),
    ".ndjson": ("ndjson",),
    ".jsonl": ("ndjson", "timesketch"),
    ".pftrace": ("perfetto",),
    ".perfetto-trace": ("perfetto",),
    ".lightleak": ("session",),
}
"""Ending → the formats that a file of this name can have. Any other ending goes with any format."""


def format_option(*formats: str, purpose: str = "for people or programs", with_default: bool = True) -> Decorator:
    """Give a command the options ``--format`` and ``--json``, received as ``form``.

    Without either the ending of ``-o`` decides, then the first of ``formats``; without ``with_default``, None.
    """
    default = formats[0] if with_default else None
    machine = "json" if "json" in formats else "ndjson"

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapper(*arguments: Any, form: str | None, as_json: bool, **options: Any) -> Any:
            if as_json and form not in (None, machine):
                raise UsageError(f"--json and --format {form} contradict each other", hint="leave one of them out")
            named = machine if as_json else form
            chosen = _chosen(named, options.get("output"), formats) or default
            return function(*arguments, form=chosen, **options)

        output = any(option.name == "output" for option in getattr(function, "__click_params__", []))
        otherwise = [*(["the ending of -o"] if output else []), *([default] if default else [])]
        note = f"{purpose} (default: {', else '.join(otherwise)})" if otherwise else purpose
        same = click.option("--json", "as_json", is_flag=True, help=f"The same as --format {machine}.")
        return click.option("--format", "form", type=click.Choice(formats), help=f"Choose the output format, {note}.")(
            same(wrapper)
        )

    return decorate


def _chosen(form: str | None, output: Path | None, formats: Sequence[str]) -> str | None:
    """Return the format that is asked for: by ``--format``, else by the ending of the output; None without either.

    Raises: UsageError when the ending is of another format than ``form``, or of none that the command writes.
    """
    endings = _ENDINGS.get(output.suffix.lower(), ()) if output is not None else ()
    if not endings:
        return form
    assert output is not None
    possible = [each for each in formats if each in endings]
    if form in possible:
        return form
    if form is not None:
        raise UsageError(
            f"--format {form} does not fit {output.name}, which is the name of {_named(endings)}",
            hint="give the file another ending, or leave out --format",
        )
    if not possible:
        raise UsageError(
            f"this command does not write {_named(endings)}, which the name {output.name} asks for",
            hint=f"its formats are {', '.join(formats)}; choose with --format and another ending",
        )
    return possible[0]


def _named(formats: Sequence[str]) -> str:
    return " or ".join(formats)
