"""``lightleak devices``: what can be reached."""

from __future__ import annotations

import json

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit
from lightleak.cli._table import columns


@click.command("devices")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
@click.pass_obj
def command(console: Console, form: str) -> None:
    """List the devices that Frida sees; name one with -D ID."""
    from lightleak.device.queries import devices

    found = devices()
    if form == "json":
        rows = [{"id": d.id, "name": d.name, "type": d.type} for d in found]
        emit(json.dumps({"version": 1, "devices": rows}, ensure_ascii=False, indent=2) + "\n", None)
    else:
        emit(columns(("ID", "TYPE", "NAME"), [(d.id, d.type, d.name) for d in found]), None)
        if not any(d.type == "usb" for d in found):
            console.info("No phone on a cable is among them: plug it in, unlock it, and trust this computer on it.")
