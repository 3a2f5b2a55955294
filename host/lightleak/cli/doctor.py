"""``lightleak doctor``: check whether this machine and phone can record."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.durations import Duration
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.probes import probe_options
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, target_options
from lightleak.cli._options.values import Between
from lightleak.errors import UsageError

_NO_PHONE = "only this machine was checked: add -U for the phone on the cable, or -H HOST for one on the network"
_EXAMPLES = (
    "\b\nExamples:\n"
    "  lightleak doctor -U                    check the phone on the cable\n"
    "  lightleak doctor com.example.app -U    and an app that is running on it\n"
    "  lightleak doctor com.example.app -U --bisect\n"
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
@click.option(
    "--bisect",
    "bisecting",
    is_flag=True,
    help="Find which hooks TARGET does not bear. It asks you to start the app again each time that it has ended.",
)
@probe_options
@click.option(
    "--for",
    "window_s",
    type=Duration(least_s=1.0, most_s=3_600),
    default=10.0,
    metavar="DURATION",
    help="With --bisect: watch the app for this long in each run (default: 10).",
)
@click.option(
    "--repeat",
    type=Between(1, 100, whole=True),
    default=3,
    metavar="N",
    help="With --bisect: the app bears hooks with which it has stayed this often (default: 3).",
)
@click.option(
    "--wait",
    "wait_s",
    type=Duration(least_s=1.0, most_s=86_400),
    default=300.0,
    metavar="DURATION",
    help="With --bisect: wait this long for the app to be started again (default: 5m).",
)
@format_option("table", "json")
@click.pass_obj
def command(
    console: Console,
    *,
    device: DeviceChoice,
    targets: list[Target],
    folder: Path,
    bisecting: bool,
    left_out: tuple[str, ...],
    window_s: float,
    repeat: int,
    wait_s: float,
    form: str,
) -> int:
    """Check whether this machine and phone can record, and say how to fix what is wrong.

    It checks versions, connection, jailbreak, clock and disk space. With a running TARGET it also checks hooks, photos
    permission and report. It changes nothing on the device and records nothing.

    With --bisect, for an app that ends when it is recorded: controls come first (not attached to; attached to and
    nothing hooked), then half of the probes, and so on. It starts and ends no app. --only and --without limit what is
    tried. Ctrl-C prints what was found.

    Exit 1 when a problem prevents a recording. Warnings and what could not be checked do not count.
    """
    from lightleak.device.bisect.bisection import BisectPlan
    from lightleak.device.doctor import Bisect, examine
    from lightleak.views.terminal import doctor as view

    asked = Bisect(BisectPlan(left_out, window_s, repeat, wait_s), console) if bisecting else None
    if left_out and asked is None:
        raise UsageError("--only and --without need --bisect", hint="they choose what is tried")
    examination = examine(device, targets[0] if targets else None, folder.absolute(), asked)
    model = examination.to_dict()
    if form == "json":
        emit_json(model)
    else:
        emit(console.text_for(None, view.render(model)), None)
        if device.kind == "local" and not targets:
            console.warning(_NO_PHONE)
    return 1 if examination.prevents_recording else 0
