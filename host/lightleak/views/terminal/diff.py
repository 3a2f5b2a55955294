"""What changed between two sessions, for people: OLD → NEW, a line each."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from lightleak.text import one_line
from lightleak.wording import HOURS, duration

_UNITS = {"cpu_ms": "ms of CPU", "bytes": "bytes", "notifications": "notifications"}


def diff_lines(difference: dict[str, Any]) -> RenderableType:
    """Lay out ``Difference.to_dict()``, app by app."""
    parts: list[RenderableType] = [_line(f"{side.upper()}  {_sessions(difference[side])}") for side in ("old", "new")]
    for app, found in difference["apps"].items():
        parts += [Text(""), _line(app, style="bold"), *_app(found)]
    parts += [_line(f"Note: {notice}", style="yellow") for notice in difference["notices"]]
    return Group(*parts)


def _sessions(sessions: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{', '.join(one['files'])} (app {one['app_version'] or 'of unknown version'}, system {one['os_version'] or 'of unknown version'})"
        for one in sessions
    )


def _app(found: dict[str, Any]) -> list[RenderableType]:
    old, new = found["old"], found["new"]
    parts = [
        _line(
            f"watched {duration(old['covered_hours'] * 3600, HOURS)} → {duration(new['covered_hours'] * 3600, HOURS)}, lost {old['lost']} → {new['lost']} events",
            2,
        )
    ]
    for side, name in ((old, "OLD"), (new, "NEW")):
        if side["segments"] and side["required_missing"]:
            parts.append(
                _line(f"{len(side['required_missing'])} required probes were not in place in {name}", 2, "yellow")
            )
    observers = found["observers"]
    for word, style in (("gone", "green"), ("new", "bold red")):
        parts += [_line(f"observer {word}: {one['class']}", 2, style) for one in observers[word]]
    parts += [_line(f"observer kept: {one['class']}, {one['old']} → {one['new']}", 2) for one in observers["kept"]]
    if not observers["comparable"]:
        parts.append(_line(f"observers cannot be compared: {observers['reason']}", 4, "dim"))
    for row in found["reads"]:
        parts += _figures(f"{row['depth']} read, {row['state']}", row)
    for row in found["cost"]:
        parts += _figures(_UNITS[row["measure"]], row)
    for row in found["verdicts"] or []:
        parts += _figures(f"entries: {row['cause']}", row)
    parts += [_line(f"probe {one['probe']}: {one['old']} → {one['new']}", 2, "yellow") for one in found["probes"]]
    parts.append(_line(f"appeared in NEW: {', '.join(found['appeared']) or 'nothing'}", 2, "bold"))
    return parts


def _figures(what: str, row: dict[str, Any]) -> list[RenderableType]:
    old, new = row["old"], row["new"]
    rates = f"{_rate(old['per_hour'])} → {_rate(new['per_hour'])} per watched hour"
    parts = [_line(f"{what}: {old['n']:,.10g} → {new['n']:,.10g}, {rates}", 2)]
    if not row["comparable"]:
        parts.append(_line(f"cannot be compared: {row['reason']}", 4, "dim"))
    return parts


def _rate(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:,.3g}" if rate < 1000 else f"{rate:,.0f}"


def _line(text: str, indent: int = 0, style: str = "") -> RenderableType:
    return Padding.indent(Text(one_line(text), style=style, overflow="fold"), indent)
