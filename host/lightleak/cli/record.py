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
    "  lightleak record com.example.app -U -o monday.lightleak\n"
    "  lightleak record com.example.app -U --with com.example.chat -o two.lightleak -t 3600\n"
)


@click.command("record", epilog=_EXAMPLES)
@device_options
@target_options()
@recording_options
@click.pass_obj
def command(console: Console, *, device: DeviceChoice, targets: list[Target], recording: RecordingArguments) -> int:
    """Record what TARGET does with the photo library, until it exits, -t has passed, or Ctrl-C.

    A bare TARGET is a path, a pid, an identifier or a name. A path is started with the hooks in place; everything else
    must be running.
    """
    return record_session(console, device, [one_target(targets)], recording, days=False, patience_s=_PATIENCE_S)
