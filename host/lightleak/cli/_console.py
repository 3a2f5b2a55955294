"""The terminal: results go to stdout, everything else to stderr.

No text from elsewhere is read as markup, and what is printed with one call is one line: names in it begin none of their own.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console as RichConsole
from rich.console import RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from lightleak.cli._files import is_stdout
from lightleak.errors import LightleakError
from lightleak.text import escaped

_ANY_WIDTH = 100_000
_WIDE = 160
"""Columns where there is no terminal."""


class Console:
    """Print on stderr: errors and warnings at ``verbosity`` −1, progress too at 0, details too at 1."""

    def __init__(self, verbosity: int = 0) -> None:
        self.verbosity = verbosity
        self.stderr = _plain(stderr=True)
        self.stdout = _plain(stderr=False)
        self.has_width = _has_width(sys.stdout)
        """Whether results have a width to fit into. In a file or a pipe they have none, and a row stays one line."""

    def rendered(self, content: RenderableType, *, width: int | None = None) -> str:
        """Return a result as text: in colour for a terminal, plain and wide for a file or a pipe.

        width: so many columns, plain; None is the width of stdout.
        """
        target = self.stdout
        if width is not None:
            target = RichConsole(file=io.StringIO(), markup=False, emoji=False, highlight=False, width=width)
        with target.capture() as captured:
            target.print(content)
        text = captured.get()
        # What wraps is padded to the width, which only a terminal needs.
        return text if target.is_terminal else "".join(line.rstrip() + "\n" for line in text.splitlines())

    def text_for(self, output: Path | None, content: RenderableType) -> str:
        """Return a result as text: for stdout or for a file."""
        return self.rendered(content, width=None if is_stdout(output) else _WIDE)

    def table(self, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        """Return rows under their titles. None shows as a dash, and no cell can steer the terminal."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        for title in titles:
            table.add_column(title, overflow="fold")
        for row in rows:
            table.add_row(*(Text("-" if cell is None else escaped(cell)) for cell in row))
        if self.has_width:
            return self.rendered(table)
        # In a file or a pipe each row is one line, however long: rich would fold it at its width.
        options = self.stdout.options.update(max_width=_ANY_WIDTH)
        return self.rendered(table, width=Measurement.get(self.stdout, options, table).maximum)

    def print_lines(self, lines: Iterable[Text | str], *, has_width: bool) -> None:
        """Print lines of a result; has_width: fold them to the width of stdout, else each stays one line."""
        if has_width or self.stdout.color_system is not None or self.stdout.is_terminal:
            for line in lines:
                self.stdout.print(line, soft_wrap=not has_width)
            return
        # Where nothing is folded or coloured, rich prints the text as it is, and takes ten times as long for it.
        for line in lines:
            self.stdout.file.write(f"{line}\n")
        self.stdout.file.flush()

    def info(self, text: str) -> None:
        """Print what is going on, unless quiet was asked for."""
        if self.verbosity >= 0:
            self.stderr.print(escaped(text))

    def detail(self, text: str) -> None:
        """Print what only ``-v`` asks for."""
        if self.verbosity > 0:
            self.stderr.print(escaped(text), style="dim")

    def heading(self, text: str) -> None:
        """Print the title of a step."""
        if self.verbosity >= 0:
            self.stderr.print("\n" + escaped(text), style="bold")

    def prompt(self, text: str) -> None:
        """Print a question, even when quiet. The answer follows on the same line."""
        self.stderr.print(escaped(text), style="cyan", end="")

    def warning(self, text: str) -> None:
        """Print what limits the result, even when quiet."""
        self.stderr.print("warning: " + escaped(text), style="yellow")

    def warn_of(self, notices: Iterable[str]) -> None:
        """Print several warnings."""
        for notice in notices:
            self.warning(notice)

    def error(self, problem: LightleakError) -> None:
        """Print why it could not be done, even when quiet."""
        lines = [f"error: {problem.sentence}", *problem.picture.splitlines()]
        self.stderr.print("\n".join(map(escaped, lines)), style="red")


def _has_width(stream: TextIO) -> bool:
    return stream.isatty() or "COLUMNS" in os.environ


def _plain(*, stderr: bool) -> RichConsole:
    # Names come from the app under test: markup, emoji codes and highlighting stay off.
    stream = sys.stderr if stderr else sys.stdout
    width = None if _has_width(stream) else _WIDE
    # A line of a log stays one line; in a terminal it is broken between words.
    whole_lines = stderr and not stream.isatty()
    return RichConsole(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=whole_lines, width=width)
