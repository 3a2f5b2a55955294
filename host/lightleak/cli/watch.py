"""``lightleak watch``: record for days."""

from __future__ import annotations

import click

from lightleak.cli._console import Console
from lightleak.cli._options.recording import RecordingArguments, recording_options
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, one_target, target_options
from lightleak.cli._options.values import Between
from lightleak.cli._recording import record_session

_EXAMPLES = "\b\nExamples:\n  lightleak watch com.example.app -U -o week.lightleak --rotate-hours 24\n"


@click.command("watch", epilog=_EXAMPLES)
@device_options
@target_options(many=True)
@recording_options
@click.option(
    "--rotate-mb", type=Between(0.001, 1e7), metavar="MB", help="Start the next file at this size (default: one file)."
)
@click.option(
    "--rotate-hours",
    type=Between(0.0001, 8_784),
    metavar="HOURS",
    help="Start the next file after this time (default: one file).",
)
@click.pass_obj
def command(
    console: Console,
    *,
    device: DeviceChoice,
    targets: list[Target],
    recording: RecordingArguments,
    rotate_mb: float | None,
    rotate_hours: float | None,
) -> int:
    """Record every TARGET for days: attach again after each launch, lock and broken connection, into one session.

    An app's extensions are recorded with it. Ctrl-C ends the recording.
    """
    from lightleak.trace.frame_writer import Rotation

    one_target(targets)
    rotation = Rotation(
        size_bytes=None if rotate_mb is None else int(rotate_mb * 1e6),
        seconds=None if rotate_hours is None else rotate_hours * 3600,
    )
    return record_session(console, device, targets, recording, days=True, rotation=rotation)
