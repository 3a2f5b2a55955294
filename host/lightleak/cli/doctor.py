"""``lightleak doctor``: what stands between this machine and a recording."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit
from lightleak.cli._targets import DeviceChoice, Target, device_options, target_options

_NO_PHONE = (
    "this was about this machine only; lightleak doctor -U looks at a phone on the cable, -H HOST at one on a network"
)
_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak doctor -U                    a phone on the cable\n"
    "  lightleak doctor com.example.app -U    and an app that runs on it\n"
)


@click.command("doctor", epilog=_EXAMPLES)
@device_options
@target_options()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where recordings will be written; without, this folder.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
@click.pass_obj
def command(console: Console, *, device: DeviceChoice, targets: list[Target], folder: Path, form: str) -> int:
    """Check versions, reachability, jailbreak, clock and room; with a TARGET that runs also hooks, permission and report.

    Each finding names what mends it. Exit code 0 when nothing stands in the way of a recording, 1 when something does;
    warnings and what could not be checked do not count. Nothing is changed on the device, and nothing is recorded.
    """
    from lightleak.device.doctor import examine
    from lightleak.views.terminal.doctor import examination_lines

    examination = examine(device, targets[0] if targets else None, folder.absolute())
    told = examination.to_dict()
    if form == "json":
        emit(json.dumps(told, ensure_ascii=False, indent=2) + "\n", None)
    else:
        emit(console.rendered(examination_lines(told)), None)
        if device.kind == "local" and not targets:
            console.warning(_NO_PHONE)
    return 1 if examination.prevents_recording else 0
