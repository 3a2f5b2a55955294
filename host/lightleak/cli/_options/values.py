"""The output options that most commands have, and types for their values."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

import click

from lightleak.errors import UsageError

_Value = TypeVar("_Value")
Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


class ValueOr(click.ParamType[Any], Generic[_Value]):
    """What ``read`` accepts, or one word that stands for ``meaning``.

    ``read`` raises ValueError for a text that it does not accept; ``noun`` is what it accepts, for the error.
    """

    def __init__(self, noun: str, read: Callable[[str], _Value], word: str, meaning: _Value | str | None) -> None:
        self.name = f"{noun}|{word}"
        self._noun, self._read, self._word, self._meaning = noun, read, word, meaning

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> _Value | str | None:
        """Return the option's value."""
        if value == self._word:
            return self._meaning
        try:
            return self._read(str(value))
        except ValueError:
            self.fail(f"{value!r} is neither {self._noun} nor {self._word}.", param, ctx)


class Between(click.ParamType[float]):
    """A number between two bounds, both included. No number that is not finite is between any."""

    name = "number"

    def __init__(self, least: float, most: float, *, whole: bool = False) -> None:
        self._least, self._most = least, most
        self._whole = whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the option's value."""
        try:
            number = int(value) if self._whole else float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if not self._least <= number <= self._most:
            kind = "a whole number" if self._whole else "a number"
            self.fail(f"{value!r} is not {kind} between {self._least:,g} and {self._most:,.10g}.", param, ctx)
        return number


class OnDisk(click.Path):
    """A file or folder that cannot be a stream; ``-`` would make a file of that name.

    what: what is written there, with its article.
    """

    def __init__(self, what: str) -> None:
        super().__init__(path_type=Path)
        self._what = what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. Raises: UsageError for ``-``."""
        path = super().convert(value, param, ctx)
        if path == Path("-"):
            raise UsageError(f"{self._what} cannot be written to stdout", hint="give it a name after -o")
        return path


A_SESSION = OnDisk("a session")
"""A session grows for days, and what is on the disk must survive a kill of the recorder: never a pipe."""


output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file (default: stdout, as with -)."
)

force_option = click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
