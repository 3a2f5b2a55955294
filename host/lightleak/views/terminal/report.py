"""What a report says on its own, for people: first as rows and sentences (``describe``), then laid out (``render``).

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightleak.report import Report
from lightleak.text import escaped
from lightleak.wording import plural

_COLUMNS = ("app", "category", "rows", "moments", "night", "60–75 s", "< 0.2 s", "picker", "median", "last")
_SHOWN_PROBLEMS = 20
_ANY_WIDTH = 10_000

ROWS_ARE_NOT_READS = (
    "A row is an interval in which iOS noted at least one access: not a number of reads, and not how far they went. "
    "One launch often writes two rows (the library was opened; a query ran), one row can cover a thousand queries, "
    "and reading pixels writes no row of its own."
)
IDLE_TIMER = (
    "A row of 60 to 75 s is one access, or a short burst, at its start: iOS closes a row 60 s after the last access, "
    "or up to 15 s later. It does not mean that the app read for a minute. Shorter rows were cut when the app was "
    "suspended or left; longer ones saw accesses again and again."
)
BACKGROUND = "Rows shorter than 0.2 s were cut because the app was suspended at once: candidates for work in the background, but no proof."
PICKER = "Picker rows were written when the person chose something in the system's picker: the app got what was chosen."
FINALISED = "Finalised rows were closed together after the phone restarted: their end has no meaning."
COINCIDENCE = (
    "What follows is coincidence in time. The report does not know what was sent, and a contact after a photos row is "
    "no proof that a photo was sent."
)
NOT_CONFIRMED = (
    "Read in Apple's code and in published reports, not confirmed on a phone: docs/unconfirmed.md, facts 5, 6 and 9."
)
ZONE_OF_A_STORE = "A store has no time zone: its hours and nights are in UTC."


class AppFigures(NamedTuple):
    """One row of the table: an app and a category."""

    app: str
    category: str
    entries: int
    moments: int
    night: int
    lone_access: int
    background_candidates: int
    pickers: int
    median_s: float | None
    last: str


class ReportText(NamedTuple):
    """Everything that is shown of a report. Nothing in it is escaped."""

    span: str
    figures: list[AppFigures]
    hours: list[tuple[str, str]]
    """For each app with photos rows: its hours of the day."""
    sentences: list[str]
    network: list[str]
    problems: list[str]


def describe(report: Report) -> ReportText:
    """Return a report as rows and sentences."""
    summary = report.summary()
    figures = [
        _figures(app, category, found) for app, categories in summary.items() for category, found in categories.items()
    ]
    figures.sort(key=lambda row: (row.category != "photos", row.category, -row.entries, row.app))
    hours = [(app, _hours(found["photos"]["hours"])) for app, found in summary.items() if "photos" in found]
    return ReportText(_span(report), figures, hours, _sentences(report, figures), _network(report), _problems(report))


def _figures(app: str, category: str, found: dict[str, Any]) -> AppFigures:
    durations = found["durations"]
    return AppFigures(
        app,
        category,
        found["entries"],
        found["moments"],
        found["night"],
        durations["lone_access"],
        found["background_candidates"],
        found["pickers"],
        durations["median_s"],
        found["last"],
    )


def _span(report: Report) -> str:
    span = f"{report.first} to {report.last}".replace("T", " ") if report.first else "no record"
    counts = f"{plural(len(report.entries), 'entry', 'entries')}, {plural(len(report.network), 'network row')}"
    return f"{span}: {counts} in {plural(len(report.files), 'file', grouped=False)}"


def _hours(hours: list[int]) -> str:
    return ", ".join(f"{hour:02d} h {count}" for hour, count in enumerate(hours) if count)


def _sentences(report: Report, figures: list[AppFigures]) -> list[str]:
    sentences = [ROWS_ARE_NOT_READS] if figures else []
    if any(row.lone_access for row in figures):
        sentences.append(IDLE_TIMER)
    if any(row.background_candidates for row in figures):
        sentences.append(BACKGROUND)
    if any(row.pickers for row in figures):
        sentences.append(PICKER)
    if report.has_flag("finalised"):
        sentences.append(FINALISED)
    if figures:
        sentences.append(NOT_CONFIRMED)
    sentences += [
        f"The report writes {app} with a team prefix ({', '.join(names)}): that is the same app."
        for app, names in report.accessors.items()
    ]
    if report.has_store:
        sentences.append(ZONE_OF_A_STORE)
    sentences += [f"Nothing from {_plain(hole.start)} to {_plain(hole.end)}: {hole.reason}." for hole in report.holes()]
    if report.deleted:
        times = sorted(record.wall_ns for record in report.deleted)
        oldest = next(record.time for record in report.deleted if record.wall_ns == times[0])
        sentences.append(
            f"The store keeps the times of {len(times)} deleted records, the oldest from {oldest}: something was "
            "accessed then, but the app is no longer known."
        )
    reconciliation = report.reconciliation()
    if reconciliation:
        sentences.append(f"Store and export agree on {reconciliation.both} entries.")
        for side, reasons in reconciliation.reasons().items():
            where = "Only in the store" if side == "store_only" else "Only in the export"
            sentences += [f"{where}: {count}; {why}." for why, count in reasons.items()]
    unknown = sorted({**report.unknown.keys, **report.unknown.kinds})
    if unknown:
        sentences.append(f"Unknown to this tool, perhaps from a newer iOS: {', '.join(unknown[:10])}. It is kept.")
    return sentences


def _plain(time: str) -> str:
    return time.replace("T", " ")


def _network(report: Report) -> list[str]:
    uses = report.beside_photos()
    lines = [
        f"{use.app}: {plural(use.domains, 'domain')}, at least {plural(use.hits, 'hit')}" for use in uses if use.domains
    ]
    found = [coincidence for use in uses for coincidence in use.coincidences]
    if found:
        lines.append(COINCIDENCE)
    lines += [
        f"{c.app}: {c.what} with {c.domain} at {c.time.replace('T', ' ')}, {c.after_s:.1f} s after a photos row began; hits: {c.hits}"
        + (f", {c.hits_before} before" if c.hits_before else "")
        for c in found
    ]
    return lines


def _problems(report: Report) -> list[str]:
    return [f"{p.file}{'' if p.line is None else f':{p.line}'}: {p.problem}" for p in report.problems]


def render(report: ReportText) -> RenderableType:
    """Return the table and the sentences. Names in it come from apps: print it without markup."""
    parts: list[RenderableType] = [Text(escaped(report.span))]
    if report.figures:
        parts.append(_FittingTable(report.figures))
    parts += _section(
        "hours of the day, photos, in the zone of the report",
        [f"{app}: {hours}" for app, hours in report.hours if hours],
    )
    parts += _section("what this says", report.sentences)
    parts += _section("network of apps with photos rows", report.network)
    more = len(report.problems) - _SHOWN_PROBLEMS
    shown = report.problems[:_SHOWN_PROBLEMS] + ([f"and {more} more: --format json lists them"] if more > 0 else [])
    parts += _section("what could not be read", shown)
    return Group(*parts)


@dataclass(frozen=True)
class _FittingTable:
    """The figures as a table if it fits the terminal, otherwise in a line or two for each app."""

    rows: list[AppFigures]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = _table(self.rows)
        needed = Measurement.get(console, options.update(max_width=_ANY_WIDTH), table).maximum
        if needed <= options.max_width:
            yield table
            return
        for row in self.rows:
            yield Text.assemble((escaped(row.app), "bold"), f"  {escaped(row.category)}", overflow="fold")
            yield Padding(Text(_in_words(row), overflow="fold"), (0, 0, 0, 2), expand=False)


def _in_words(row: AppFigures) -> str:
    counts = (
        (row.night, "at night"), (row.lone_access, "of 60–75 s"), (row.background_candidates, "under 0.2 s"),
        (row.pickers, "by the picker"),
    )  # fmt: skip
    parts = [
        f"{plural(row.entries, 'row')} in {plural(row.moments, 'moment')}",
        *(f"{count} {what}" for count, what in counts if count),
    ]
    if row.median_s is not None:
        parts.append(f"median {row.median_s:.1f} s")
    return ", ".join([*parts, f"last {row.last[:19].replace('T', ' ')}"])


def _table(figures: list[AppFigures]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in _COLUMNS:
        text = name in {"app", "category", "last"}
        table.add_column(name, justify="left" if text else "right", no_wrap=True, overflow="fold")
    for row in figures:
        median = "" if row.median_s is None else f"{row.median_s:.1f} s"
        counts = (row.entries, row.moments, row.night, row.lone_access, row.background_candidates, row.pickers)
        cells = [
            escaped(row.app),
            escaped(row.category),
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
        *(Padding(Text(escaped(line)), (0, 0, 0, 2), expand=False) for line in lines),
    ]
