"""``lightleak show``: show a session as a timeline in the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._options.apps import ensure_known
from lightleak.cli._options.events import filter_option, read_filter
from lightleak.cli._options.values import ValueOr
from lightleak.cli._progress import progress
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

    from lightleak.views.timeline.session_timeline import EventStream

_LISTED = 40
_EXAMPLES = "\b\nExamples:\n  lightleak show monday.lightleak --from 22:00 --filter 'depth >= thumbnail'\n"


def _read_number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text)


@click.command("show", epilog=_EXAMPLES)
@click.argument("session", type=click.Path(path_type=Path))
@click.option("--app", metavar="ID", help="Only show this app's processes (default: all).")
@click.option(
    "--from",
    "since",
    metavar="TIME",
    help="Start here: 2026-11-20, 2026-11-20T22:30, or 22:30 on the first day (default: the first event).",
)
@click.option(
    "--to", "until", metavar="TIME", help="End with this day, minute or second, included (default: the last event)."
)
@filter_option
@click.option(
    "--events",
    "most_events",
    type=ValueOr("a number", _read_number, "all", None),
    metavar="NUMBER|all",
    default=str(_LISTED),
    help=f"List at most this many events (default: {_LISTED}).",
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
    most_events: int | None,
) -> None:
    """Show SESSION as a timeline: what was watched, the app's state, accesses by depth; then its events."""
    from lightleak.comparator.timeline.app_coverage import session_coverage
    from lightleak.comparator.timeline.session_set import load_sessions
    from lightleak.timezones import device_zone
    from lightleak.trace.event_places import EventPlaces
    from lightleak.trace.session import open_session
    from lightleak.views.export.source import ExportSource
    from lightleak.views.terminal.timeline import TimelineStyle, columns_for, render, render_columns
    from lightleak.views.timeline.columns import ColumnEvents
    from lightleak.views.timeline.session_timeline import Axis, ProcessesOnAxis, StreamedTimeline

    opened = open_session(session)
    zone = device_zone(opened.header)
    keep = read_filter(expression, opened.header)
    for notice in opened.notices:
        console.warning(notice)
    sessions = load_sessions(opened)
    coverage = session_coverage(sessions)
    if coverage.span is None:
        console.stdout.print("The session holds no events.")
        return
    if app is not None:
        ensure_known([app], {process.name for process in coverage.processes})
    axis = Axis(*_bounds(coverage.span, since, until, zone), columns_for(console.stdout.width))

    def read() -> EventStream:
        with progress(console, "reading", opened.event_count) as done:
            yield from ExportSource(opened, keep, done).events()

    style = TimelineStyle(
        zone,
        is_ascii=not console.stdout.encoding.lower().startswith("utf"),
        is_filtered=keep is not None,
        most_events=most_events,
        width=console.stdout.width if console.has_width else None,
    )
    if keep is None and most_events is not None and not sessions.loaded[0].columns.unreadable:
        columns = ColumnEvents(sessions, EventPlaces(opened))
        found = render_columns(ProcessesOnAxis(coverage, axis, app=app), columns, style)
    else:
        found = render(StreamedTimeline(coverage, axis, read, app=app), style)
    for line in found:
        console.stdout.print(line, soft_wrap=style.width is None)


def _bounds(span: tuple[int, int], since: str | None, until: str | None, zone: tzinfo) -> tuple[int, int]:
    start_ns = span[0] if since is None else _moment(since, "--from", span[0], zone)[0]
    stop_ns = span[1] if until is None else _moment(until, "--to", span[0], zone)[1] - 1
    if stop_ns < start_ns:
        raise UsageError("--to is before --from, or outside the session", hint="name a span of time with events")
    return start_ns, stop_ns


def _moment(text: str, option: str, first_ns: int, zone: tzinfo) -> tuple[int, int]:
    from lightleak.filter.time_expr import local, read_moment

    found = read_moment(text, zone)
    if found is not None and found.of_day:
        found = read_moment(f"{local(first_ns, zone):%Y-%m-%d}T{text}", zone)
    if found is None:
        raise UsageError(
            f"cannot parse {option} {text} as a time", hint="write 2026-11-20, 2026-11-20T22:30:15+01:00, or 22:30"
        )
    return found.start_ns, found.stop_ns
