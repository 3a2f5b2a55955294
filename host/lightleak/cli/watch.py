"""``lightleak watch``: record for days."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._recording import record_session
from lightleak.cli._targets import DeviceChoice, Target, device_options, one_target, target_options
from lightleak.device.targets import parse_running

_EXAMPLES = "\b\nExamples:\n  lightleak watch com.example.app -U -o week.lightleak --rotate-hours 24\n"


@click.command("watch", epilog=_EXAMPLES)
@device_options
@target_options(many=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The session file to write.")
@click.option(
    "-t",
    "--time",
    "limit_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop this long after recording has begun; waiting for a launch does not count.",
)
@click.option("--with", "others", multiple=True, metavar="TARGET", help="Another identifier, pid or name; repeatable.")
@click.option("--rotate-mb", type=click.FloatRange(min=0, min_open=True), help="Begin the next file at this size.")
@click.option(
    "--rotate-hours", type=click.FloatRange(min=0, min_open=True), help="Begin the next file after this time."
)
@click.option(
    "--internal", is_flag=True, help="Keep what frameworks do inside the app's own calls, marked as internal."
)
@click.option("--spool", is_flag=True, help="Let the agent write to the app's container too, for an untethered phone.")
@click.option("--quiet", is_flag=True, help="Show nothing but what went wrong.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(
    console: Console,
    *,
    device: DeviceChoice,
    targets: list[Target],
    output: Path,
    limit_s: float | None,
    others: tuple[str, ...],
    rotate_mb: float | None,
    rotate_hours: float | None,
    internal: bool,
    spool: bool,
    quiet: bool,
    force: bool,
) -> int:
    """Record TARGETs for days: attach again after every launch, lock and broken link, into one session.

    An app's extensions are watched with it. Ctrl-C ends the recording.
    """
    from lightleak.device.recorder.run import RecordingRequest
    from lightleak.device.recorder.sink import RecordingOptions
    from lightleak.trace.rotation import Rotation

    one_target(targets)
    request = RecordingRequest(
        device=device,
        targets=[*targets, *map(parse_running, others)],
        output=output,
        force=force,
        days=True,
        limit_s=limit_s,
        options=RecordingOptions(internal=internal, spool=spool),
        rotation=Rotation(
            size_bytes=None if rotate_mb is None else int(rotate_mb * 1e6),
            seconds=None if rotate_hours is None else rotate_hours * 3600,
        ),
    )
    return record_session(Console(verbosity=-1) if quiet else console, request)
