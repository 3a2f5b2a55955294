"""Tables for people: rich renders them; every name is escaped before it gets here or on its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from lightleak.text import printable

_GAPS = 10
"""How many gaps of a session are listed."""

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
    parts = [*_summary(verdicts["summary"], verdicts["chance"]), *_entries(verdicts["entries"])]
    if verdicts["unreported"]:
        parts += _unreported(verdicts["unreported"])
    parts += _coverage(verdicts["sessions"])
    parts += _unconfirmed(verdicts["facts"])
    parts.append(
        _text(
            "Rows of the report are not reads: one row can cover many accesses, and reading pixels makes no row.", "dim"
        )
    )
    return Group(*parts)


def _summary(summary: dict[str, Any], chances: dict[str, Any]) -> list[RenderableType]:
    parts: list[RenderableType] = [_heading("Apps")]
    for app, figures in summary.items():
        entries = figures["entries"]
        said = [
            f"{entries} {'entry' if entries == 1 else 'entries'}: {_counts(figures['by_cause'])}",
            f"furthest while open: {_counts(figures['by_depth'])}",
            f"in the background {figures['background']}, at night {figures['night']}",
            f"observers {figures['observers']}, notifications {figures['notifications']}",
            f"read {_bytes(figures['bytes'])}, CPU {figures['cpu_ms']:.1f} ms",
        ]
        if chance := chances.get(app):
            verdict = "better than chance" if chance["better"] else "NO BETTER THAN CHANCE"
            said.append(
                f"matched by time {chance['explained']} of {chance['of']}; events at other times would match "
                f"{chance['expected']:.1f} (p = {chance['p']:.4g}): {verdict}"
            )
        parts += [_text(app, "bold"), *(_indented(line) for line in said)]
    return parts


def _entries(entries: list[dict[str, Any]]) -> list[RenderableType]:
    if not entries:
        return [_text("\nThe report has no photos entry of these apps.")]
    parts: list[RenderableType] = [_heading("Entries of the privacy report")]
    for entry in entries:
        when = (entry["begin"] or f"before {entry['end']}").replace("T", " ")
        title = Text.assemble(
            (f"{when}  ", ""), (f"{_duration(entry):>8}  ", "dim"), (printable(entry["app"]), "bold"), overflow="fold"
        )
        verdict = Text.assemble(
            (entry["cause"], _CAUSE_STYLE.get(entry["cause"], "")),
            f"  furthest: {entry['depth']}  state: {entry['state']}  match: {entry['match']}",
            (f"  [{', '.join(entry['flags'])}]" if entry["flags"] else "", "dim"),
            overflow="fold",
        )
        parts += [title, Padding.indent(verdict, 2), _indented(entry["why"]), Text("")]
    return parts


def _unreported(runs: list[dict[str, Any]]) -> list[RenderableType]:
    lines = [
        f"{run['begin'].replace('T', ' ')} to {run['end'][11:]}  {run['app']}  {run['depth']}, {run['events']} events"
        for run in runs
    ]
    return [_heading("Seen on the device, under no entry of the report"), *map(_text, lines)]


def _coverage(sessions: list[dict[str, Any]]) -> list[RenderableType]:
    parts: list[RenderableType] = [_heading("What was watched")]
    for session in sessions:
        lost = f", {session['lost']} lost" if session["lost"] else ", none lost"
        parts.append(
            _text(
                f"Session {session['n']}: {session['started'] or '—'} to {session['ended'] or '—'}, "
                f"{session['segments']} segments, {session['events']} events{lost}, {len(session['gaps']) or 'no'} gaps"
            )
        )
        parts += [
            _indented(f"not watched: {gap['identifier']} {gap['from']} to {gap['to']} ({gap['reason']})")
            for gap in session["gaps"][:_GAPS]
        ]
        if len(session["gaps"]) > _GAPS:
            parts.append(_indented(f"and {len(session['gaps']) - _GAPS} more gaps; --format json has them all"))
    return parts


def _unconfirmed(facts: dict[str, Any]) -> list[RenderableType]:
    lines = [f"{fact['number']:>2}  {fact['claim']}" for fact in facts.values() if fact["found"] is None]
    return [_heading("Not confirmed on a phone (docs/unconfirmed.md)"), *map(_indented, lines)] if lines else []


def _heading(text: str) -> RenderableType:
    return Text(f"\n{text}", style="bold")


def _indented(text: str) -> RenderableType:
    return Padding.indent(_text(text), 2)


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style, overflow="fold")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "—"


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def _duration(entry: dict[str, Any]) -> str:
    if not entry["begin"] or not entry["end"]:
        return "open" if entry["begin"] else "—"
    span = dt.datetime.fromisoformat(entry["end"]) - dt.datetime.fromisoformat(entry["begin"])
    return f"{span.total_seconds():.1f} s"
