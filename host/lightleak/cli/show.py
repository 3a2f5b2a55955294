"""``lightleak show``: a session as a timeline in the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lightleak.cli._console import Console
from lightleak.cli._options import chosen, filter_option
from lightleak.cli._progress import progress
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from lightleak.events import Event
    from lightleak.replay_state import SegmentState
    from lightleak.views.timeline.session_timeline import Lanes, ProcessLane

_LISTED = 40
_NAMED = 20


class _HowMany(click.ParamType[int | None]):
    """A number, or ``all``."""

    name = "NUMBER|all"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> int | None:
        """Read the option's text."""
        if value == "all":
            return None
        if not re.fullmatch(r"\d{1,9}", str(value)):
            self.fail(f"{value!r} is neither a number nor all.")
        return int(value)


_EXAMPLES = "\b\nExamples:\n  lightleak show monday.lightleak --from 22:00 --filter 'depth >= thumbnail'\n"


@click.command("show", epilog=_EXAMPLES)
@click.argument("session", type=click.Path(path_type=Path))
@click.option("--app", metavar="ID", help="Only this app's processes.")
@click.option(
    "--from", "since", metavar="TIME", help="From here on: 2026-11-20, 2026-11-20T22:30, or 22:30 on the first day."
)
@click.option("--to", "until", metavar="TIME", help="Up to here, with all of the day, minute or second that is named.")
@filter_option
@click.option(
    "--events",
    "listed",
    type=_HowMany(),
    metavar="NUMBER|all",
    default=str(_LISTED),
    show_default=True,
    help="How many events to list.",
)
@click.pass_obj
def command(
    console: Console,
    *,
    session: Path,
    app: str | None,
    since: str | None,
    until: str | None,
    expression: str | None,
    listed: int | None,
) -> None:
    """Show SESSION as a timeline: what was watched, the app's state, accesses by depth; then its events."""
    from lightleak.timezones import device_zone
    from lightleak.trace.session import open_session
    from lightleak.views.export.source import ExportSource
    from lightleak.views.terminal.timeline import EventList, columns_for, timeline
    from lightleak.views.timeline.session_timeline import Axis, Lanes, row_of

    opened = open_session(session)
    zone = device_zone(opened.header)
    keep = chosen(expression, opened.header)
    for notice in opened.notices:
        console.warning(notice)
    lanes = Lanes(opened)
    span = lanes.span()
    if span is None:
        console.stdout.print("The session holds no events.")
        return
    mine = _wanted(lanes, app)
    axis = Axis(*_bounds(span, since, until, zone), columns_for(console.stdout.width))

    def events() -> Iterator[tuple[Event, SegmentState]]:
        with progress(console, "reading", sum(part.last_seal.events for part in opened.parts)) as done:
            for event, here in ExportSource(opened, keep, done).events():
                if axis.holds(event.wall_ns) and lanes.of(event).name in mine:
                    yield event, here

    for event, _ in events():
        if row := row_of(event):
            lanes.of(event).count(row, axis.column(event.wall_ns), axis.columns)
    ascii_only = not console.stdout.encoding.lower().startswith("utf")
    for line in timeline(mine.values(), axis, zone, ascii_only=ascii_only, filtered=keep is not None):
        console.stdout.print(line)
    width = console.stdout.width if console.has_width else None
    listing = EventList(lanes, zone, listed, width, ellipsis="..." if ascii_only else "…")
    for event, here in events():
        for line in listing.take(event, here, every=keep is not None):
            console.stdout.print(line, soft_wrap=width is None)
    for line in listing.rest():
        console.stdout.print(line)


def _wanted(lanes: Lanes, app: str | None) -> dict[str, ProcessLane]:
    if app is None:
        return lanes.lanes
    if app not in lanes.lanes:
        from lightleak.text import escaped

        has = ", ".join(escaped(name) for name in list(lanes.lanes)[:_NAMED])
        raise UsageError(f"the session has no process of {escaped(app)}", hint=f"it has {has}")
    return {app: lanes.lanes[app]}


def _bounds(span: tuple[int, int], since: str | None, until: str | None, zone: tzinfo) -> tuple[int, int]:
    start_ns = span[0] if since is None else _moment(since, "--from", span[0], zone)[0]
    stop_ns = span[1] if until is None else _moment(until, "--to", span[0], zone)[1] - 1
    if stop_ns < start_ns:
        raise UsageError("--to lies before --from, or outside of the session", hint="name a span of time with events")
    return start_ns, stop_ns


def _moment(text: str, option: str, first_ns: int, zone: tzinfo) -> tuple[int, int]:
    from lightleak.filter.time_expr import local, read_moment

    found = read_moment(text, zone)
    if found is not None and found.of_day:
        found = read_moment(f"{local(first_ns, zone):%Y-%m-%d}T{text}", zone)
    if found is None:
        raise UsageError(f"{option} {text} is no time", hint="write 2026-11-20, 2026-11-20T22:30:15+01:00, or 22:30")
    return found.start_ns, found.stop_ns
