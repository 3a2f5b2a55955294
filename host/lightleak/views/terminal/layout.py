"""Text as rich prints it: control characters escaped, long words folded, no markup."""

from __future__ import annotations

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from lightleak.text import escaped


def styled(text: str, style: str = "") -> Text:
    """Return one line that wraps between words, and inside a word that is too long.

    Line ends are escaped: a name with one could write a line of its own, which would look like ours.
    """
    return Text(escaped(text), style=style, overflow="fold")


def paragraph(text: str, style: str = "") -> Text:
    """Return the same with an empty line before it."""
    return Text("\n", overflow="fold") + styled(text, style)


def indented(text: str, style: str = "", *, by: int = 2) -> RenderableType:
    """Return the same, indented as a block."""
    return Padding.indent(styled(text, style), by)


def heading(text: str) -> Text:
    """Return a bold title with an empty line before it."""
    return Text(f"\n{text}", style="bold")
