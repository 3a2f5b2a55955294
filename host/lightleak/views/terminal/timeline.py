"""A session in the terminal: lanes over a common axis of time, then its events. Every name is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from rich.cells import cell_len
from rich.text import Text

from lightleak.events import Event
from lightleak.replay_state import SegmentState
from lightleak.text import escaped
from lightleak.views.live.event_text import sentence
from lightleak.views.timeline.session_timeline import ROWS, Axis, Lanes, ProcessLane
from lightleak.views.timeline.text import (
    ASCII,
    UNICODE,
    Signs,
    axis_lines,
    clock,
    counts,
    legend,
    length,
    stamp,
    states,
    watched,
)

LABEL = 15
"""Columns of the rows' names."""
_TOTAL = 9
_TEXT_AT = 28
"""Columns of an event's time and state, before what it says."""
_MOST_LINES = 4
"""Lines of one event."""
_FEWEST, _MOST = 12, 200
_GAPS = 5
_ALIKE_NS = 10**9
"""Events that say the same within this time are one line with a count."""

_STYLES = {
    "notification": "blue", "open": "cyan", "metadata": "yellow", "thumbnail": "magenta", "data": "bold red",
    "write": "green", "picker": "green", "watched": "", "state": "dim",
}  # fmt: skip


def columns_for(width: int) -> int:
    """Tell how many columns of time a terminal of this width has room for."""
    return min(max(width - LABEL - _TOTAL, _FEWEST), _MOST)


def timeline(
    lanes: Iterable[ProcessLane], axis: Axis, zone: tzinfo, *, ascii_only: bool, filtered: bool = False
) -> Iterator[Text]:
    """Give the lanes line by line. ``filtered``: what was counted is not all that was seen."""
    signs = ASCII if ascii_only else UNICODE
    dash = "to" if ascii_only else "–"
    yield Text(
        f"{stamp(axis.start_ns, zone)} {dash} {stamp(axis.stop_ns, zone)}, a column is {length(axis.column_ns)}",
        style="dim",
    )
    for lane in lanes:
        yield from _lane(lane, axis, zone, signs, filtered=filtered)
    yield Text()
    ticks, times = axis_lines(axis, zone, signs)
    yield Text(" " * LABEL + ticks, style="dim")
    yield Text(" " * LABEL + times, style="dim")
    said = legend(signs)
    yield from (Text(line.replace("–", "-") if ascii_only else line, style="dim", overflow="fold") for line in said)


def _lane(lane: ProcessLane, axis: Axis, zone: tzinfo, signs: Signs, *, filtered: bool) -> Iterator[Text]:
    yield Text()
    title = Text(escaped(lane.name), style="bold", overflow="fold")
    title.append(f"  {_about(lane)}", style="dim")
    yield title
    yield _row("watched", watched(lane, axis, signs))
    yield _row("state", states(lane, axis, signs))
    for row in ROWS:
        if row in lane.counts:
            yield _row(row, counts(lane.counts[row], signs), f"{sum(lane.counts[row]):,}")
    if not lane.counts:
        yield Text(f"  {_nothing(lane, axis, filtered=filtered)}", style="dim")
    shown = [gap for gap in lane.gaps if axis.holds(gap.from_ns) or axis.holds(gap.to_ns)]
    for gap in shown[:_GAPS]:
        since, until = (clock(ns, zone, "%m-%d %H:%M:%S") for ns in (gap.from_ns, gap.to_ns))
        reason = escaped(gap.reason)
        yield Text(
            f"  gap {since} to {until} ({length(gap.to_ns - gap.from_ns)}): {reason}", style="red", overflow="fold"
        )
    if len(shown) > _GAPS:
        yield Text(f"  and {len(shown) - _GAPS} more gaps: lightleak verify has them all", style="red")


def _nothing(lane: ProcessLane, axis: Axis, *, filtered: bool) -> str:
    """Say why a lane is empty: only one of the three speaks of the app."""
    if filtered:
        return "no access passes the filter"
    watched_at_all = any(start < axis.stop_ns and stop > axis.start_ns for start, stop in lane.covered)
    return "no access was seen" if watched_at_all else "was not watched in this span"


