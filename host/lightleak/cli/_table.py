"""Short lists for people: columns of plain text."""

from __future__ import annotations

from collections.abc import Sequence

from lightleak.cli._console import printable


def columns(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Align rows under their titles; what is None shows as a dash, and nothing steers the terminal."""
    cells = [[_cell(value) for value in row] for row in (titles, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in cells)


def _cell(value: object) -> str:
    return "-" if value is None else printable(str(value)).replace("\n", "\\n")
