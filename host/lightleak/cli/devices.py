"""``lightleak devices``: list what Frida can reach."""

from __future__ import annotations

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.formats import format_option


@click.command("devices")
@format_option("table", "json")
@click.pass_obj
def command(console: Console, form: str) -> None:
    """List the devices that Frida sees. Other commands take one with -D ID."""
    from lightleak.device.queries import devices

    found = devices()
    if form == "json":
        rows = [{"id": d.id, "name": d.name, "type": d.type} for d in found]
        emit_json({"version": 1, "devices": rows})
    else:
        emit(console.table(("ID", "TYPE", "NAME"), [(d.id, d.type, d.name) for d in found]), None)
        if not any(d.type == "usb" for d in found):
            console.info("There is no USB device: plug the phone in, unlock it, and tap Trust on it.")
