"""``lightleak replay``: the recorded events again, through the pipeline that showed them live."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._options import chosen, filter_option
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from lightleak.filter import Filter
    from lightleak.pipeline import Batch


@click.command("replay")
@click.argument("session", type=click.Path(path_type=Path))
@click.option("--speed", metavar="X|max", help="How much faster than it was; live: 1, ndjson: max.")
@click.option("--format", "form", type=click.Choice(["live", "ndjson"]), default="live", help="How to show it.")
@filter_option
@click.pass_obj
def command(console: Console, session: Path, speed: str | None, form: str, expression: str | None) -> None:
    """Show SESSION again as it was shown when it was recorded. Ctrl-C ends it."""
    from lightleak.pipeline import Batch, Pipeline, to_events, to_lines
    from lightleak.trace.session import open_session
    from lightleak.views.live.replay_pace import paced

    factor = _factor(speed if speed is not None else "1" if form == "live" else "max")
    opened = open_session(session)
    for notice in opened.notices:
        console.warning(notice)
    keep = chosen(expression, opened.header)
    source = (Batch(lines) for lines in paced(opened, factor))
    if keep is not None:
        source = (batch for every in source if (batch := _only(every, keep, who=form == "live")).lines)
    if form == "live":
        from lightleak.views.live.view import LiveView

        with LiveView(console, result=True, is_filtered=keep is not None) as view:
            Pipeline(to_events(view.feed)).run(source)
        return
    out = sys.stdout.buffer

    def show(lines: Sequence[bytes]) -> None:
        out.write(b"\n".join(lines) + b"\n")
        out.flush()

    show([opened.header_line])
    Pipeline(to_lines(show)).run(source)


def _only(batch: Batch, keep: Filter, *, who: bool) -> Batch:
    """Leave out what the filter does not keep; ``who``: but not what says whose lines the others are."""
    from lightleak.pipeline import Batch

    return Batch(
        [
            line
            for line, event in zip(batch.lines, batch.events, strict=True)
            if keep.keeps(event) or (who and event.kind == "process")
        ]
    )


def _factor(speed: str) -> float | None:
    """Read a speed; None is as fast as can be. Errors: UsageError."""
    if speed == "max":
        return None
    try:
        factor = float(speed)
    except ValueError:
        factor = 0.0
    if not 0 < factor < float("inf"):
        raise UsageError(f"--speed {speed} is no speed", hint="give a number above 0, or max")
    return factor
