"""``lightleak doctor``: check whether this machine and phone can record."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, target_options

_NO_PHONE = "only this machine was checked: add -U for the phone on the cable, or -H HOST for one on the network"
_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak doctor -U                    check the phone on the cable\n"
    "  lightleak doctor com.example.app -U    and an app that is running on it\n"
)


@click.command("doctor", epilog=_EXAMPLES)
@device_options
@target_options()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Check the free space in this folder (default: the current one).",
)
@format_option("table", "json")
@click.pass_obj
def command(console: Console, *, device: DeviceChoice, targets: list[Target], folder: Path, form: str) -> int:
    """Check whether this machine and phone can record, and say how to fix what is wrong.

    It checks versions, connection, jailbreak, clock and disk space. With a running TARGET it also checks hooks, photos
    permission and report. It changes nothing on the device and records nothing.

    Exit 1 when a problem prevents a recording. Warnings and what could not be checked do not count.
    """
    from lightleak.device.doctor import examine
    from lightleak.views.terminal import doctor as view

    examination = examine(device, targets[0] if targets else None, folder.absolute())
    model = examination.to_dict()
    if form == "json":
        emit_json(model)
    else:
        emit(console.text_for(None, view.render(model)), None)
        if device.kind == "local" and not targets:
            console.warning(_NO_PHONE)
    return 1 if examination.prevents_recording else 0
