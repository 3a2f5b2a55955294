"""``lightleak record``: watch what is running now, until it ends."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._recording import RECORD_PATIENCE_S, record_session
from lightleak.cli._targets import DeviceChoice, Target, device_options, one_target, target_options
from lightleak.device.targets import parse_running

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak record com.example.app -U -o monday.lightleak\n"
    "  lightleak record com.example.app -U --with com.example.chat -o two.lightleak -t 3600\n"
)


@click.command("record", epilog=_EXAMPLES)
@device_options
@target_options()
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
    internal: bool,
    spool: bool,
    quiet: bool,
    force: bool,
) -> int:
    """Attach to TARGET and write what it does with the photo library, until it exits, -t has passed, or Ctrl-C.

    A bare TARGET is a path (started, hooked from its beginning), a pid, an identifier or a name.
    """
    from lightleak.device.recorder.run import RecordingRequest
    from lightleak.device.recorder.sink import RecordingOptions

    request = RecordingRequest(
        device=device,
        targets=[one_target(targets), *map(parse_running, others)],
        output=output,
        force=force,
        days=False,
        limit_s=limit_s,
        options=RecordingOptions(internal=internal, spool=spool, patience_s=RECORD_PATIENCE_S),
    )
    return record_session(Console(verbosity=-1) if quiet else console, request)
