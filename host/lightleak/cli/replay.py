"""``lightleak replay``: show recorded events again, through the pipeline that showed them live."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._options.events import filter_option, read_filter
from lightleak.cli._options.formats import format_option
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from lightleak.filter import Filter
    from lightleak.pipeline import Batch


@click.command("replay")
@click.argument("session", type=click.Path(path_type=Path))
@click.option(
    "--speed",
    metavar="X|max",
    help="Replay this many times faster, or as fast as possible (default: 1 for live, max for ndjson).",
)
@format_option("live", "ndjson")
@filter_option
@click.pass_obj
def command(console: Console, session: Path, speed: str | None, form: str, expression: str | None) -> None:
    """Replay SESSION as it was shown during the recording. Ctrl-C ends it."""
    from lightleak.pipeline import Batch, Pipeline, to_events, to_lines
    from lightleak.trace.session import open_session
    from lightleak.views.live.replay_pace import paced

    factor = _factor(speed if speed is not None else "1" if form == "live" else "max")
    opened = open_session(session)
    console.warn_of(opened.notices)
    keep = read_filter(expression, opened.header)
    source = (Batch(lines, odd=opened.odd) for lines in paced(opened, factor))
    if keep is not None:
        source = (batch for every in source if (batch := _only(every, keep, with_processes=form == "live")).lines)
    if form == "live":
        from lightleak.views.live.view import LiveView

        with LiveView(console, result=True, is_filtered=keep is not None) as view:
            Pipeline(to_events(view.feed)).run(source)
        console.warn_of(opened.odd_notices)
        return
    out = sys.stdout.buffer

    def show(lines: Sequence[bytes]) -> None:
        out.write(b"\n".join(lines) + b"\n")
        out.flush()

    show([opened.header_line])
    Pipeline(to_lines(show)).run(source)
    console.warn_of(opened.odd_notices)


def _only(batch: Batch, keep: Filter, *, with_processes: bool) -> Batch:
    """Return the lines that the filter keeps. with_processes: also those that name the processes."""
    from lightleak.pipeline import Batch

    return Batch(
        [
            line
            for line, event in zip(batch.lines, batch.events, strict=True)
            if keep.keeps(event) or (with_processes and event.kind == "process")
        ]
    )


def _factor(speed: str) -> float | None:
    """Return a speed as a factor; None is as fast as possible. Raises: UsageError when it is not a speed."""
    if speed == "max":
        return None
    from lightleak.text import escaped
    from lightleak.views.live.replay_pace import FASTEST, SLOWEST

    try:
        factor = float(speed)
    except ValueError:
        factor = 0.0
    if not SLOWEST <= factor <= FASTEST:
        raise UsageError(
            f"--speed must be between {SLOWEST:g} and {FASTEST:,.0f} (got {escaped(speed)})",
            hint="give such a number, or max",
        )
    return factor
