"""A result as a small piece of HTML for notebooks: a line, a table, notes. No scripts, no styles; every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from lightleak.text import escaped

MOST_ROWS = 20
"""A notebook shows the beginning; frames and ``to_dict`` have all of it."""


def as_html(title: str, header: Sequence[str], rows: Sequence[Sequence[object]], notes: Iterable[str] = ()) -> str:
    """Return a title, a table of the first rows, and a paragraph for each note."""
    parts = [f"<p><b>{_text(title)}</b></p>"]
    if rows:
        head = "".join(f"<th>{_text(name)}</th>" for name in header)
        body = "".join(_row(row) for row in rows[:MOST_ROWS])
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    if len(rows) > MOST_ROWS:
        parts.append(f"<p>{_text(f'{len(rows) - MOST_ROWS} more')}</p>")
    parts += [f"<p>{_text(note)}</p>" for note in notes]
    return "<div>" + "".join(parts) + "</div>"


def _row(cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells) + "</tr>"


def _text(value: object) -> str:
    return "" if value is None else html.escape(escaped(value))
