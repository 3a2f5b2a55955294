"""``lightleak mark``: add a note to a running recording."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console


@click.command("mark")
@click.option("--session", type=click.Path(path_type=Path), help="The recording's file, if several are running.")
@click.argument("label")
@click.pass_obj
def command(console: Console, session: Path | None, label: str) -> None:
    """Add LABEL to the running recording, at the device's current time."""
    from lightleak.device.recorder.marks import send_mark

    answer = send_mark(label, session)
    console.info(f"marked (segment {answer['segment']}, seq {answer['seq']})")
