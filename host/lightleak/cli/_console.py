"""The person's side of the terminal: results on stdout, everything else on stderr, nothing untrusted parsed."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from rich.console import Console as RichConsole
from rich.console import RenderableType

from lightleak.text import printable

_WIDE = 160
"""Columns where there is no terminal to ask."""


class Console:
    """Speak on stderr; ``verbosity`` −1 says only what went wrong, 0 the usual, 1 more."""

    def __init__(self, verbosity: int = 0) -> None:
        self.verbosity = verbosity
        self.stderr = _plain(stderr=True)
        self.stdout = _plain(stderr=False)
        self.has_width = _has_width(sys.stdout)
        """Whether results are shown so many columns wide; else they go to a file or a pipe, and a line stays one line."""

    def rendered(self, content: RenderableType, *, wide: bool = False) -> str:
        """Lay out a result for stdout: in colour for a terminal, plain and wide for a file or a pipe."""
        target = self.stdout
        if wide:
            target = RichConsole(file=io.StringIO(), markup=False, emoji=False, highlight=False, width=_WIDE)
        with target.capture() as captured:
            target.print(content)
        text = captured.get()
        # What wraps is padded to the width, which only a terminal needs.
        return text if target.is_terminal else "".join(line.rstrip() + "\n" for line in text.splitlines())

    def info(self, text: str) -> None:
        """Say what is going on, unless the person asked for quiet."""
        if self.verbosity >= 0:
            self.stderr.print(printable(text))

    def detail(self, text: str) -> None:
        """Say what only ``-v`` wants to hear."""
        if self.verbosity > 0:
            self.stderr.print(printable(text), style="dim")

    def heading(self, text: str) -> None:
        """Say what begins."""
        if self.verbosity >= 0:
            self.stderr.print("\n" + printable(text), style="bold")

    def prompt(self, text: str) -> None:
        """Ask; not silenced. The answer follows on the same line."""
        self.stderr.print(printable(text), style="cyan", end="")

    def warning(self, text: str) -> None:
        """Say what limits the result; not silenced."""
        self.stderr.print("warning: " + printable(text), style="yellow")

    def error(self, text: str) -> None:
        """Say why it could not be done; not silenced."""
        self.stderr.print("error: " + printable(text), style="red")


def _has_width(stream: TextIO) -> bool:
    return stream.isatty() or "COLUMNS" in os.environ


def _plain(*, stderr: bool) -> RichConsole:
    # Names come from the app under test: markup, emoji codes and highlighting stay off.
    stream = sys.stderr if stderr else sys.stdout
    width = None if _has_width(stream) else _WIDE
    # A line of a log stays one line; in a terminal it is broken between words.
    whole_lines = stderr and not stream.isatty()
    return RichConsole(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=whole_lines, width=width)


__all__ = ["Console", "printable"]
