"""The options ``--format`` and ``--json``; without them the ending of the output file decides."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from lightleak.cli._options.values import Decorator
from lightleak.errors import UsageError
from lightleak.output_formats import chosen_format


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
            chosen = chosen_format(named, options.get("output"), formats) or default
            return function(*arguments, form=chosen, **options)

        output = any(option.name == "output" for option in getattr(function, "__click_params__", []))
        otherwise = [*(["the ending of -o"] if output else []), *([default] if default else [])]
        note = f"{purpose} (default: {', else '.join(otherwise)})" if otherwise else purpose
        same = click.option("--json", "as_json", is_flag=True, help=f"The same as --format {machine}.")
        return click.option("--format", "form", type=click.Choice(formats), help=f"Choose the output format, {note}.")(
            same(wrapper)
        )

    return decorate
