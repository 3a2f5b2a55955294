"""The entries of a comparison: a line for each where there are many, else a paragraph; with ``why`` always paragraphs.

Separate because it is a list of single entries, and the rest of the table sums them up.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from lightleak.comparator.explain import clauses as c
from lightleak.comparator.explain.claims import any_origin_unwatched, is_by_chance
from lightleak.comparator.explain.clauses import Clause
from lightleak.comparator.explain.english import clause_type, sentence, words
from lightleak.text import escaped
from lightleak.views.terminal.layout import heading, indented, styled
from lightleak.wording import plural

MANY = 20
"""More entries than this are one line each."""

_REPEATED_BY = 3
"""So many entries must have a limit in common before it is printed once for all of them."""
_REPEATED = (
    c.IdleTimerLength,
    c.NotHooked,
    c.OthersNotWatched,
    c.OriginsNotWatched,
    c.HandoffNotFollowed,
    c.ChanceNoBetter,
    c.TriggersByChance,
    c.Unconfirmed,
    c.Refuted,
    c.StampsBeforeCall,
)
"""The clauses that say what limits a verdict, and so return in the same words."""

_CAUSE_STYLE = {
    "query": "yellow",
    "open": "cyan",
    "notification": "blue",
    "picker": "green",
    "unexplained": "bold red",
    "unobserved": "dim",
}
_NAMES = ("begin", "length", "state", "depth", "cause", "trigger", "match", "id")
"""The names of the filter language; ``id`` is the start of ``identifier``."""
_PARTLY, _MISSED = "*", "?"
_SHORT = 8
"""Characters of an identifier in a line."""


def render(verdicts: dict[str, Any], *, why: bool) -> list[RenderableType]:
    """Return the entries. verdicts: contract section 4's object. why: with each entry's full reason."""
    entries = verdicts["entries"]
    if not why and len(entries) > MANY:
        return _lines(verdicts)
    notes = _Notes(entries if why else [])
    parts: list[RenderableType] = [heading("Entries of the privacy report")]
    for entry in entries:
        parts += [*_paragraph(entry, notes, why=why), Text("")]
    return parts + notes.render()


# A line for each ------------------------------------------------------------------------------------------------------


def _lines(verdicts: dict[str, Any]) -> list[RenderableType]:
    entries = verdicts["entries"]
    parts: list[RenderableType] = [heading(f"Entries of the privacy report: {len(entries):,}")]
    for app in verdicts["summary"]:
        mine = [entry for entry in entries if entry["app"] == app]
        if mine:
            count = plural(len(mine), "entry", "entries")
            parts += [
                Text.assemble((escaped(app), "bold"), f", {count}"),
                _EntryLines(mine, is_by_chance=is_by_chance(verdicts, app)),
            ]
    if any(_may_be_missed(entry) for entry in entries):
        parts.append(
            styled(f"none{_MISSED} no trigger was seen, and not all that can set an act off was watched", "dim")
        )
    if any("partly-observed" in entry["flags"] for entry in entries):
        parts.append(styled(f"{_PARTLY} not all of the entry's time was watched: the app may have gone further", "dim"))
    example = "'depth = data and state = background and time < 06:00'"
    parts.append(styled(f"--why shows each entry's reasons; --filter {example} selects", "dim"))
    return parts


class _Layout(NamedTuple):
    """How the lines are set: the widest that fits is taken."""

    is_exact: bool
    """With milliseconds."""
    gap: int
    left_out: frozenset[str] = frozenset()


_LAYOUTS = (
    _Layout(True, 2),
    _Layout(False, 2),
    _Layout(False, 2, frozenset({"length"})),
    _Layout(False, 1, frozenset({"length"})),
    _Layout(False, 1, frozenset({"length", "match"})),
    _Layout(False, 1, frozenset({"length", "match", "id"})),
)


class _EntryLines:
    """The lines of one app's entries, by day."""

    def __init__(self, entries: list[dict[str, Any]], *, is_by_chance: bool) -> None:
        self._entries = entries
        self._rows = [_row(entry, is_by_chance=is_by_chance) for entry in entries]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        layout = next((one for one in _LAYOUTS if self._width(one) <= options.max_width), _LAYOUTS[-1])
        names = [name for name in _NAMES if name not in layout.left_out]
        widths = {name: self._column(name, layout) for name in names}
        yield self._line({name: name for name in names}, names, widths, layout, style="dim")
        for day, pairs in groupby(zip(self._entries, self._rows, strict=True), key=lambda pair: _day(pair[0])):
            yield Text(" " * layout.gap + escaped(day), style="bold", overflow="fold")
            for entry, row in pairs:
                cells = {name: _cell(row[name], name, layout) for name in names}
                yield self._line(cells, names, widths, layout, cause=entry["cause"])

    def _line(
        self,
        cells: dict[str, str],
        names: list[str],
        widths: dict[str, int],
        layout: _Layout,
        *,
        style: str = "",
        cause: str = "",
    ) -> Text:
        line = Text(style=style, overflow="fold")
        for name in names:
            align = ">" if name == "length" else "<"
            line.append(" " * layout.gap)
            line.append(
                f"{cells[name]:{align}{widths[name]}}", style=_CAUSE_STYLE.get(cause) if name == "cause" else None
            )
        line.rstrip()
        return line

    def _column(self, name: str, layout: _Layout) -> int:
        return max(len(name), *(len(_cell(row[name], name, layout)) for row in self._rows))

    def _width(self, layout: _Layout) -> int:
        return sum(self._column(name, layout) + layout.gap for name in _NAMES if name not in layout.left_out)


