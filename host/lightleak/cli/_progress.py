"""A bar on stderr while something long goes on; nothing where nobody looks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from lightleak.cli._console import Console

_FEW = 50_000
"""Events that are done before a bar would be read."""


@contextlib.contextmanager
def progress(console: Console, title: str, total: int) -> Iterator[Callable[[int], object]]:
    """Give a function that is told how many more events are done; it draws only for a person at a terminal."""
    if total < _FEW or console.verbosity < 0 or not console.stderr.is_terminal:
        yield lambda _count: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console.stderr, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)
