"""Tables for people: rich renders them; every name is escaped before it gets here or on its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from lightleak.text import printable

_CAUSE_STYLE = {
    "query": "yellow",
    "open": "cyan",
    "notification": "blue",
    "picker": "green",
    "unexplained": "bold red",
    "unobserved": "dim",
}


def verdict_tables(verdicts: dict[str, Any]) -> RenderableType:
    """Lay out ``Comparison.to_dict()``: summary, entries with their sentences, and what the report does not show."""
    parts: list[RenderableType] = [_summary(verdicts["summary"]), *_entries(verdicts["entries"])]
    if verdicts["unreported"]:
        parts.append(_unreported(verdicts["unreported"]))
    parts.append(_coverage(verdicts["sessions"]))
    parts.extend(_text(f"Note: {notice}", "yellow") for notice in verdicts["notices"])
    parts.append(
        _text("Rows of the report are not reads: one row can cover many accesses, and pixels make no row.", "dim")
    )
    return Group(*parts)


def show(console: Console, content: RenderableType) -> None:
    """Print to a console."""
    console.print(content)


def _summary(summary: dict[str, Any]) -> Table:
    table = Table(title="Apps", title_justify="left")
    for name in ("app", "entries", "by cause", "by depth", "background", "night", "observers", "notifications"):
        table.add_column(name, justify="left" if name in {"app", "by cause", "by depth"} else "right", overflow="fold")
    table.add_column("read", justify="right")
    table.add_column("CPU", justify="right")
    for app, figures in summary.items():
        table.add_row(
            _text(app),
            str(figures["entries"]),
            _counts(figures["by_cause"]),
            _counts(figures["by_depth"]),
            str(figures["background"]),
            str(figures["night"]),
            str(figures["observers"]),
            str(figures["notifications"]),
            _bytes(figures["bytes"]),
            f"{figures['cpu_ms']:.1f} ms",
        )
    return table


def _entries(entries: list[dict[str, Any]]) -> list[RenderableType]:
    table = Table(title="Entries of the privacy report", title_justify="left", show_lines=True)
    for name in ("begin", "s", "app", "cause", "match", "depth", "state", "why"):
        table.add_column(
            name, justify="right" if name == "s" else "left", overflow="fold", ratio=6 if name == "why" else None
        )
    for entry in entries:
        begin = entry["begin"] or "—"
        table.add_row(
            _text(begin.replace("T", "\n", 1)),
            _duration(entry),
            _text(entry["app"]),
            _text(entry["cause"], _CAUSE_STYLE.get(entry["cause"], "")),
            entry["match"],
            entry["depth"],
            entry["state"],
            _text(entry["why"] + (f" [{', '.join(entry['flags'])}]" if entry["flags"] else "")),
        )
    return [table if entries else _text("The report has no photos entry of these apps.")]


def _unreported(runs: list[dict[str, Any]]) -> Table:
    table = Table(title="Seen on the device, under no entry of the report", title_justify="left")
    for name in ("app", "begin", "end", "depth", "events"):
        table.add_column(name, overflow="fold")
    for run in runs:
        table.add_row(_text(run["app"]), run["begin"], run["end"], run["depth"], str(run["events"]))
    return table


def _coverage(sessions: list[dict[str, Any]]) -> Table:
    table = Table(title="What was watched", title_justify="left")
    for name in ("session", "from", "to", "segments", "events", "lost", "gaps"):
        table.add_column(name, justify="right" if name in {"segments", "events", "lost"} else "left", overflow="fold")
    for session in sessions:
        gaps = "\n".join(
            f"{gap['from']} – {gap['to']} {gap['identifier']}: {gap['reason']}" for gap in session["gaps"][:5]
        )
        more = f"\nand {len(session['gaps']) - 5} more" if len(session["gaps"]) > 5 else ""
        table.add_row(
            str(session["n"]),
            session["started"] or "—",
            session["ended"] or "—",
            str(session["segments"]),
            str(session["events"]),
            str(session["lost"]),
            _text((gaps or "none") + more),
        )
    return table


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "—"


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def _duration(entry: dict[str, Any]) -> str:
    if not entry["begin"] or not entry["end"]:
        return "—"
    span = dt.datetime.fromisoformat(entry["end"]) - dt.datetime.fromisoformat(entry["begin"])
    return f"{span.total_seconds():.1f}"
