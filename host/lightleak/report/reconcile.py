"""Compare the on-device store with an export of the same time: what only one of them has, and why.

Source: export and pruning of privacyaccountingd. The export leaves out categories that it has no name for, and apps
that are hidden or gone; the store loses what is older than a week, and everything of an app that is uninstalled.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from lightleak.arrays import AnyInts
from lightleak.events import NS_PER_MS
from lightleak.report.categories import EXPORTED
from lightleak.report.entry_columns import NO_TIME, EntryColumns
from lightleak.report.raw_rows import FROM_EXPORT, FROM_STORE, Deleted


class OneSided(NamedTuple):
    """An entry that only the store or only the export has, though both could have it."""

    identifier: str
    app: str
    category: str
    why: str


class Reconciliation(NamedTuple):
    """How far store and export agree."""

    both: int
    store_only: list[OneSided]
    export_only: list[OneSided]

    def reasons(self) -> dict[str, dict[str, int]]:
        """Count the one-sided entries by reason."""
        return {
            "store_only": dict(sorted(Counter(entry.why for entry in self.store_only).items())),
            "export_only": dict(sorted(Counter(entry.why for entry in self.export_only).items())),
        }


def reconcile(entries: EntryColumns, deleted: list[Deleted]) -> Reconciliation | None:
    """Compare the two sources; return None when only one of them was read."""
    exported, stored = (entries.origin & source != 0 for source in (FROM_EXPORT, FROM_STORE))
    if not exported.any() or not stored.any():
        return None
    time_ns = np.where(entries.begin_ns == NO_TIME, entries.end_ns, entries.begin_ns)
    export = _OneSource(entries, time_ns, exported)
    store = _OneSource(entries, time_ns, stored)
    gone_ns = np.sort(np.array([record.wall_ns for record in deleted], np.int64))
    return Reconciliation(
        int((exported & stored).sum()),
        [
            _one(entries, row, _why_not_exported(entries, row, time_ns, export))
            for row in np.flatnonzero(~exported).tolist()
        ],
        [
            _one(entries, row, _why_not_stored(entries, row, time_ns, store, gone_ns))
            for row in np.flatnonzero(~stored).tolist()
        ],
    )


class _OneSource:
    """What store or export has: apps, categories and a span of time."""

    def __init__(self, entries: EntryColumns, time_ns: AnyInts, rows: np.ndarray) -> None:
        self.apps = set(entries.app[rows].tolist())
        self.categories = set(entries.category[rows].tolist())
        self.first_ns, self.last_ns = int(time_ns[rows].min()), int(time_ns[rows].max())


def _one(entries: EntryColumns, row: int, why: str) -> OneSided:
    return OneSided(
        entries.identifier[row], entries.apps[entries.app[row]], entries.categories[entries.category[row]], why
    )


def _why_not_exported(entries: EntryColumns, row: int, time_ns: AnyInts, export: _OneSource) -> str:
    if entries.categories[entries.category[row]] not in EXPORTED:
        return "a category that the export has no name for"
    if time_ns[row] > export.last_ns:
        return "after the export was made, or at its very end"
    if time_ns[row] < export.first_ns:
        return "before the export begins"
    if entries.app[row] not in export.apps:
        return "the app is not in the export at all: hidden, or uninstalled before it was made"
    if entries.out_of_process[row]:
        return "a picker row, left out as Settings does"
    return "not known"


def _why_not_stored(entries: EntryColumns, row: int, time_ns: AnyInts, store: _OneSource, gone_ns: AnyInts) -> str:
    if entries.category[row] not in store.categories:
        return "the stream of this category was not among the files"
    near = np.searchsorted(gone_ns, time_ns[row] - NS_PER_MS)
    if near < len(gone_ns) and gone_ns[near] <= time_ns[row] + NS_PER_MS:
        return "deleted from the store since: a record of that time is blank"
    if time_ns[row] < store.first_ns:
        return "pruned from the store since: older than anything in it"
    if time_ns[row] > store.last_ns:
        return "after the store was copied"
    if entries.app[row] not in store.apps:
        return "the app is not in the store at all: uninstalled since"
    return "not known"
