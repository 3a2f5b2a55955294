"""The processes of a recording as a table that fits: a narrow terminal loses the least important columns first.

Separate because it is a pure function of processes and a width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from lightleak.events import NS_PER_S
from lightleak.text import escaped
from lightleak.views.live.state import LiveProcess
from lightleak.wording import duration, size

_GAP = 2
_NAME_MIN, _NAME_MAX = 16, 40
_LAST_MIN = 24
_STYLES = {"active": "green", "suspended": "yellow", "exited": "dim", "detached": "dim"}


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    need: int
    """The narrowest terminal in which it is shown."""
    justify: Literal["left", "right"] = "left"


_COLUMNS = (
    _Column("process", 0),
    _Column("pid", 64),
    _Column("state", 0),
    _Column("events", 0, justify="right"),
    _Column("per s", 0, justify="right"),
    _Column("observers", 90, justify="right"),
    _Column("inputs", 100, justify="right"),
    _Column("cpu", 124, justify="right"),
    _Column("memory", 124, justify="right"),
    _Column("hooks", 76),
    _Column("last", 110),
)


def process_table(processes: Iterable[LiveProcess], now_ns: int, width: int) -> Table:
    """Return the table for a terminal of ``width`` columns. now_ns: the device's clock, for rates."""
    processes = list(processes)
    rows = [_row(process, now_ns) for process in processes]
    chosen = [n for n, column in enumerate(_COLUMNS) if width >= column.need]
    widths = {n: max(cell_len(row[n]) for row in ([c.title for c in _COLUMNS], *rows)) for n in chosen}
    _fit(widths, width)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, _GAP, 0, 0))
    for n in chosen:
        justify = _COLUMNS[n].justify
        table.add_column(
            _COLUMNS[n].title,
            no_wrap=True,
            overflow="ellipsis",
            justify=justify,
            min_width=widths[n],
            max_width=widths[n],
        )
    for process, row in zip(processes, rows, strict=True):
        cells = [Text(row[n], style=_STYLES.get(row[n], "") if _COLUMNS[n].title == "state" else "") for n in chosen]
        table.add_row(*cells, style="dim" if process.over else None)
    return table


def _fit(widths: dict[int, int], width: int) -> None:
    """Give the name and the last event the room that the numbers leave."""
    last = len(_COLUMNS) - 1
    numbers = sum(size for n, size in widths.items() if n not in (0, last)) + _GAP * len(widths)
    least = _LAST_MIN if last in widths else 0
    widths[0] = max(_NAME_MIN, min(widths[0], _NAME_MAX, width - numbers - least))
    if last in widths:
        widths[last] = max(_LAST_MIN, width - numbers - widths[0])


def _row(process: LiveProcess, now_ns: int) -> Sequence[str]:
    state = process.phase if process.over or process.phase == "suspended" else process.state
    installed, missing = process.hooks_of("installed"), process.hooks_of("missing")
    return (
        escaped(process.identifier or process.name),
        "-" if process.pid is None else escaped(process.pid),
        escaped(state),
        f"{process.events:,}",
        f"{process.rate(now_ns):.1f}",
        str(len(process.observers)),
        f"{process.inputs:,}",
        "-" if process.cpu_ns is None else duration(process.cpu_ns / NS_PER_S),
        "-" if process.footprint_bytes is None else size(process.footprint_bytes),
        f"{installed} of {installed + missing}" if missing else f"{installed}",
        process.last,
    )
