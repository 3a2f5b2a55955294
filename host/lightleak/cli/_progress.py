"""A progress bar on stderr during long work; none where stderr is not a terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from lightleak.cli._console import Console

_FEW = 50_000
"""With fewer events the work is done before anyone could read a bar."""


@contextlib.contextmanager
def progress(console: Console, title: str, total: int) -> Iterator[Callable[[int], object]]:
    """Yield a function that takes how many more events are done. It draws only at a terminal."""
    if total < _FEW or console.verbosity < 0 or not console.stderr.is_terminal:
        yield lambda _count: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console.stderr, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


@contextlib.contextmanager
def runs_bar(console: Console, total: int) -> Iterator[Callable[[int], object]]:
    """Draw a bar of runs with their rate; yield a function for after each run, which takes how many failed so far."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("adding runs", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TextColumn("{task.fields[failed]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console.stderr, transient=True) as bar:
        task = bar.add_task("runs", total=total, rate="", failed="")

        def advance(failed: int) -> None:
            speed = bar.tasks[0].speed
            rate = "" if speed is None else f"{speed:,.1f} runs/s"
            bar.update(task, advance=1, rate=rate, failed=f"{failed} failed" if failed else "")

        yield advance
