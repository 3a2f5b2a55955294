"""A session in the terminal: one timeline for each process, then the events. Every name is escaped.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.text import Text

from lightleak.comparator.timeline.app_coverage import ProcessCoverage
from lightleak.events import Event
from lightleak.losses import total
from lightleak.replay_state import SegmentState
from lightleak.text import escaped
from lightleak.views.live.event_text import REPEATED, sentence
from lightleak.views.timeline.columns import ColumnEvents
from lightleak.views.timeline.session_timeline import (
    ACCESS_ROWS,
    ROWS,
    Axis,
    EventStream,
    ProcessesOnAxis,
    ProcessTimeline,
    StreamedTimeline,
)
from lightleak.views.timeline.text import (
    ASCII,
    UNICODE,
    axis_lines,
    clock,
    counts,
    day,
    exact_clock,
    legend,
    length,
    stamp,
    states,
    watched,
)
from lightleak.wording import plural

LABEL = 15
"""Columns of the rows' names."""
_TOTAL = 9
_TEXT_AT = 28
"""Columns of an event's time and state, before its text."""
_MOST_LINES = 4
"""Lines of one event."""
_FEWEST, _MOST = 12, 200
_GAPS = 5
_ALIKE_NS = 10**9
"""Events with the same text within this time are one line with a count."""

