"""The hook catalogue, for people: two lines for each probe, because a selector alone can fill a line.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lightleak.text import escaped


def render(catalogue: dict[str, Any], *, for_target: bool) -> Iterator[str]:
    """Yield the lines. for_target: the probes are those of a process, with what could be installed in it."""
    return map(escaped, _target(catalogue) if for_target else _catalogue(catalogue))


def _target(catalogue: dict[str, Any]) -> Iterator[object]:
    probes = catalogue["probes"]
    for probe in probes:
        reason = f": {probe['reason']}" if probe.get("reason") else ""
        yield probe.get("symbol")
        yield f"    {probe.get('probe')}  {_depth(probe)}, {probe.get('status')}{reason}"
        if "table" in probe:
            yield f"    {_table(probe['table'])}"
    installed = sum(probe.get("status") in ("installed", "would install") for probe in probes)
    yield ""
    yield f"{installed} would be installed, {len(probes) - installed} not."


def _catalogue(catalogue: dict[str, Any]) -> Iterator[object]:
    probes, excluded = catalogue["probes"], catalogue["excluded"]
    for probe in probes:
        since = f", since iOS {probe['ios_since']}" if probe.get("ios_since") else ""
        gone = f", deprecated in iOS {probe['ios_deprecated']}" if probe.get("ios_deprecated") else ""
        need = "required" if probe.get("required") else "optional"
        yield probe.get("symbol")
        yield f"    {probe.get('probe')}  {_depth(probe)}, {need}{since}{gone}"
    yield from ("", "Not hooked on purpose:")
    for each in excluded:
        yield each.get("symbol")
        yield f"    {each.get('reason')}"
    required = sum(bool(probe.get("required")) for probe in probes)
    yield ""
    yield f"{len(probes)} probes, {required} of them required; {len(excluded)} not hooked on purpose."


def _table(since: str | None) -> str:
    if since is None:
        return "observers from before: no known table; each class of the app that implements it would be hooked"
    return f"observers from before: in the table that iOS has since {since}"


def _depth(probe: dict[str, Any]) -> str:
    return str(probe.get("depth") or "no depth")
