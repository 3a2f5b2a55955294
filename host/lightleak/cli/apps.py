"""``lightleak apps``: list what can be recorded on a device."""

from __future__ import annotations

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.targets import DeviceChoice, device_options
from lightleak.errors import UsageError


@click.command("apps")
@device_options
@click.option("-a", "--applications", "running", is_flag=True, help="Only list apps that are running.")
@click.option("-i", "--installed", is_flag=True, help="With -a: list apps that are not running too, as is the default.")
@click.option(
    "--all", "everything", is_flag=True, help="List processes too (default: only apps, on a device that has apps)."
)
@format_option("table", "json")
@click.pass_obj
def command(
    console: Console, *, device: DeviceChoice, running: bool, installed: bool, everything: bool, form: str
) -> None:
    """List the apps of a device, running or not. A device without apps lists its processes.

    The letters are those of frida-ps: -Ua lists running apps, -Uai all installed ones.
    """
    from lightleak.device.queries import processes

    if everything and (running or installed):
        raise UsageError(
            "--all cannot be combined with -a and -i", hint="leave out --all for apps, or -a and -i for everything"
        )
    found = processes(device)
    apps = [process for process in found if process.identifier]
    if running or installed:
        shown = [app for app in apps if app.pid or installed]
        if not apps:
            console.info("This device has no apps: leave out -a and -i to list its processes.")
    else:
        shown = found if everything or not apps else apps
    if form == "json":
        rows = [{"pid": p.pid or None, "name": p.name, "identifier": p.identifier} for p in shown]
        emit_json({"version": 1, "apps": rows})
    else:
        emit(console.table(("PID", "NAME", "IDENTIFIER"), [(p.pid or None, p.name, p.identifier) for p in shown]), None)
