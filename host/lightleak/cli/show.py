"""``lightleak show``: show a session as a timeline in the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lightleak.cli._console import Console
from lightleak.cli._options.events import filter_option, read_filter
from lightleak.cli._options.values import ValueOr
from lightleak.cli._progress import progress
from lightleak.errors import UsageError
from lightleak.known_apps import ensure_known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from lightleak.comparator.timeline.session_set import SessionSet
    from lightleak.filter import Filter
    from lightleak.trace.event_places import Key
    from lightleak.trace.session import Session
    from lightleak.views.timeline.session_timeline import EventStream

_LISTED = 40
_CONTEXT = 5
_REFERENCE = re.compile(r"(?:\d{1,9}:)?(\d{1,9}):(\d{1,9})")
_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak show monday.lightleak --from 22:00 --filter 'depth >= thumbnail'\n"
    "  lightleak show monday.lightleak --event 1:34:9 --context 20\n"
)


def _read_number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text)


def _read_reference(_context: click.Context, _option: click.Parameter, text: str | None) -> Key | None:
    """Return segment and seq of ``SESSION:SEGMENT:SEQ`` or ``SEGMENT:SEQ``: the session is the one that is shown."""
    if text is None:
        return None
    found = _REFERENCE.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--event {text} is not an event", hint="write SEGMENT:SEQ, or SESSION:SEGMENT:SEQ as verdicts cite it"
        )
    return int(found[1]), int(found[2])


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
@click.option(
    "--event",
    metavar="[N:]SEGMENT:SEQ",
    callback=_read_reference,
    help="Show this event with all its keys, as verdicts and policies cite it, and the events around it.",
)
@click.option(
    "--context",
    type=click.IntRange(0, 1_000),
    metavar="NUMBER",
    help=f"With --event: show so many events of its segment before it, and as many after it (default: {_CONTEXT}).",
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
    event: Key | None,
    context: int | None,
) -> None:
    """Show SESSION as a timeline: what was watched, the app's state, accesses by depth; then its events."""
    from lightleak.comparator.timeline.session_set import load_sessions
    from lightleak.trace.session import open_session

    if event is None and context is not None:
        raise UsageError("--context requires --event", hint="add --event, or leave out --context")
    if event is not None and any(each is not None for each in (app, since, until, expression)):
        raise UsageError(
            "--event cannot be combined with --app, --from, --to or --filter",
            hint="leave these out: it shows one event",
        )
    opened = open_session(session)
    keep = read_filter(expression, opened.header)
    console.warn_of(opened.notices)
    sessions = load_sessions(opened)
    if event is not None:
        lines, width = _event(console, opened, sessions, event, _CONTEXT if context is None else context)
    else:
        lines, width = _timeline(console, opened, sessions, _Asked(app, since, until, keep, most_events))
    console.print_lines(lines, has_width=width is not None)
    console.warn_of(opened.odd_notices)


class _Asked(NamedTuple):
    """What is to be shown of a session."""

    app: str | None
    since: str | None
    until: str | None
    keep: Filter | None
    most_events: int | None


def _timeline(
    console: Console, opened: Session, sessions: SessionSet, asked: _Asked
) -> tuple[Iterable[Any], int | None]:
    """Return the lines of the timeline and the width to which they are wrapped; None for lines of any length."""
    from lightleak.app_names import app_of
    from lightleak.comparator.timeline.app_coverage import session_coverage
    from lightleak.timezones import device_zone
    from lightleak.trace.event_places import EventPlaces
    from lightleak.views.export.source import ExportSource
    from lightleak.views.terminal.timeline import TimelineStyle, columns_for, render, render_columns
    from lightleak.views.timeline.columns import ColumnEvents
    from lightleak.views.timeline.session_timeline import Axis, ProcessesOnAxis, StreamedTimeline

    coverage = session_coverage(sessions)
    if coverage.span is None:
        return ["The session holds no events."], None
    app = None if asked.app is None else app_of(asked.app)
    if app is not None:
        ensure_known([app], {process.name for process in coverage.processes})
    zone, keep = device_zone(opened.header), asked.keep
    axis = Axis(*_bounds(coverage.span, asked.since, asked.until, zone), columns_for(console.stdout.width))
    style = TimelineStyle(
        zone,
        is_ascii=_is_ascii(console),
        is_filtered=keep is not None,
        most_events=asked.most_events,
        width=_width(console),
    )

    def read() -> EventStream:
        with progress(console, "reading", opened.event_count) as done:
            yield from ExportSource(opened, keep, done).events()

    read_columns = sessions.loaded[0].columns
    # Who reads all events one after the other finds what is wrong with their order.
    is_plain = not read_columns.unreadable and not len(read_columns.repeated)
    if is_plain:
        opened.odd = read_columns.odd
        columns = ColumnEvents(sessions, EventPlaces(opened), keep)
        everything = read() if keep is None and asked.most_events is None else None
        return render_columns(ProcessesOnAxis(coverage, axis, app=app), columns, style, everything), style.width
    return render(StreamedTimeline(coverage, axis, read, app=app), style), style.width


def _event(
    console: Console, opened: Session, sessions: SessionSet, key: Key, context: int
) -> tuple[Iterable[Any], int | None]:
    """Return the lines of one event and those around it, and the width. Raises: TraceError when it is not there."""
    from lightleak.errors import TraceError
    from lightleak.timezones import device_zone
    from lightleak.trace.event_places import EventPlaces
    from lightleak.views.terminal.event import render
    from lightleak.views.timeline.columns import ColumnEvents

    columns = ColumnEvents(sessions, EventPlaces(opened))
    at = columns.position(key)
    if at is None:
        raise TraceError(f"{opened.path} has no event {key[0]}:{key[1]}", hint=_nearest(columns.nearest(key), opened))
    width = _width(console)
    return render(columns, at, context, zone=device_zone(opened.header), width=width), width


def _nearest(keys: list[Key], opened: Session) -> str:
    if not keys:
        return "it has no event at all"
    near = " and ".join(f"{segment}:{seq}" for segment, seq in keys)
    following = opened.parts[-1].last_seal.next
    return f"the nearest {'is' if len(keys) == 1 else 'are'} {near}" + (
        f"; the recording continues in {following}" if following else ""
    )


def _is_ascii(console: Console) -> bool:
    return not console.stdout.encoding.lower().startswith("utf")


def _width(console: Console) -> int | None:
    return console.stdout.width if console.has_width else None


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
