"""``lightleak probes``: what is hooked, and what would be in a given process."""

from __future__ import annotations

import json
from typing import Any

import click

from lightleak.cli._console import printable
from lightleak.cli._files import emit
from lightleak.cli._targets import DeviceChoice, Target, device_options, target_options


@click.command("probes")
@device_options
@target_options()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
def command(device: DeviceChoice, targets: list[Target], form: str) -> None:
    """Show the hook catalogue; with a TARGET, what would install there and what not, and why. Nothing is hooked."""
    from lightleak.device.agent_bundle import probe_catalogue
    from lightleak.device.queries import probes

    catalogue = probe_catalogue()
    if targets:
        catalogue = {**catalogue, "probes": probes(device, targets[0])}
    emit(_json(catalogue) if form == "json" else _table(catalogue, asked=bool(targets)), None)


def _json(catalogue: dict[str, Any]) -> str:
    return json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"


def _table(catalogue: dict[str, Any], *, asked: bool) -> str:
    """Write two lines a probe, since a selector alone can fill a terminal's line; then what it comes to."""
    probes = catalogue["probes"]
    told = [line for probe in probes for line in (probe.get("symbol"), f"    {_about(probe, asked=asked)}")]
    if asked:
        installed = sum(probe.get("status") in ("installed", "would install") for probe in probes)
        return _lines(*told, "", f"{installed} would be installed, {len(probes) - installed} not.")
    left_out = [line for one in catalogue["excluded"] for line in (one.get("symbol"), f"    {one.get('reason')}")]
    required = sum(bool(probe.get("required")) for probe in probes)
    numbers = f"{len(probes)} probes, {required} of them required; {len(catalogue['excluded'])} not hooked on purpose."
    return _lines(*told, "", "Not hooked on purpose:", *left_out, "", numbers)


def _about(probe: dict[str, Any], *, asked: bool) -> str:
    depth = probe.get("depth") or "no depth"
    if asked:
        reason = f": {probe['reason']}" if probe.get("reason") else ""
        return f"{probe.get('probe')}  {depth}, {probe.get('status')}{reason}"
    since = f", since iOS {probe['ios_since']}" if probe.get("ios_since") else ""
    gone = f", deprecated in iOS {probe['ios_deprecated']}" if probe.get("ios_deprecated") else ""
    return f"{probe.get('probe')}  {depth}, {'required' if probe.get('required') else 'optional'}{since}{gone}"


def _lines(*texts: object) -> str:
    return "".join(printable(str(text)).replace("\n", "\\n") + "\n" for text in texts)
