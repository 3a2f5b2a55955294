"""The person's side of the terminal: results on stdout, everything else on stderr, nothing untrusted parsed."""

from __future__ import annotations

import os
import sys

from rich.console import Console as RichConsole


class Console:
    """Speak on stderr; ``verbosity`` −1 says only what went wrong, 0 the usual, 1 more."""

    def __init__(self, verbosity: int = 0) -> None:
        self.verbosity = verbosity
        self.stderr = _plain(stderr=True)
        self.stdout = _plain(stderr=False)

    def info(self, text: str) -> None:
        """Say what is going on, unless the person asked for quiet."""
        if self.verbosity >= 0:
            self.stderr.print(printable(text))

    def detail(self, text: str) -> None:
        """Say what only ``-v`` wants to hear."""
        if self.verbosity > 0:
            self.stderr.print(printable(text), style="dim")

    def warning(self, text: str) -> None:
        """Say what limits the result; not silenced."""
        self.stderr.print("warning: " + printable(text), style="yellow")

    def error(self, text: str) -> None:
        """Say why it could not be done; not silenced."""
        self.stderr.print("error: " + printable(text), style="red")


def _plain(*, stderr: bool) -> RichConsole:
    # Names come from the app under test: markup, emoji codes and highlighting stay off.
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else 160
    return RichConsole(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=stderr, width=width)


def printable(text: str) -> str:
    """Replace what could steer a terminal (control characters, bidi marks) by its escaped form."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
