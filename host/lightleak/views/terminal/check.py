"""What came of a policy, for people: a line a rule, with its sentence under it."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from lightleak.comparator.policy.outcome import EVIDENCE
from lightleak.text import one_line

_STYLE = {"held": "green", "broken": "bold red", "not-proven": "yellow"}


def check_lines(checked: dict[str, Any]) -> RenderableType:
    """Lay out ``Checked.to_dict()``: app by app, rule by rule, then the sum."""
    parts: list[RenderableType] = []
    app = None
    for finding in checked["rules"]:
        if finding["app"] != app:
            app = finding["app"]
            parts.append(Text("\n" if parts else "") + _text(str(app), "bold"))
        parts += _finding(finding)
    parts += [_text(f"Note: {notice}", "yellow") for notice in checked["notices"]]
    counts = checked["counts"]
    parts.append(
        Text("\n")
        + _text(f"{counts['held']} held, {counts['broken']} broken, {counts['not-proven']} not proven", "bold")
    )
    if counts["not-proven"]:
        parts.append(
            _text("Not proven: what was watched cannot carry the statement; nothing was seen against it.", "dim")
        )
    return Group(*parts)


def _finding(finding: dict[str, Any]) -> list[RenderableType]:
    result = finding["result"]
    title = Text.assemble((f"{result:<10}", _STYLE[result]), f"  {one_line(finding['name'])}", overflow="fold")
    parts: list[RenderableType] = [Padding.indent(title, 2), Padding.indent(_text(finding["why"]), 4)]
    named = finding["evidence"] + finding["entries"]
    if result != "held" and named:
        first = f", the first {EVIDENCE}" if len(finding["evidence"]) >= EVIDENCE else ""
        parts.append(Padding.indent(_text(f"evidence{first}: {', '.join(named)}", "dim"), 4))
    return parts


def _text(text: str, style: str = "") -> Text:
    return Text(one_line(text), style=style, overflow="fold")
