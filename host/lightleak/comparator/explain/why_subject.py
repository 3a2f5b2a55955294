"""What the sentences on one app's entries are made of."""

from __future__ import annotations

from dataclasses import dataclass

from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import RuleResults
from lightleak.comparator.rules.significance import Chance
from lightleak.comparator.timeline.accounting import AccountingIndex
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.visibility import Visibility


@dataclass(frozen=True, slots=True)
class ExplainContext:
    """One app, what was recorded of it, what was found out about its entries, and how well they could be seen."""

    app: str
    recording: SessionSet
    lane: AppTimeline
    ledger: AccountingIndex
    entries: ReportEntries
    ruling: RuleResults
    lag_ns: int
    sight: Visibility
    chance: Chance | None

    def flags(self, entry: int) -> int:
        """Return the report's flags of one entry, as bits."""
        return int(self.entries.columns.flags[self.ruling.rows[entry]])
