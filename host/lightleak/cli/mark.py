"""``lightleak mark``: a person's word in a running recording."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console


@click.command("mark")
@click.option("--session", type=click.Path(path_type=Path), help="The recording's file, where several are running.")
@click.argument("label")
@click.pass_obj
def command(console: Console, session: Path | None, label: str) -> None:
    """Put LABEL into the running recording, at this moment of the device's time."""
    from lightleak.device.recorder.marks import send_mark

    answer = send_mark(label, session)
    console.info(f"marked (segment {answer['segment']}, seq {answer['seq']})")
