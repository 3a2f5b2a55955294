"""The report's entries of the app under test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lightleak.events import NS_PER_S
from lightleak.report import Entry
from lightleak.report.report import Report

NEAR_NS = 10 * NS_PER_S
"""How much later than an action its entry may begin; nothing else happens in that time."""
_BEFORE_NS = NS_PER_S // 10


@dataclass(frozen=True, slots=True)
class ReportRows:
    """Photos entries of one app and of its extensions, by begin."""

    app: str
    entries: list[Entry] = field(default_factory=list)
    extensions: list[Entry] = field(default_factory=list)
    store: bool = False
    """Whether the on-device store was read."""
    problems: int = 0
    """Lines or records that could not be read."""
    near_ns: int = NEAR_NS

    @property
    def own(self) -> list[Entry]:
        """The entries of the app itself, without those of the picker."""
        return [entry for entry in self.entries if not entry.out_of_process]

    @property
    def identifiers(self) -> dict[str, Entry]:
        """The entries by upper-case identifier."""
        return {entry.identifier.upper(): entry for entry in self.entries}

    def near(self, times_ns: Iterable[int]) -> list[Entry]:
        """Return the app's own entries that begin at one of these times or shortly after."""
        times = list(times_ns)
        return [e for e in self.own if any(self._is_near(e, at_ns) for at_ns in times)]

    def within(self, from_ns: int, to_ns: int, *, picked: bool = False) -> list[Entry]:
        """Return the app's own entries, or with ``picked`` the picker's, that begin in this period."""
        chosen = [e for e in self.entries if e.out_of_process] if picked else self.own
        return [e for e in chosen if e.begin_ns is not None and from_ns <= e.begin_ns < to_ns]

    def _is_near(self, entry: Entry, at_ns: int) -> bool:
        return entry.begin_ns is not None and at_ns - _BEFORE_NS <= entry.begin_ns < at_ns + self.near_ns


def app_rows(report: Report, app: str, idle_s: float) -> ReportRows:
    """Return the entries of an app. ``idle_s``: the pause between two actions, which limits how far an entry can be from one."""
    photos = [entry for entry in report.entries if entry.category == "photos"]
    prefix = f"{app.lower()}."
    return ReportRows(
        app,
        [entry for entry in photos if entry.app.lower() == app.lower()],
        [entry for entry in photos if entry.app.lower().startswith(prefix)],
        store=report.has_store,
        problems=len(report.problems),
        near_ns=min(NEAR_NS, round(idle_s * NS_PER_S)),
    )
