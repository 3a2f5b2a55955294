"""``lightleak apps``: list what can be recorded on a device."""

from __future__ import annotations

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.targets import DeviceChoice, device_options
from lightleak.cli._options.values import format_option


@click.command("apps")
@device_options
@click.option(
    "-a",
    "--all",
    "everything",
    is_flag=True,
    help="List processes too (default: only apps, on a device that has apps).",
)
@format_option("table", "json")
@click.pass_obj
def command(console: Console, *, device: DeviceChoice, everything: bool, form: str) -> None:
    """List the apps of a device, running or not. A device without apps lists its processes."""
    from lightleak.device.queries import processes

    found = processes(device)
    apps = [process for process in found if process.identifier]
    shown = found if everything or not apps else apps
    if form == "json":
        rows = [{"pid": p.pid or None, "name": p.name, "identifier": p.identifier} for p in shown]
        emit_json({"version": 1, "apps": rows})
    else:
        emit(console.table(("PID", "NAME", "IDENTIFIER"), [(p.pid or None, p.name, p.identifier) for p in shown]), None)
