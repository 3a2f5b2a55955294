"""What a report says on its own, for people: rows of a table and sentences. No layout here, and nothing escaped."""

from __future__ import annotations

from typing import Any, NamedTuple

from lightleak.report import Report
from lightleak.wording import plural

ROWS_ARE_NOT_READS = (
    "A row is an interval in which iOS noted at least one access: not a number of reads, and not how far they went. "
    "One launch often writes two rows (the library was opened; a query ran), one row can stand for a thousand queries, "
    "and reading pixels writes no row of its own."
)
IDLE_TIMER = (
    "A row of 60 to 75 s is one access, or a short burst, at its begin: iOS closes a row 60 s after the last access, "
    "up to a quarter later. It does not mean that the app read for a minute. Shorter rows were cut when the app was "
    "suspended or left; longer ones saw accesses again and again."
)
BACKGROUND = "Rows shorter than 0.2 s were cut because the app was suspended at once: candidates for work in the background, no proof."
PICKER = "Picker rows were written when the person chose something in the system's picker: the app got what was chosen."
FINALISED = "Finalised rows were closed together after a restart of the phone; their end says nothing."
COINCIDENCE = (
    "What follows is coincidence in time. The report does not know what was sent, and a contact after a photos row is "
    "no proof that a photo was sent."
)
NOT_CONFIRMED = (
    "Read in Apple's code and in published reports, not confirmed on a phone: docs/unconfirmed.md, facts 5, 6 and 9."
)
ZONE_OF_A_STORE = "A store has no time zone: its hours and nights are those of UTC."


class Figures(NamedTuple):
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
    """Everything that is told of a report."""

    span: str
    figures: list[Figures]
    hours: list[tuple[str, str]]
    """For each app with photos rows: its hours of the day."""
    words: list[str]
    network: list[str]
    problems: list[str]


def tell(report: Report) -> ReportText:
    """Put a report into words."""
    summary = report.summary()
    figures = [
        _figures(app, category, found) for app, categories in summary.items() for category, found in categories.items()
    ]
    figures.sort(key=lambda row: (row.category != "photos", row.category, -row.entries, row.app))
    hours = [(app, _hours(found["photos"]["hours"])) for app, found in summary.items() if "photos" in found]
    return ReportText(_span(report), figures, hours, _words(report, figures), _beside(report), _problems(report))


def _figures(app: str, category: str, found: dict[str, Any]) -> Figures:
    durations = found["durations"]
    return Figures(
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
    files = "1 file" if len(report.files) == 1 else f"{len(report.files)} files"
    told = f"{plural(len(report.entries), 'entry', 'entries')}, {plural(len(report.network), 'network row')} in {files}"
    return f"{span}: {told}"


def _hours(hours: list[int]) -> str:
    return ", ".join(f"{hour:02d} h {count}" for hour, count in enumerate(hours) if count)


def _words(report: Report, figures: list[Figures]) -> list[str]:
    words = [ROWS_ARE_NOT_READS] if figures else []
    if any(row.lone_access for row in figures):
        words.append(IDLE_TIMER)
    if any(row.background_candidates for row in figures):
        words.append(BACKGROUND)
    if any(row.pickers for row in figures):
        words.append(PICKER)
    if report.has_flag("finalised"):
        words.append(FINALISED)
    if figures:
        words.append(NOT_CONFIRMED)
    if report.has_store:
        words.append(ZONE_OF_A_STORE)
    words += [f"Nothing from {_plain(hole.start)} to {_plain(hole.end)}: {hole.reason}." for hole in report.holes()]
    if report.deleted:
        times = sorted(record.wall_ns for record in report.deleted)
        oldest = next(record.time for record in report.deleted if record.wall_ns == times[0])
        words.append(
            f"The store keeps the times of {len(times)} deleted records, the oldest of {oldest}: something was "
            "accessed then; by whom is gone."
        )
    reconciliation = report.reconciliation()
    if reconciliation:
        words.append(f"Store and export agree on {reconciliation.both} entries.")
        for side, reasons in reconciliation.reasons().items():
            where = "Only in the store" if side == "store_only" else "Only in the export"
            words += [f"{where}: {count}; {why}." for why, count in reasons.items()]
    unknown = sorted({**report.unknown.keys, **report.unknown.kinds})
    if unknown:
        words.append(
            f"Written by an iOS that is newer than this tool: {', '.join(unknown[:10])}; kept, not understood."
        )
    return words


def _plain(time: str) -> str:
    return time.replace("T", " ")


def _beside(report: Report) -> list[str]:
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
