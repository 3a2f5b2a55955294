"""The report of a store for the terminal.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lightleak.views.fleet.text import FIGURES, SHORT, name, number, rate, reason
from lightleak.wording import plural

_MOST = 200


def render(report: dict[str, Any]) -> RenderableType:
    """Return the figures of each cell, what changed, and what was not pooled. report: of ``fleet.report.build``."""
    by = report["by"]
    failed = f", {report['failed']} failed" if report["failed"] else ""
    parts: list[RenderableType] = [
        Text(f"{plural(report['runs'], 'run')}{failed}, {report['covered_hours']:,.1f} h watched"),
        Text("Per watched hour, background reads per background hour; in brackets the exact 95 % interval."),
        Text(""),
        _cells(report["cells"], by),
    ]
    if report["comparisons"]:
        parts += [
            Text(""),
            Text(f"By {by}: ratio of rates, p corrected for {len(report['comparisons'])} comparisons (Holm)", "bold"),
        ]
        parts.append(_comparisons(report["comparisons"]))
    if report["images"]:
        parts += [Text(""), Text("By caller’s image, across apps", "bold"), _images(report["images"])]
    if lines := list(_not_pooled(report["cells"])):
        parts += [Text(""), Text("Not pooled, or seen in part", "bold"), *map(Text, lines[:_MOST])]
        if len(lines) > _MOST:
            parts.append(Text(f"and {len(lines) - _MOST} more: --format json has all"))
    return Group(*parts)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _cells(cells: list[dict[str, Any]], by: str) -> Table:
    table = _table("app", *([by] if by != "app" else []), "runs", "hours", *SHORT.values(), "contradicts the claim")
    for cell in cells:
        claim = cell["claim"]
        value = [name(cell["value"])] if by != "app" else []
        figures = [rate(cell["figures"][figure]) for figure in SHORT]
        table.add_row(
            name(cell["app"]), *value, str(cell["runs"]), number(cell["covered_hours"]), *figures,
            f"{claim['contradicts']} of {claim['decided']}" if claim["decided"] else "–",
        )  # fmt: skip
    return table


def _comparisons(rows: list[dict[str, Any]]) -> Table:
    table = _table("app", "figure", "from", "to", "ratio", "95 %", "p", "")
    for row in sorted(rows, key=lambda one: one["p_holm"]):
        table.add_row(
            name(row["app"]), FIGURES[row["figure"]].en.partition(",")[0], name(row["from"]), name(row["to"]),
            number(row["ratio"]), f"{number(row['low'])}–{number(row['high'])}", f"{row['p_holm']:.3g}",
            "different" if row["different"] else "",
        )  # fmt: skip
    return table


def _images(rows: list[dict[str, Any]]) -> Table:
    table = _table("image", "apps", "acts", "background reads", "data reads", "uploads")
    for row in rows[:20]:
        figures = (row["apps"], row["acts"], row["background_reads"], row["data_reads"], row["uploads"])
        table.add_row(name(row["image"]), *(f"{figure:,}" for figure in figures))
    return table


def _not_pooled(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        who = name(cell["app"]) + (f" {name(cell['value'])}" if cell["value"] is not None else "")
        for figure, found in cell["figures"].items():
            what = _uncapitalised(FIGURES[figure].en.partition(",")[0])
            for rest in found["left_out"]:
                because = "; ".join(map(reason, rest["reasons"])) or "these saw more"
                yield f"{who}, {what}: {plural(rest['runs'], 'run')} of {number(rest['hours'])} h left out ({because})"
            if found["limits"]:
                yield f"{who}, {what}: {'; '.join(map(reason, found['limits']))}"


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]
