"""What changed between two sessions, for people: OLD → NEW, one line for each figure.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from lightleak.events import NS_PER_MS
from lightleak.losses import Losses
from lightleak.views.terminal.layout import indented, styled
from lightleak.wording import HOURS, SET_OFF_BY, duration

_UNKNOWN = "of unknown version"
_UNITS = {"cpu_ms": "ms of CPU", "bytes": "bytes", "notifications": "notifications"}


def render(difference: dict[str, Any]) -> RenderableType:
    """Return the changes app by app. difference: ``Difference.to_dict()``."""
    parts: list[RenderableType] = [styled(f"{side.upper()}  {_sessions(difference[side])}") for side in ("old", "new")]
    for app, found in difference["apps"].items():
        parts += [Text(""), styled(app, "bold"), *_app(found)]
    parts += [styled(f"Note: {notice}", "yellow") for notice in difference["notices"]]
    return Group(*parts)


def _sessions(sessions: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{', '.join(one['files'])} (app {one['app_version'] or _UNKNOWN}, system {one['os_version'] or _UNKNOWN})"
        for one in sessions
    )


def _app(found: dict[str, Any]) -> list[RenderableType]:
    return [
        *_coverage(found["old"], found["new"]),
        *_observers(found["observers"]),
        *_rates(found),
        *(indented(f"probe {one['probe']}: {one['old']} → {one['new']}", "yellow") for one in found["probes"]),
        indented(f"appeared in NEW: {'; '.join(found['appeared']) or 'nothing'}", "bold"),
        indented(f"vanished from OLD: {'; '.join(found['vanished']) or 'nothing'}", "bold"),
    ]


def _coverage(old: dict[str, Any], new: dict[str, Any]) -> list[RenderableType]:
    before, after = (duration(side["covered_hours"] * 3600, HOURS) for side in (old, new))
    parts = [indented(f"watched {before} → {after}")]
    for side, name in ((old, "OLD"), (new, "NEW")):
        if losses := Losses(side["lost"], side["cut_short"], side["unseen_ms"] * NS_PER_MS):
            parts.append(indented(f"missing from {name}: {losses.words()}", "yellow"))
        if side["segments"] and side["required_missing"]:
            missing = len(side["required_missing"])
            parts.append(indented(f"{missing} required probes were not in place in {name}", "yellow"))
    return parts


def _observers(observers: dict[str, Any]) -> list[RenderableType]:
    parts = [
        indented(f"observer {word}: {one['class']}", style)
        for word, style in (("gone", "green"), ("new", "bold red"))
        for one in observers[word]
    ]
    parts += [indented(f"observer kept: {one['class']}, {one['old']} → {one['new']}") for one in observers["kept"]]
    if not observers["comparable"]:
        parts.append(indented(f"observers cannot be compared: {observers['reason']}", "dim", by=4))
    return parts


def _rates(found: dict[str, Any]) -> list[RenderableType]:
    reads = [line for row in found["reads"] for line in _reads(row, found["triggers"])]
    named = [(_UNITS[row["measure"]], row) for row in found["cost"]]
    named += [(f"property {row['symbol']}", row) for row in found["properties"]]
    named += [(f"entries: {row['cause']}", row) for row in found["verdicts"] or []]
    return [*reads, *(line for what, row in named for line in _figures(what, row))]


def _reads(row: dict[str, Any], triggers: list[dict[str, Any]]) -> list[RenderableType]:
    """Return the figures of reads of one depth in one state, then by what set them off where that can be compared."""
    lines = _figures(f"{row['depth']} read, {row['state']}", row)
    if not row["comparable"]:
        return lines
    for one in triggers:
        if (one["state"], one["depth"]) != (row["state"], row["depth"]):
            continue
        if not one["comparable"]:
            return [*lines, indented(f"what set them off cannot be compared: {one['reason']}", "dim", by=4)]
        counts = " → ".join(_count(one[side]) for side in ("old", "new"))
        rates = f"{_rate(one['old']['per_hour'])} → {_rate(one['new']['per_hour'])} per watched hour"
        lines.append(indented(f"set off by {SET_OFF_BY[one['trigger']]}: {counts}, {rates}", by=4))
    return lines


def _count(side: dict[str, Any]) -> str:
    return f"{side['n']:,}{' (' + format(side['by_time'], ',') + ' by time only)' if side['by_time'] else ''}"


def _figures(what: str, row: dict[str, Any]) -> list[RenderableType]:
    old, new = row["old"], row["new"]
    rates = f"{_rate(old['per_hour'])} → {_rate(new['per_hour'])} per watched hour"
    amounts = " → ".join("not measured" if side["n"] is None else f"{side['n']:,.10g}" for side in (old, new))
    parts = [indented(f"{what}: {amounts}, {rates}")]
    if not row["comparable"]:
        parts.append(indented(f"cannot be compared: {row['reason']}", "dim", by=4))
    return parts


def _rate(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:,.3g}" if rate < 1000 else f"{rate:,.0f}"
