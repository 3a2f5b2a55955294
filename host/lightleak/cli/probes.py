"""``lightleak probes``: list the hooks, and which of them a process would get."""

from __future__ import annotations

import click

from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, target_options


@click.command("probes")
@device_options
@target_options()
@format_option("table", "json")
def command(device: DeviceChoice, targets: list[Target], form: str) -> None:
    """List the hooks. With a TARGET, list which could be installed in it, and why the others could not.

    Nothing is hooked.
    """
    from lightleak.device.agent_bundle import probe_catalogue
    from lightleak.device.queries import probes
    from lightleak.views.terminal import probes as view

    catalogue = probe_catalogue()
    if targets:
        catalogue = {**catalogue, "probes": probes(device, targets[0])}
    if form == "json":
        emit_json(catalogue)
    else:
        emit("".join(f"{line}\n" for line in view.render(catalogue, for_target=bool(targets))), None)
