"""Lay out for the terminal what a report says on its own."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightleak.text import one_line
from lightleak.views.terminal.report_words import Figures, ReportText
from lightleak.wording import plural

_COLUMNS = ("app", "category", "rows", "moments", "night", "60–75 s", "< 0.2 s", "picker", "median", "last")
_SHOWN_PROBLEMS = 20
_ANY_WIDTH = 10_000


def render(told: ReportText) -> RenderableType:
    """Return the whole answer to ``inspect``. Names in it come from apps: print without markup."""
    parts: list[RenderableType] = [Text(one_line(told.span))]
    if told.figures:
        parts.append(_Figures(told.figures))
    parts += _section(
        "hours of the day, photos, in the zone of the report", [f"{app}: {hours}" for app, hours in told.hours if hours]
    )
    parts += _section("what this says", told.words)
    parts += _section("network of apps with photos rows", told.network)
    more = len(told.problems) - _SHOWN_PROBLEMS
    shown = told.problems[:_SHOWN_PROBLEMS] + ([f"and {more} more: --format json lists them"] if more > 0 else [])
    parts += _section("what could not be read", shown)
    return Group(*parts)


@dataclass(frozen=True)
class _Figures:
    """The figures as a table where the terminal has room for it, else in a line or two for each app."""

    rows: list[Figures]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = _table(self.rows)
        needed = Measurement.get(console, options.update(max_width=_ANY_WIDTH), table).maximum
        if needed <= options.max_width:
            yield table
            return
        for row in self.rows:
            yield Text.assemble((one_line(row.app), "bold"), f"  {one_line(row.category)}", overflow="fold")
            yield Padding(Text(_in_words(row), overflow="fold"), (0, 0, 0, 2), expand=False)


def _in_words(row: Figures) -> str:
    counts = (
        (row.night, "at night"), (row.lone_access, "of 60–75 s"), (row.background_candidates, "under 0.2 s"),
        (row.pickers, "by the picker"),
    )  # fmt: skip
    said = [
        f"{plural(row.entries, 'row')} in {plural(row.moments, 'moment')}",
        *(f"{count} {what}" for count, what in counts if count),
    ]
    if row.median_s is not None:
        said.append(f"median {row.median_s:.1f} s")
    return ", ".join([*said, f"last {row.last[:19].replace('T', ' ')}"])


def _table(figures: list[Figures]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in _COLUMNS:
        text = name in {"app", "category", "last"}
        table.add_column(name, justify="left" if text else "right", no_wrap=True, overflow="fold")
    for row in figures:
        median = "" if row.median_s is None else f"{row.median_s:.1f} s"
        counts = (row.entries, row.moments, row.night, row.lone_access, row.background_candidates, row.pickers)
        cells = [
            one_line(row.app),
            one_line(row.category),
            *(str(n or "·") for n in counts),
            median,
            row.last[:19].replace("T", " "),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _section(title: str, lines: list[str]) -> list[RenderableType]:
    if not lines:
        return []
    return [
        Text(f"\n{title}", style="bold"),
        *(Padding(Text(one_line(line)), (0, 0, 0, 2), expand=False) for line in lines),
    ]


def as_text(told: ReportText) -> str:
    """Return it as plain text, for a file."""
    console = Console(file=io.StringIO(), width=160, markup=False, emoji=False, highlight=False)
    with console.capture() as captured:
        console.print(render(told))
    return captured.get()
