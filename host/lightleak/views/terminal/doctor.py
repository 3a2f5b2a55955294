"""What the doctor found, for people: one line for each check, then why it matters and how to fix it.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightleak.text import escaped
from lightleak.views.terminal.layout import styled
from lightleak.wording import plural

_SIGN = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "bold red"), "unknown": ("?", "dim")}
_TITLE = {
    "host-frida": "Frida",
    "agent": "Agent",
    "host-disk": "Free disk space",
    "reach": "Connection",
    "token": "Token",
    "certificate": "Certificate",
    "known-troubles": "Known troubles",
    "device-frida": "Frida",
    "jailbreak": "Jailbreak",
    "root": "Root",
    "clock": "Clock",
    "device-disk": "Free disk space",
    "process": "Process",
    "bridge": "Bridge",
    "hooks": "Hooks",
    "compiler": "Compiler",
    "permission": "Photos permission",
    "recording": "Report recording",
}
_SECTIONS = (
    ("This machine", ("host-frida", "agent", "host-disk")),
    (
        None,
        (
            "reach",
            "token",
            "certificate",
            "known-troubles",
            "device-frida",
            "jailbreak",
            "root",
            "clock",
            "device-disk",
        ),
    ),
    ("", ("process", "bridge", "hooks", "compiler", "permission", "recording")),
)


def render(examination: dict[str, Any]) -> RenderableType:
    """Return the checks of machine, device and app, and the sum. examination: ``Examination.to_dict()``."""
    checks = {check["check"]: check for check in examination["checks"]}
    parts: list[RenderableType] = []
    for title, names in _SECTIONS:
        heading = {None: examination["device"], "": examination["target"] or "The app"}.get(title, title)
        parts += [styled(str(heading), "bold"), _section([checks[name] for name in names]), Text("")]
    return Group(*parts, _sum(examination))


def _section(checks: list[dict[str, Any]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(width=max(map(len, _TITLE.values())), no_wrap=True)
    table.add_column(overflow="fold")
    for _, alike in groupby(checks, _likeness):
        # Without an app none of its checks could be made: say it once.
        check, *more = alike
        sign, style = _SIGN[check["status"]]
        cell: list[RenderableType] = [styled(check["found"], "dim" if check["status"] == "unknown" else "")]
        if more:
            cell.append(styled(f"not checked either: {', '.join(_TITLE[other['check']] for other in more)}", "dim"))
        if check["status"] in ("warning", "problem"):
            cell.append(styled(check["why"], "dim"))
        if check["remedy"]:
            cell.append(Text.assemble(("→ ", style), (escaped(check["remedy"]), "bold"), overflow="fold"))
        table.add_row(Text(sign, style=style), styled(_TITLE[check["check"]]), Group(*cell))
    return Padding.indent(table, 2)


def _likeness(check: dict[str, Any]) -> tuple[str, ...]:
    return (check["found"], check["remedy"]) if check["status"] == "unknown" else (check["check"],)


def _sum(examination: dict[str, Any]) -> RenderableType:
    counts = examination["counts"]
    words = (("problem", "problem", "problems"), ("warning", "warning", "warnings"), ("unknown", *["not checked"] * 2))
    parts = [plural(counts[status], one, many) for status, one, many in words if counts[status]]
    if examination["ready"]:
        return styled("No problem found" + (f" ({', '.join(parts)})." if parts else "."), "bold green")
    return styled(f"Not ready: {', '.join(parts)}.", "bold red")
