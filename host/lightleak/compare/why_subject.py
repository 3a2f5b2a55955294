"""What the sentences on one app's entries are made of."""

from __future__ import annotations

from dataclasses import dataclass

from lightleak.compare.accounting import Ledger
from lightleak.compare.chance import Chance
from lightleak.compare.entries import Entries
from lightleak.compare.lane import Lane
from lightleak.compare.recording import Recording
from lightleak.compare.rules import Ruling
from lightleak.compare.sight import Sight


@dataclass(frozen=True, slots=True)
class Subject:
    """One app, what was recorded of it, what was found out about its entries, and how well they could be seen."""

    app: str
    recording: Recording
    lane: Lane
    ledger: Ledger
    entries: Entries
    ruling: Ruling
    lag_ns: int
    sight: Sight
    chance: Chance | None

    def flags(self, entry: int) -> int:
        """Return the report's flags of one entry, as bits."""
        return int(self.entries.columns.flags[self.ruling.rows[entry]])
