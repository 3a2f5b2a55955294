"""``lightleak probes``: what is hooked, and what would be in a given process."""

from __future__ import annotations

import json
from typing import Any

import click

from lightleak.cli._output import emit
from lightleak.cli._table import columns
from lightleak.cli._targets import DeviceChoice, Target, device_options, target_options


@click.command("probes")
@device_options
@target_options()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="For people or programs.")
def command(device: DeviceChoice, targets: list[Target], form: str) -> None:
    """Show the hook catalogue; with a TARGET, what would install there and what not, and why. Nothing is hooked."""
    from lightleak.device.agent import probe_catalogue
    from lightleak.device.listing import probes

    catalogue = probe_catalogue()
    if targets:
        catalogue = {**catalogue, "probes": probes(device, targets[0])}
    emit(_json(catalogue) if form == "json" else _table(catalogue, asked=bool(targets)), None)


def _json(catalogue: dict[str, Any]) -> str:
    return json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"


def _table(catalogue: dict[str, Any], *, asked: bool) -> str:
    keys = ("probe", "depth", "symbol", *(("status", "reason") if asked else ("required", "ios_since")))
    shown = columns([key.upper() for key in keys], [[row.get(key) for key in keys] for row in catalogue["probes"]])
    excluded = catalogue.get("excluded") or []
    if asked or not excluded:
        return shown
    rows = [(row.get("symbol"), row.get("reason")) for row in excluded]
    return shown + "\nNot hooked on purpose:\n" + columns(("SYMBOL", "REASON"), rows)
