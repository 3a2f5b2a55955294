"""Text as rich prints it: control characters escaped, long words folded, no markup."""

from __future__ import annotations

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from lightleak.text import escaped


def styled(text: str, style: str = "", *, space_above: bool = False) -> Text:
    """Return a text that wraps between words, and inside a word that is too long for a line.

    Its line ends are escaped: a name from an app or a file must not begin a line of its own, where it would look like
    ours.
    """
    return Text("\n" * space_above + escaped(text), style=style, overflow="fold")


def indented(text: str, style: str = "", *, by: int = 2) -> RenderableType:
    """Return the same, indented as a block."""
    return Padding.indent(styled(text, style), by)


def heading(text: str) -> Text:
    """Return a bold title with an empty line before it."""
    return Text(f"\n{text}", style="bold")
