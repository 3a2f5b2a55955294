"""Some of a comparison's entries, chosen by a filter and a span of time, with figures of these entries alone.

What is not about entries (costs of observers, use of the processor, reads under no entry) is of the whole recording, so it
is left out: a reader could take it for the selection's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator import summary
from lightleak.comparator.comparison import Comparison, Verdict
from lightleak.comparator.entry_filter import EntryFilter, SelectableEntry, WrittenTime
from lightleak.errors import UsageError
from lightleak.filter.time_expr import local, read_moment
from lightleak.notebook_html import as_html
from lightleak.report.entry_columns import STILL_OPEN
from lightleak.timezones import fixed_zone
from lightleak.wording import plural

_TIME_HINT = "write 2026-11-20, 2026-11-20T22:30:15+01:00, or 22:30"


@dataclass(frozen=True, repr=False)
class Selection:
    """Some entries of a comparison; ``rows`` are their numbers among all photos entries of the report."""

    comparison: Comparison
    chosen: list[Verdict]
    rows: Ints
    of: int
    """How many entries there were to choose from."""
    asked: dict[str, str | None]
    """``filter``, ``from`` and ``to``, as they were written."""

    def __repr__(self) -> str:
        return f"<Selection {len(self.chosen)} of {plural(self.of, 'entry', 'entries')}>"

    def _repr_html_(self) -> str:
        """Return the first verdicts, a line each, for notebooks."""
        rows = [(one.begin or one.end, one.app, one.cause, one.depth, one.brief) for one in self.chosen]
        title = f"Selection: {len(self.chosen)} of {plural(self.of, 'entry', 'entries')}"
        return as_html(title, ("time", "app", "cause", "depth", ""), rows, self.notices)

    def to_pandas(self) -> Any:
        """Return the chosen verdicts as a pandas.DataFrame. Raises: LightleakError when pandas is missing."""
        from lightleak.comparator.dataframe import to_pandas

        return to_pandas(self.chosen, self.comparison.entries, self.rows)

    def to_polars(self) -> Any:
        """Return the same as a polars.DataFrame. Raises: LightleakError when polars is missing."""
        from lightleak.comparator.dataframe import to_polars

        return to_polars(self.chosen, self.comparison.entries, self.rows)

    @property
    def notices(self) -> list[str]:
        """What limits the whole comparison, in English, a sentence each."""
        return self.comparison.notices

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the chosen verdicts, in the order of the report."""
        yield from self.chosen

    def to_json(self, *, indent: int = 2) -> str:
        """Return the JSON of contract section 4 with ``selection``, and without what is not about entries."""
        return msgspec.json.format(msgspec.json.encode(self._document(self.chosen)), indent=indent).decode() + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return the same as plain objects: equal to the decoded JSON."""
        return self._document([msgspec.json.decode(msgspec.json.encode(verdict)) for verdict in self.chosen])

    def _document(self, entries: list[Any]) -> dict[str, Any]:
        whole = self.comparison.document(entries)
        del whole["unreported"]
        chosen = set(self.rows.tolist())
        whole["summary"] = {
            app.app: summary.entry_figures(
                self.comparison.entries,
                app.results.only(np.array([row in chosen for row in app.results.rows.tolist()], bool)),
            )
            for app in self.comparison.apps
        }
        selection = {**self.asked, "entries": len(self.chosen), "of": self.of}
        return {"version": whole.pop("version"), "selection": selection, **whole}


def select(
    comparison: Comparison, expression: str | None = None, *, since: str | None = None, until: str | None = None
) -> Selection:
    """Return the entries for which an expression of the filter language is true and that begin in a span of time.

    since, until: times as ``--from`` and ``--to`` take them, both included. Where the report has no begin, the end counts.

    Raises: UsageError when the expression or a time is not valid.
    """
    filters = [] if expression is None else [EntryFilter(expression)]
    entries = list(_entries(comparison))
    for text, option, operator in ((since, "--from", ">="), (until, "--to", "<=")):
        if text is not None:
            filters.append(EntryFilter(f'time {operator} "{_moment(text, option, entries)}"'))
    kept = [at for at, entry in enumerate(entries) if all(each.keeps(entry) for each in filters)]
    return Selection(
        comparison,
        [entries[at].verdict for at in kept],
        comparison.rows()[kept],
        len(entries),
        {"filter": expression, "from": since, "to": until},
    )


def _entries(comparison: Comparison) -> Iterator[SelectableEntry]:
    """Yield all entries with what the filter reads, in the order of the report."""
    rows, entries = comparison.rows(), comparison.entries
    columns = entries.columns.take(rows)
    begins = zip(columns.begin_ns.tolist(), columns.begin_offset_s.tolist(), strict=True)
    ends = zip(columns.end_ns.tolist(), columns.end_offset_s.tolist(), strict=True)
    found = zip(
        comparison.verdicts(),
        begins,
        entries.has_begin[rows].tolist(),
        ends,
        ((columns.flags & STILL_OPEN) != 0).tolist(),
        entries.touching_night(rows, summary.NIGHT_UNTIL_S).tolist(),
        strict=True,
    )
    for verdict, begin, has_begin, end, is_open, is_at_night in found:
        yield SelectableEntry(
            verdict,
            WrittenTime(*begin) if has_begin else None,
            None if is_open else WrittenTime(*end),
            is_at_night,
        )


def _moment(text: str, option: str, entries: list[SelectableEntry]) -> str:
    """Return a time of an option as the filter language has it; a time of day is on the day of the first entry."""
    zone = fixed_zone(0)
    found = read_moment(text, zone)
    if found is not None and found.of_day:
        first = next((entry.begin or entry.end for entry in entries if entry.begin or entry.end), None)
        day = "1970-01-01" if first is None else f"{local(first.unix_ns, fixed_zone(first.offset_s)):%Y-%m-%d}"
        text = f"{day}T{text}"
        found = read_moment(text, zone)
    if found is None:
        raise UsageError(f"cannot parse {option} {text} as a time", hint=_TIME_HINT)
    return text
