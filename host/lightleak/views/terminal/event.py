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
from lightleak.views.live.event_text import sentence
from lightleak.views.timeline.columns import ColumnEvents
from lightleak.views.timeline.text import clock

_HERE = "> "
_FEWEST = 12
"""Columns of a text below which nothing is cut."""


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
    yield Text(f"\nEvent {shown.segment}:{shown.seq}", style="bold")
    names = max(map(len, map(escaped, shown)))
    for key, value in shown.items():
        yield Text.assemble((f"  {escaped(key):<{names}}  ", "dim"), escaped(_value(value)), overflow="fold")


def _line(event: Event, state: SegmentState, zone: tzinfo, width: int | None, *, is_it: bool) -> Text:
    when = clock(event.wall_ns, zone, "%H:%M:%S.%f")[:-3]
    head = f"{_HERE if is_it else '  '}{event.segment}:{event.seq:<6} {when}  {state.state:<10}  "
    text = sentence(event, state.origins, most=None) or escaped(event.kind)
    room = None if width is None else width - len(head)
    if room is not None and room >= _FEWEST and len(text) > room and not is_it:
        text = text[: room - 1] + "…"
    return Text(head, style="bold" if is_it else "dim", overflow="fold").append(text, style="bold" if is_it else "")


def _value(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
