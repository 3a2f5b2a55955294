"""``lightleak probes``: list the hooks, and which of them a process would get."""

from __future__ import annotations

import json
from typing import Any

import click

from lightleak.cli._files import emit
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, target_options
from lightleak.cli._options.values import format_option
from lightleak.text import escaped


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

    catalogue = probe_catalogue()
    if targets:
        catalogue = {**catalogue, "probes": probes(device, targets[0])}
    emit(_json(catalogue) if form == "json" else _table(catalogue, for_target=bool(targets)), None)


def _json(catalogue: dict[str, Any]) -> str:
    return json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"


def _table(catalogue: dict[str, Any], *, for_target: bool) -> str:
    """Return two lines for each probe, because a selector alone can fill a line, and a sum."""
    probes = catalogue["probes"]
    rows = [line for probe in probes for line in (probe.get("symbol"), f"    {_about(probe, for_target=for_target)}")]
    if for_target:
        installed = sum(probe.get("status") in ("installed", "would install") for probe in probes)
        return _lines(*rows, "", f"{installed} would be installed, {len(probes) - installed} not.")
    left_out = [line for one in catalogue["excluded"] for line in (one.get("symbol"), f"    {one.get('reason')}")]
    required = sum(bool(probe.get("required")) for probe in probes)
    numbers = f"{len(probes)} probes, {required} of them required; {len(catalogue['excluded'])} not hooked on purpose."
    return _lines(*rows, "", "Not hooked on purpose:", *left_out, "", numbers)


def _about(probe: dict[str, Any], *, for_target: bool) -> str:
    depth = probe.get("depth") or "no depth"
    if for_target:
        reason = f": {probe['reason']}" if probe.get("reason") else ""
        return f"{probe.get('probe')}  {depth}, {probe.get('status')}{reason}"
    since = f", since iOS {probe['ios_since']}" if probe.get("ios_since") else ""
    gone = f", deprecated in iOS {probe['ios_deprecated']}" if probe.get("ios_deprecated") else ""
    return f"{probe.get('probe')}  {depth}, {'required' if probe.get('required') else 'optional'}{since}{gone}"


def _lines(*texts: object) -> str:
    return "".join(escaped(text) + "\n" for text in texts)
