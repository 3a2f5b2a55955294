"""A recording as it goes, for a terminal that somebody leaves open; plain lines where there is no terminal.

Everything shown follows from the events, so that a replay shows what the live run showed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lightleak.events import NS_PER_S, Event
from lightleak.views.live_state import LiveState, Process
from lightleak.views.live_words import elapsed, escaped, sentence

REFRESH_HZ = 4
_RUN_NS = NS_PER_S
"""Alike lines within this time are one line with a count."""
_WIDTHS = {"pid": 5, "state": 10, "events": 6, "per s": 5, "observers": 9, "hooks": 9}
"""Columns that a narrow terminal must not squeeze: what happened last can be cut, a number cannot."""


class Terminal(Protocol):
    """The two streams of the person's terminal."""

    @property
    def stdout(self) -> Console:
        """Where results go."""

    @property
    def stderr(self) -> Console:
        """Where everything else goes."""


class LiveView:
    """A context manager; ``feed`` takes events. ``place`` tells where they are written, and is asked at every refresh."""

    def __init__(self, terminal: Terminal, *, place: Callable[[], str] | None = None, result: bool = False) -> None:
        self._console = terminal.stdout if result else terminal.stderr
        self._place = place
        self._state = LiveState()
        self._lines = _Lines(self._console, self._state)
        self._live: Live | None = None
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(
                get_renderable=self._render, console=self._console, refresh_per_second=REFRESH_HZ, transient=True
            )

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        self._lines.end()

    def feed(self, events: Sequence[Event]) -> None:
        """Show events, in the order of the file."""
        self._state.feed(events)
        if self._live is None:
            for event in events:
                self._lines.take(event)

    def _render(self) -> Group:
        state = self._state
        head = Text(f"{elapsed(state.began_ns or 0, state.now_ns)[1:-4]}  {state.events:,} events", style="bold")
        if state.gaps:
            head.append(f"  {state.gaps} gaps, {state.lost:,} lost", style="red")
        if self._place is not None:
            head.append(f"  {escaped(self._place())}", style="dim")
        room = max(3, self._console.size.height - len(state.processes) - 6)
        return Group(head, self._table(), *(Text(line, no_wrap=True, style="dim") for line in list(state.last)[-room:]))

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for title in ("process", "pid", "state", "events", "per s", "observers", "hooks", "last"):
            right = title in ("events", "per s")
            table.add_column(title, no_wrap=True, justify="right" if right else "left", min_width=_WIDTHS.get(title))
        for process in list(self._state.processes.values()):
            if not process.over or process.segment == max(self._state.processes):
                table.add_row(*map(Text, _row(process, self._state.now_ns)), style="dim" if process.over else None)
        return table


def _row(process: Process, now_ns: int) -> tuple[str, ...]:
    state = process.phase if process.over or process.phase == "suspended" else process.state
    skipped = process.hooks_of("skipped")
    hooks = f"{process.hooks_of('installed')}" + (f" (-{skipped})" if skipped else "")
    return (
        escaped(process.identifier or process.name),
        str(process.pid),
        escaped(state),
        f"{process.events:,}",
        f"{process.rate(now_ns):.1f}",
        str(len(process.observers)),
        hooks,
        process.last,
    )


class _Lines:
    """Print a line for each event worth one; the same again within a second is only counted."""

    def __init__(self, console: Console, state: LiveState) -> None:
        self._console = console
        self._state = state
        self._run: tuple[Event, str] | None = None
        self._more = 0

    def take(self, event: Event) -> None:
        said = sentence(event)
        if said is None:
            return
        if self._run is not None and self._is_again(event, said):
            self._more += 1
            return
        self.end()
        self._run = event, said
        self._print(event, said)

    def end(self) -> None:
        if self._run is not None and self._more:
            self._print(self._run[0], f"... and {self._more} more like it")
        self._run, self._more = None, 0

    def _is_again(self, event: Event, said: str) -> bool:
        assert self._run is not None
        first, words = self._run
        return (first.segment, words) == (event.segment, said) and 0 <= event.mono_ns - first.mono_ns < _RUN_NS

    def _print(self, event: Event, said: str) -> None:
        self._console.print(self._state.line(event, said), soft_wrap=True)
