"""``lightleak apps``: what can be watched on a device."""

from __future__ import annotations

import json

import click

from lightleak.cli._files import emit
from lightleak.cli._table import columns
from lightleak.cli._targets import DeviceChoice, device_options


@click.command("apps")
@device_options
@click.option("-a", "--all", "everything", is_flag=True, help="Processes too, where the device tells apps apart.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
def command(device: DeviceChoice, everything: bool, form: str) -> None:
    """List the apps of a device, running or not; where it tells none apart, its processes."""
    from lightleak.device.queries import processes

    found = processes(device)
    apps = [process for process in found if process.identifier]
    shown = found if everything or not apps else apps
    if form == "json":
        rows = [{"pid": p.pid or None, "name": p.name, "identifier": p.identifier} for p in shown]
        emit(json.dumps({"version": 1, "apps": rows}, ensure_ascii=False, indent=2) + "\n", None)
    else:
        emit(columns(("PID", "NAME", "IDENTIFIER"), [(p.pid or None, p.name, p.identifier) for p in shown]), None)