def _cell(text: str, name: str, layout: _Layout) -> str:
    """Return a cell's text in a layout."""
    if name == "begin" and not layout.is_exact:
        return text[:8]
    return text.replace(",", "") if name == "trigger" and layout.gap == 1 else text


def _row(entry: dict[str, Any], *, is_by_chance: bool) -> dict[str, str]:
    trigger = entry["trigger"]
    set_off = "-"
    if trigger is not None:
        set_off = _trigger(trigger, "chance" if is_by_chance and trigger["by"] == "time" else trigger["by"])
        set_off += _MISSED if _may_be_missed(entry) else ""
    return {
        "begin": _when(entry)[11:23],
        "length": _duration(entry),
        "state": entry["state"],
        "depth": entry["depth"] + (_PARTLY if "partly-observed" in entry["flags"] else ""),
        "cause": entry["cause"],
        "trigger": set_off,
        "match": entry["match"],
        "id": escaped(entry["identifier"])[:_SHORT],
    }


def _may_be_missed(entry: dict[str, Any]) -> bool:
    """Return whether an entry without a trigger may have one that could not be seen."""
    trigger = entry["trigger"]
    return trigger is not None and trigger["kind"] == "none" and any_origin_unwatched(entry)


def _trigger(trigger: dict[str, Any], by: str) -> str:
    return str(trigger["kind"]) if by == "none" else f"{trigger['kind']}, {by}"


def _when(entry: dict[str, Any]) -> str:
    return str(entry["begin"] or entry["end"] or "")


def _day(entry: dict[str, Any]) -> str:
    """Return the day and the zone under which an entry is listed."""
    when = _when(entry)
    text = f"{when[:10]}  {when[23:]}" if when else "no time"
    return text if entry["begin"] else f"{text}  the report has no begin: ended at"


# A paragraph for each -------------------------------------------------------------------------------------------------


def _paragraph(entry: dict[str, Any], notes: _Notes, *, why: bool) -> Iterator[RenderableType]:
    when = (entry["begin"] or f"before {entry['end'] or '—'}").replace("T", " ")
    yield Text.assemble(
        (f"{when}  ", ""), (f"{_duration(entry):>8}  ", "dim"), (escaped(entry["app"]), "bold"), overflow="fold"
    )
    yield indented(entry["brief"], _CAUSE_STYLE.get(entry["cause"], ""))
    if why:
        yield indented(_words(entry), "dim")
        reason, numbers = notes.reason(entry)
        yield indented(reason)
        if numbers:
            yield indented(f"also: {' '.join(f'[{number}]' for number in numbers)} below", "dim")
        if entry["evidence"]:
            yield indented(f"evidence: {', '.join(entry['evidence'])}", "dim")


def _words(entry: dict[str, Any]) -> str:
    """Return the verdict in the words of the filter language, the origin, and the flags."""
    words_ = "  ".join(f"{name}: {entry[name]}" for name in ("cause", "depth", "state", "match"))
    trigger = entry["trigger"]
    if trigger is not None:
        words_ += f"  trigger: {_trigger(trigger, trigger['by'])}"
        if trigger["event"] is not None:
            what = f" ({trigger['what']})" if trigger["what"] else ""
            words_ += f"  origin: {trigger['event']}{what}, {trigger['delay_ms']:.0f} ms before"
    return words_ + (f"  [{', '.join(entry['flags'])}]" if entry["flags"] else "")


def _duration(entry: dict[str, Any]) -> str:
    if not entry["begin"] or not entry["end"]:
        return "open" if entry["begin"] else "—"
    span = dt.datetime.fromisoformat(entry["end"]) - dt.datetime.fromisoformat(entry["begin"])
    return f"{span.total_seconds():.1f} s"


class _Notes:
    """What limits several entries in the same words: numbered, and printed once below them."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        counts = Counter(
            words(clause) for entry in entries for clause in _clauses(entry) if isinstance(clause, _REPEATED)
        )
        repeated = [text for text, count in counts.items() if count >= _REPEATED_BY]
        self._numbers = {text: number for number, text in enumerate(repeated, 1)}

    def reason(self, entry: dict[str, Any]) -> tuple[str, list[int]]:
        """Return an entry's own reason, and the numbers of the notes that are true of it too."""
        clauses = _clauses(entry)
        own = [clause for clause in clauses if words(clause) not in self._numbers]
        numbers = [self._numbers[words(clause)] for clause in clauses if words(clause) in self._numbers]
        return (sentence(own), numbers) if own else (entry["why"], [])

    def render(self) -> list[RenderableType]:
        """Return the notes."""
        return [indented(f"[{number}] {text}", "dim") for text, number in self._numbers.items()]


def _clauses(entry: dict[str, Any]) -> list[Clause]:
    return [msgspec.convert(clause, clause_type(clause["code"])) for clause in entry["clauses"]]
