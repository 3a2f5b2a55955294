"""What the doctor found, for people: a line a check, and under it why it matters and what mends it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightleak.text import printable

_SIGN = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "bold red"), "unknown": ("?", "dim")}
_TITLE = {
    "host-frida": "Frida here",
    "host-disk": "Free disk here",
    "reach": "Reaching it",
    "token": "Token",
    "certificate": "Certificate",
    "device-frida": "Frida there",
    "jailbreak": "Jailbreak",
    "root": "Root",
    "clock": "Clock",
    "device-disk": "Free disk there",
    "process": "Process",
    "bridge": "Bridge",
    "hooks": "Hooks",
    "compiler": "Compiler",
    "permission": "Photos permission",
    "recording": "Report recording",
}
_SECTIONS = (
    ("This machine", ("host-frida", "host-disk")),
    (None, ("reach", "token", "certificate", "device-frida", "jailbreak", "root", "clock", "device-disk")),
    ("", ("process", "bridge", "hooks", "compiler", "permission", "recording")),
)


def examination_lines(examined: dict[str, Any]) -> RenderableType:
    """Lay out ``Examination.to_dict()``: machine, device, app; then what it comes to."""
    checks = {check["check"]: check for check in examined["checks"]}
    parts: list[RenderableType] = []
    for title, names in _SECTIONS:
        heading = {None: examined["device"], "": examined["target"] or "The app"}.get(title, title)
        parts += [_text(str(heading), "bold"), _section([checks[name] for name in names]), Text("")]
    return Group(*parts, _sum(examined))


def _section(checks: list[dict[str, Any]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(width=max(map(len, _TITLE.values())), no_wrap=True)
    table.add_column(overflow="fold")
    for _, alike in groupby(checks, _likeness):
        # Without an app nothing of it could be checked: once is enough.
        check, *more = alike
        sign, style = _SIGN[check["status"]]
        cell: list[RenderableType] = [_text(check["found"], "dim" if check["status"] == "unknown" else "")]
        if more:
            cell.append(_text(f"not checked either: {', '.join(_TITLE[other['check']] for other in more)}", "dim"))
        if check["status"] in ("warning", "problem"):
            cell.append(_text(check["why"], "dim"))
        if check["remedy"]:
            cell.append(Text.assemble(("→ ", style), (printable(check["remedy"]), "bold"), overflow="fold"))
        table.add_row(Text(sign, style=style), _text(_TITLE[check["check"]]), Group(*cell))
    return Padding.indent(table, 2)


def _likeness(check: dict[str, Any]) -> tuple[str, ...]:
    return (check["found"], check["remedy"]) if check["status"] == "unknown" else (check["check"],)


def _sum(examined: dict[str, Any]) -> RenderableType:
    counts = examined["counts"]
    said = [
        f"{counts[status]} {word if counts[status] == 1 else words}"
        for status, word, words in (
            ("problem", "problem", "problems"),
            ("warning", "warning", "warnings"),
            ("unknown", "not checked", "not checked"),
        )
        if counts[status]
    ]
    if examined["ready"]:
        return _text("Nothing stands in the way" + (f" ({', '.join(said)})." if said else "."), "bold green")
    return _text(f"Not ready: {', '.join(said)}.", "bold red")


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style, overflow="fold")
