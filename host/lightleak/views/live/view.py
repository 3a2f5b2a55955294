"""A running recording in the terminal; plain lines where there is no terminal.

Everything shown follows from the events, so that a replay shows what the live run showed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from lightleak.coverage import Coverage
from lightleak.events import NS_PER_S, Event
from lightleak.text import escaped
from lightleak.views.live.event_text import REPEATED
from lightleak.views.live.state import LiveState
from lightleak.views.live.table import process_table
from lightleak.wording import elapsed, plural

REFRESH_HZ = 4
_RUN_NS = NS_PER_S
"""Equal lines within this time are one line with a count."""


class TerminalStreams(Protocol):
    """The two streams of the terminal."""

    @property
    def stdout(self) -> Console:
        """Where results go."""

    @property
    def stderr(self) -> Console:
        """Where everything else goes."""


class LiveView:
    """A context manager; ``feed`` takes events.

    file_status: return where events are written; called at every refresh. result: the view is the command's result, so
    that its last state stays on the screen. is_filtered: some events are left out, so that missing numbers are not a gap.
    """

    def __init__(
        self,
        terminal: TerminalStreams,
        *,
        file_status: Callable[[], str] | None = None,
        result: bool = False,
        is_filtered: bool = False,
    ) -> None:
        self._console = terminal.stdout if result else terminal.stderr
        self._file_status = file_status
        self._state = LiveState(coverage=Coverage(is_filtered=is_filtered))
        self._lines = _LinePrinter(self._console, self._state)
        self._fed_ns = 0
        self._live: Live | None = None
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(
                get_renderable=self._render, console=self._console, refresh_per_second=REFRESH_HZ, transient=not result
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
        """Show events. They come in the order of the file."""
        self._state.feed(events)
        self._fed_ns = time.monotonic_ns()
        if self._live is None:
            for event in events:
                self._lines.take(event)

    def _render(self) -> Group:
        state = self._state
        width, height = self._console.size
        # Rates fall and time passes even when there are no events.
        now_ns = state.now_ns + (time.monotonic_ns() - self._fed_ns if state.events else 0)
        if not state.processes:
            return Group(_line("nothing recorded yet; press Ctrl-C to stop", "dim"))
        # The latest are shown: a terminal has no room for more, and a hostile trace has thousands.
        shown = list(state.processes.values())[-max(height - 8, 1) :]
        table = process_table(shown, now_ns, width)
        room = max(3, height - len(shown) - 5)
        lines = [_line(text, "dim") for text in state.lines()[-room:]]
        return Group(self._head(now_ns), Text(), table, Text(), *lines)

    def _head(self, now_ns: int) -> Text:
        state = self._state
        head = _line(elapsed(state.started_ns or now_ns, now_ns)[1:-4], "bold")
        head.append(f"  {plural(state.events, 'event')}")
        if state.gaps or state.losses:
            head.append(f"  {plural(state.gaps, 'gap')}, {state.losses.words()}", style="red")
        if self._file_status is not None:
            head.append(f"  {escaped(self._file_status())}", style="dim")
        return head


def _line(text: str, style: str) -> Text:
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


class _LinePrinter:
    """Prints a line for each event with a text; equal lines within a second are only counted."""

    def __init__(self, console: Console, state: LiveState) -> None:
        self._console = console
        self._state = state
        self._run: tuple[Event, str] | None = None
        self._more = 0

    def take(self, event: Event) -> None:
        text = self._state.text_of(event)
        if text is None or (event.kind in REPEATED and not self._state.coverage.is_filtered):
            return
        if self._run is not None and self._is_again(event, text):
            self._more += 1
            return
        self.end()
        self._run = event, text
        self._print(event, text)

    def end(self) -> None:
        if self._run is not None and self._more:
            self._print(self._run[0], f"... and {self._more} more like it")
        self._run, self._more = None, 0

    def _is_again(self, event: Event, text: str) -> bool:
        assert self._run is not None
        first, run_text = self._run
        return (first.segment, run_text) == (event.segment, text) and 0 <= event.mono_ns - first.mono_ns < _RUN_NS

    def _print(self, event: Event, text: str) -> None:
        self._console.print(self._state.line(event, text), soft_wrap=True)
