"""``lightleak record``: watch what is running now, until it ends."""

from __future__ import annotations

import click

from lightleak.cli._console import Console
from lightleak.cli._options.recording import RecordingArguments, recording_options
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, one_target, target_options
from lightleak.cli._recording import record_session

_PATIENCE_S = 120.0
"""How long record tries to reach a process again; watch tries without end."""

_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak record com.example.app -U\n"
    "  lightleak record com.example.app -U -o monday.lightleak -t 20m\n"
    "  lightleak record com.example.app com.example.chat -U -o two.lightleak -t 1h\n"
)


@click.command("record", epilog=_EXAMPLES)
@device_options
@target_options(many=True)
@recording_options
@click.pass_obj
def command(console: Console, *, device: DeviceChoice, targets: list[Target], recording: RecordingArguments) -> int:
    """Record what each TARGET does with the photo library, until all have exited, -t has passed, or Ctrl-C.

    A bare TARGET is a pid, an identifier or a name, and must be running. A path is a PROGRAM, which is started with the
    hooks in place; the words after it are its arguments.
    """
    one_target(targets)
    return record_session(console, device, targets, recording, days=False, patience_s=_PATIENCE_S)