_STYLES = {
    "notification": "blue", "open": "cyan", "metadata": "yellow", "thumbnail": "magenta", "data": "bold red",
    "upload": "bold red", "write": "green", "picker": "green", "watched": "", "state": "dim", "input": "bold",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimelineStyle:
    """How a timeline is shown."""

    zone: tzinfo
    is_ascii: bool
    is_filtered: bool
    """Not all events are counted, and those without a text for people are listed too."""
    most_events: int | None
    """How many events are listed; None is all."""
    width: int | None
    """Columns into which the events' texts are wrapped; None keeps each event on one line."""


def columns_for(width: int) -> int:
    """Return how many columns of time fit into a terminal of this width."""
    return min(max(width - LABEL - _TOTAL, _FEWEST), _MOST)


def render(timeline: StreamedTimeline, style: TimelineStyle) -> Iterator[Text]:
    """Yield the lines: the processes, the axis, the events. Print them with ``soft_wrap`` where the style has no width.

    Reads the session once, or twice where all events are listed: these are too many to keep.
    """
    events = _EventLines(timeline, style)
    if style.most_events is None:
        for _ in timeline.counted():
            pass
        yield from _chart(timeline, style)
        yield from events.lines(timeline.events())
    else:
        listed = list(events.lines(timeline.counted()))
        yield from _chart(timeline, style)
        yield from listed


def render_columns(
    timeline: ProcessesOnAxis, columns: ColumnEvents, style: TimelineStyle, all_events: EventStream | None = None
) -> Iterator[Text]:
    """Yield the same lines from columns: for all events, of which only those that are listed are decoded.

    all_events: every event of the session, where all are listed: reading one after the other is cheaper than looking for each.
    """
    columns.count(timeline.processes, timeline.axis)
    yield from _chart(timeline, style)
    if all_events is not None:
        shown = (each for each in all_events if timeline.has(each[0]))
        yield from _EventLines(timeline, style).lines(shown)
        return
    positions = columns.listed(timeline.processes, timeline.axis)
    yield from _EventLines(timeline, style).lines(columns.read(positions), of=len(positions))


def _chart(timeline: ProcessesOnAxis, style: TimelineStyle) -> Iterator[Text]:
    axis, zone = timeline.axis, style.zone
    signs, dash = (ASCII, "to") if style.is_ascii else (UNICODE, "–")
    span = f"{stamp(axis.start_ns, zone)} {dash} {stamp(axis.stop_ns, zone)}"
    yield Text(f"{span}, a column is {length(axis.column_ns)}", style="dim")
    for process in timeline.processes:
        yield from _process(process, axis, style)
    yield Text()
    for line in axis_lines(axis, zone, signs):
        yield Text(" " * LABEL + line, style="dim")
    for line in legend(signs):
        yield Text(line.replace("–", "-") if style.is_ascii else line, style="dim", overflow="fold")


def _process(process: ProcessTimeline, axis: Axis, style: TimelineStyle) -> Iterator[Text]:
    coverage, signs = process.coverage, ASCII if style.is_ascii else UNICODE
    yield Text()
    title = Text(escaped(coverage.name), style="bold", overflow="fold")
    title.append(f"  {_about(coverage)}", style="dim")
    yield title
    yield _row("watched", watched(coverage, axis, signs))
    yield _row("state", states(coverage, axis, signs))
    for row in ROWS:
        if row in process.counts:
            yield _row(row, counts(process.counts[row], signs), f"{sum(process.counts[row]):,}")
    if not process.counts.keys() & ACCESS_ROWS:
        yield Text(f"  {_why_empty(coverage, axis, style)}", style="dim")
    yield from _gaps(coverage, axis, style.zone)


def _gaps(coverage: ProcessCoverage, axis: Axis, zone: tzinfo) -> Iterator[Text]:
    shown = [gap for gap in coverage.gaps if axis.holds(gap.from_ns) or axis.holds(gap.to_ns)]
    for gap in shown[:_GAPS]:
        since, until = (clock(ns, zone, "%m-%d %H:%M:%S") for ns in (gap.from_ns, gap.to_ns))
        span = f"{since} to {until} ({length(gap.to_ns - gap.from_ns)})"
        yield Text(f"  gap {span}: {escaped(gap.reason)}", style="red", overflow="fold")
    if len(shown) > _GAPS:
        yield Text(f"  and {len(shown) - _GAPS} more gaps: lightleak verify lists them all", style="red")


def _why_empty(coverage: ProcessCoverage, axis: Axis, style: TimelineStyle) -> str:
    """Return why there is no row of events: only one of the three reasons is about the app."""
    if style.is_filtered:
        return "no access passes the filter"
    watched_at_all = any(start < axis.stop_ns and stop > axis.start_ns for start, stop in coverage.covered)
    return "no access was seen" if watched_at_all else "was not watched in this span"


def _about(coverage: ProcessCoverage) -> str:
    names = sorted({escaped(s.name) for s in coverage.segments if s.name and s.name != coverage.name})
    pids = [str(s.pid) for s in coverage.segments if s.pid is not None]
    parts = [", ".join(names[:3])] if names else []
    if pids:
        more = " …" if len(pids) > 4 else ""
        parts.append(f"pid {pids[0]}" if len(pids) == 1 else f"pids {', '.join(pids[:4])}{more}")
    numbers = ((len(coverage.segments), "segment"), (len(coverage.gaps), "gap"))
    parts += [plural(count, noun, grouped=False) for count, noun in numbers if count]
    losses = total(segment.missing for segment in coverage.segments)
    return ", ".join([*parts, losses.words()] if losses else parts)


def _row(name: str, cells: str, total: str = "") -> Text:
    line = Text(no_wrap=True, overflow="crop").append(f"  {name:<{LABEL - 2}}", style="dim")
    line.append(cells, style=_STYLES.get(name, ""))
    line.append(f" {total:>{_TOTAL - 1}}" if total else "")
    return line


def _wrapped(text: str, width: int) -> list[str]:
    """Cut a text into lines of at most ``width`` cells of a terminal; no character is left out."""
    if cell_len(text) <= width:
        return [text]
    lines, start, used = [], 0, 0
    for at, character in enumerate(text):
        cells = cell_len(character)
        if used + cells > width and at > start:
            lines.append(text[start:at])
            start, used = at, 0
        used += cells
    return [*lines, text[start:]]


class _EventLines:
    """Events as lines, segment by segment. Events with the same text within a second are one line with a count."""

    def __init__(self, timeline: ProcessesOnAxis, style: TimelineStyle) -> None:
        self._timeline, self._style = timeline, style
        self._ellipsis = "..." if style.is_ascii else "…"
        room = None if style.width is None else style.width - _TEXT_AT
        self._room = room if room is None or room >= _FEWEST else None
        self._segment, self._day = 0, ""
        self._last: tuple[int, str] | None = None
        """Monotonic time and text of the last line."""
        self._alike = self._shown = self._left_out = 0

    def lines(self, events: EventStream, *, of: int | None = None) -> Iterator[Text]:
        """Yield the lines of all events, and at the end how many were left out.

        of: how many events there are, where each has a text: then no more are read than are listed.
        """
        for number, (event, state) in enumerate(events):
            yield from self._event(event, state)
            if self._left_out and of is not None:
                self._left_out = of - number
                break
        yield from self._repeats()
        if self._left_out:
            yield Text(
                f"\n{self._left_out:,} more: --events all lists them; --from, --to and --filter select", style="dim"
            )

    def _event(self, event: Event, state: SegmentState) -> Iterator[Text]:
        if event.kind in REPEATED and not self._style.is_filtered:
            return
        text = sentence(event, state.origins, unseen_ns=state.unseen_ns, most=None)
        if text is None and self._style.is_filtered:
            text = escaped(event.kind)
        if text is None:
            return
        if self._is_again(event, text):
            self._alike += 1
            return
        yield from self._repeats()
        if self._style.most_events is not None and self._shown >= self._style.most_events:
            self._left_out += 1
            return
        yield from self._heading(event)
        self._shown += 1
        self._last = event.mono_ns, text
        line = Text(f"  {exact_clock(event.wall_ns, self._style.zone)}  ", style="dim", overflow="fold")
        line.append(f"{state.state:<10}  ")
        text = text if self._room is None else self._in_column(text, self._room)
        yield line.append(text, style=_STYLES.get(event.depth or "", ""))

    def _in_column(self, text: str, room: int) -> str:
        """Wrap a text to the column's width, and cut out its middle where it would take too many lines."""
        lines = _wrapped(text, room)
        if len(lines) > _MOST_LINES:
            half = room * _MOST_LINES // 2 - len(self._ellipsis) * 2
            tail = _wrapped(text[::-1], half)[0][::-1]
            lines = _wrapped(_wrapped(text, half)[0] + self._ellipsis + tail, room)
        return ("\n" + " " * _TEXT_AT).join(lines)

    def _repeats(self) -> Iterator[Text]:
        if self._alike:
            yield Text(f"  {'':12}  {'':10}  ... and {self._alike:,} more like it", style="dim")
        self._last, self._alike = None, 0

    def _is_again(self, event: Event, text: str) -> bool:
        if self._last is None or (self._segment, self._last[1]) != (event.segment, text):
            return False
        return 0 <= event.mono_ns - self._last[0] < _ALIKE_NS

    def _heading(self, event: Event) -> Iterator[Text]:
        today = day(event.wall_ns, self._style.zone)
        if (self._segment, self._day) != (event.segment, today):
            self._segment, self._day = event.segment, today
            name = escaped(self._timeline.of(event).coverage.name)
            yield Text(f"\n{name}, segment {event.segment}, {today}", style="bold", overflow="fold")
