"""The first lines of a comparison: for each app, what set its entries off, in the background and in all states.

Separate because it is what a person reads first, and the rest of the table is about single entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightleak.comparator.explain.claims import answer, breakdown, counted, is_by_chance
from lightleak.events import DEPTHS, TRIGGERS
from lightleak.views.terminal.layout import heading, indented, styled
from lightleak.wording import TRIGGER_NAMES

CLAIM = 'The claim: "it reads in the background only because iOS notifies it of changes."'
_NO_ACT, _PICKER = "no act seen", "picker"
_ROWS = (*TRIGGERS, _NO_ACT, _PICKER)


def render(verdicts: dict[str, Any]) -> list[RenderableType]:
    """Return the claim for each app: the answer, the counts, and a matrix of triggers and depths.

    verdicts: ``Comparison.to_dict()``, or that of a ``Selection``. Of a selection only the matrix is returned: whether the
    claim holds for entries that were chosen by what set them off would say nothing about the app.
    """
    if "selection" in verdicts:
        return _matrices(verdicts)
    parts: list[RenderableType] = [heading("What set the entries off"), styled(CLAIM, "dim")]
    for app in verdicts["summary"]:
        everything = [entry for entry in verdicts["entries"] if entry["app"] == app]
        background = [entry for entry in everything if entry["state"] == "background"]
        by_chance = is_by_chance(verdicts, app)
        unlinked = verdicts["summary"][app]["unlinked_reads"]
        in_background = counted(background, is_by_chance=by_chance, unlinked_reads=unlinked)
        parts += [
            styled(app, "bold"),
            indented(answer(in_background), "bold"),
            indented(breakdown(in_background, "in the background")),
            indented(breakdown(counted(everything, is_by_chance=by_chance), "in all states")),
        ]
        parts += [indented(line) for line in _not_counted(verdicts, app, everything)]
        if everything:
            parts.append(Padding.indent(_matrix(everything, background), 2))
    return parts


def _matrices(verdicts: dict[str, Any]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for app in verdicts["summary"]:
        if everything := [entry for entry in verdicts["entries"] if entry["app"] == app]:
            background = [entry for entry in everything if entry["state"] == "background"]
            parts += [styled(app, "bold"), Padding.indent(_matrix(everything, background), 2)]
    return [heading("What set these entries off"), *parts] if parts else []


def _not_counted(verdicts: dict[str, Any], app: str, everything: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is not among the entries in the background, and can have happened there."""
    states = Counter(entry["state"] for entry in everything if entry["cause"] != "picker")
    kinds = [(states["mixed"], "in several states"), (states["unknown"], "in an unknown state")]
    if elsewhere := [f"{number} {where}" for number, where in kinds if number]:
        yield f"Not among those in the background: {', '.join(elsewhere)}."
    if runs := sum(run["app"] == app for run in verdicts["unreported"]):
        yield f"Not counted: reads under no entry ({runs}), listed below."


def _matrix(everything: list[dict[str, Any]], background: list[dict[str, Any]]) -> Table:
    """Return how many entries in the background and in all states have each trigger and depth."""
    total, of_background = _by_cell(everything), _by_cell(background)
    depths = [depth for depth in DEPTHS if any(cell[1] == depth for cell in total)]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("background / all", overflow="fold")
    for depth in depths:
        table.add_column(depth, justify="right", overflow="fold")
    for row in _ROWS:
        if any(cell[0] == row for cell in total):
            cells = [_cell(of_background[row, depth], total[row, depth]) for depth in depths]
            table.add_row(Text(TRIGGER_NAMES.get(row, row)), *map(Text, cells))
    return table


def _by_cell(entries: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((_row(entry), entry["depth"] or "none") for entry in entries)


def _row(entry: dict[str, Any]) -> str:
    if entry["cause"] == "picker":
        return _PICKER
    return _NO_ACT if entry["trigger"] is None else str(entry["trigger"]["kind"])


def _cell(background: int, total: int) -> str:
    return f"{background} / {total}" if total else "·"
