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


class Amount(click.FloatRange):
    """A number above zero that is finite: comparisons alone would let ``nan`` through."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the option's value."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number above 0.", param, ctx)
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
