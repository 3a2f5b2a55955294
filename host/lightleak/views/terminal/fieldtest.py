"""Which assumptions held on a phone, for people.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightleak.views.terminal.layout import styled

_SIGN = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("?", "dim")}

_KINDS = {"virtual": "a virtual device", "simulator": "a simulator", "stand-in": "the stand-in of the tests"}


def render(result: dict[str, Any]) -> RenderableType:
    """Return the phone, each claim with what was found, and what follows for verdicts. result: a field test's file."""
    phone = result["phone"]
    kind = _KINDS.get(phone["kind"])
    who = f"{phone['model'] or 'unknown model'}, {_system(phone)}, Frida {phone['frida'] or '?'}, {result['date']}"
    if kind is not None:
        who += f", {kind}"
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(width=2, justify="right")
    table.add_column(overflow="fold")
    for answer in result["answers"]:
        sign, style = _SIGN[answer["holds"]]
        lines = [
            styled(answer["claim"].replace("`", ""), "dim" if answer["holds"] is None else ""),
            styled(answer["why"], "dim"),
        ]
        table.add_row(Text(sign, style=style), styled(str(answer["number"])), Group(*lines))
    return Group(styled(who, "bold"), Text(""), Padding.indent(table, 2), Text(""), *_consequences(result))


def _system(phone: dict[str, Any]) -> str:
    name = "iOS" if phone["platform"] == "darwin" else phone["platform"] or "unknown system"
    return f"{name} {phone['os_version'] or ''}".strip()


def _consequences(result: dict[str, Any]) -> list[RenderableType]:
    found = [answer["holds"] for answer in result["answers"]]
    held, refuted, undecided = (found.count(value) for value in _SIGN)
    sum_ = f"{held} hold{'s' * (held == 1)}, {refuted} do{'es' * (refuted == 1)} not, {undecided} not decided"
    parts: list[RenderableType] = [styled(sum_, "bold")]
    facts = {name: value for name, value in result["facts"].items() if isinstance(value, bool)}
    for value, word in ((True, "true"), (False, "false")):
        names = sorted(name for name, is_so in facts.items() if is_so is value)
        if names:
            parts.append(styled(f"Found {word}, for compare --facts: {', '.join(names)}"))
    if (kind := result["phone"]["kind"]) in ("virtual", "simulator"):
        parts.append(
            styled(
                f"This is {_KINDS[kind]}, not a phone: no phone confirms any of it, and compare --facts uses none of it."
            )
        )
    return parts
