"""One event with all its keys, and the events of its segment around it. Every name is escaped.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

import msgspec
from rich.text import Text

from lightleak.events import Event
from lightleak.replay_state import SegmentState
from lightleak.text import escaped
from lightleak.timezones import Zone
from lightleak.views.live.event_text import sentence
from lightleak.views.timeline.columns import ColumnEvents
from lightleak.views.timeline.text import exact_clock

_HERE = "> "
_FEWEST = 20
"""The fewest characters of an event's text, however narrow the terminal."""


def render(columns: ColumnEvents, position: int, context: int, *, zone: tzinfo, width: int | None) -> Iterator[Text]:
    """Yield the lines: the events around it in order, itself marked, then its keys.

    context: how many events before and after it. width: columns into which a line must fit; None is any.
    """
    shown: Event | None = None
    positions = columns.around(position, context)
    yield Text(f"{escaped(columns.name_of(position))}, {columns.day(position, zone)}", style="bold", overflow="fold")
    for at, (event, state) in zip(positions.tolist(), columns.read(positions), strict=True):
        is_it = at == position
        shown = event if is_it else shown
        yield _line(event, state, zone, width, is_it=is_it)
    assert shown is not None
    yield Text(f"\nEvent {shown.segment}:{shown.seq}, {Zone(zone).format(shown.wall_ns)}", style="bold")
    names = max(map(len, map(escaped, shown)))
    for key, value in shown.items():
        yield Text.assemble((f"  {escaped(key):<{names}}  ", "dim"), escaped(_value(value)), overflow="fold")


def _line(event: Event, state: SegmentState, zone: tzinfo, width: int | None, *, is_it: bool) -> Text:
    when = exact_clock(event.wall_ns, zone)
    head = f"{_HERE if is_it else '  '}{event.segment}:{event.seq:<6} {when}  {state.state:<10}  "
    room = None if width is None or is_it else max(width - len(head), _FEWEST)
    text = sentence(event, state.origins, unseen_ns=state.unseen_ns, most=room) or _bare(event)
    return Text(head, style="bold" if is_it else "dim", overflow="fold").append(text, style="bold" if is_it else "")


def _bare(event: Event) -> str:
    """Return what an event is that only programs need."""
    of = event.get("of")
    return escaped(event.kind) + (f" of #{of}" if of.__class__ is int else "")


def _value(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