def _about(lane: ProcessLane) -> str:
    names = sorted({escaped(s.name) for s in lane.segments if s.name and s.name != lane.name})
    pids = [str(s.pid) for s in lane.segments if s.pid is not None]
    told = [", ".join(names[:3])] if names else []
    if pids:
        told.append(
            f"pid {pids[0]}" if len(pids) == 1 else f"pids {', '.join(pids[:4])}{' …' if len(pids) > 4 else ''}"
        )
    lost = sum(count for *_, count in lane.lost)
    many = (("segment", len(lane.segments)), ("gap", len(lane.gaps)))
    told += [f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in many if count]
    return ", ".join([*told, f"{lost:,} events lost"] if lost else told)


def _row(name: str, cells: str, total: str = "") -> Text:
    line = Text(no_wrap=True, overflow="crop").append(f"  {name:<{LABEL - 2}}", style="dim")
    line.append(cells, style=_STYLES.get(name, ""))
    line.append(f" {total:>{_TOTAL - 1}}" if total else "")
    return line


def wrapped(text: str, width: int) -> list[str]:
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


class EventList:
    """Events as lines, segment by segment; what says the same within a second is one line.

    limit: how many events are listed; None is all. width: columns of the terminal, which what an event says is wrapped
    to, in its own column; None writes each event on one line, whole.
    """

    def __init__(
        self, lanes: Lanes, zone: tzinfo, limit: int | None, width: int | None, *, ellipsis: str = "…"
    ) -> None:
        self._lanes, self._zone, self._limit = lanes, zone, limit
        self._ellipsis = ellipsis
        room = None if width is None else width - _TEXT_AT
        self._room = room if room is None or room >= _FEWEST else None
        self._segment, self._day = 0, ""
        self._said: tuple[int, str] | None = None
        self._alike = self._shown = self._left_out = 0

    def take(self, event: Event, here: SegmentState, *, every: bool) -> Iterator[Text]:
        """Give the lines that this event adds; ``every``: also for those that only mean something to programs."""
        said = sentence(event, most=None) or (escaped(event.kind) if every else None)
        if said is None:
            return
        if self._is_again(event, said):
            self._alike += 1
            return
        yield from self.end()
        if self._limit is not None and self._shown >= self._limit:
            self._left_out += 1
            return
        yield from self._heading(event)
        self._shown += 1
        self._said = event.mono_ns, said
        line = Text(f"  {clock(event.wall_ns, self._zone, '%H:%M:%S.%f')[:-3]}  ", style="dim", overflow="fold")
        line.append(f"{here.state:<10}  ")
        said = said if self._room is None else self._in_column(said, self._room)
        yield line.append(said, style=_STYLES.get(event.depth or "", ""))

    def _in_column(self, said: str, room: int) -> str:
        """Wrap a text to the column's width, and cut the middle out where it would take too many lines."""
        lines = wrapped(said, room)
        if len(lines) > _MOST_LINES:
            half = room * _MOST_LINES // 2 - len(self._ellipsis) * 2
            tail = wrapped(said[::-1], half)[0][::-1]
            lines = wrapped(wrapped(said, half)[0] + self._ellipsis + tail, room)
        return ("\n" + " " * _TEXT_AT).join(lines)

    def end(self) -> Iterator[Text]:
        """Give the line for what was alike."""
        if self._alike:
            yield Text(f"  {'':12}  {'':10}  ... and {self._alike:,} more like it", style="dim")
        self._said, self._alike = None, 0

    def rest(self) -> Iterator[Text]:
        """Say what was left out."""
        yield from self.end()
        if self._left_out:
            yield Text(
                f"\n{self._left_out:,} more: --events all lists them, --from, --to and --filter choose", style="dim"
            )

    def _is_again(self, event: Event, said: str) -> bool:
        if self._said is None or (self._segment, self._said[1]) != (event.segment, said):
            return False
        return 0 <= event.mono_ns - self._said[0] < _ALIKE_NS

    def _heading(self, event: Event) -> Iterator[Text]:
        day = clock(event.wall_ns, self._zone, "%Y-%m-%d")
        if (self._segment, self._day) != (event.segment, day):
            self._segment, self._day = event.segment, day
            yield Text(
                f"\n{escaped(self._lanes.of(event).name)}, segment {event.segment}, {day}",
                style="bold",
                overflow="fold",
            )
