"""One or more privacy reports, read as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lightleak.errors import ReportError
from lightleak.report.entry import FLAGS, Deleted, Entry, Problem, Tombstone
from lightleak.report.entry_columns import EntryColumns, EntryList
from lightleak.report.loader import read_path
from lightleak.report.network_coincidence import NetworkUse, beside_photos
from lightleak.report.network_rows import NetworkRows
from lightleak.report.pairing import AccessLines, entries_of, pair
from lightleak.report.raw_rows import FROM_STORE, RawRows
from lightleak.report.reconcile import Reconciliation, reconcile
from lightleak.report.silences import Hole, holes
from lightleak.report.summary import Summary, summarise
from lightleak.report.timestamps import format_time


class Report:
    """What the reports say, merged: each access once, sorted by time; nothing of it counts reads."""

    def __init__(self, collected: RawRows) -> None:
        halves = AccessLines.of(collected)
        self.files: list[str] = collected.files
        self.columns: EntryColumns = entries_of(halves, pair(halves, collected), collected)
        self.entries: Sequence[Entry] = EntryList(self.columns)
        """Every category, sorted by begin, end, identifier, missing ones last."""
        self.network: NetworkRows = NetworkRows(collected)
        self.deleted: list[Deleted] = collected.deleted
        """Pruned records of a store: times without content, not part of the span."""
        self.tombstones: list[Tombstone] = collected.tombstones
        self.problems: list[Problem] = collected.problems.all()
        self.unknown = collected.unknown
        """Keys and kinds that no known iOS writes, counted and kept."""
        self._report_of_file = collected.report_of_file
        self._first, self._last = _span(halves, self.network)

    @property
    def first_ns(self) -> int | None:
        """The earliest ``timeStamp`` of all accesses and network rows, Unix ns; None where there are none."""
        return self._first and self._first[0]

    @property
    def last_ns(self) -> int | None:
        """The latest ``timeStamp`` of all accesses and network rows, Unix ns; None where there are none."""
        return self._last and self._last[0]

    @property
    def first(self) -> str | None:
        """``first_ns`` as RFC 3339 text in the offset it was written with."""
        return self._first and format_time(*self._first)

    @property
    def last(self) -> str | None:
        """``last_ns`` as RFC 3339 text in the offset it was written with."""
        return self._last and format_time(*self._last)

    @property
    def has_store(self) -> bool:
        """Whether any of it comes from an on-device store."""
        return bool((self.columns.origin & FROM_STORE).any()) or bool(self.deleted)

    def has_flag(self, flag: str) -> bool:
        """Tell whether any entry has this flag."""
        return bool((self.columns.flags >> FLAGS.index(flag) & 1).any())

    def photos(self) -> EntryColumns:
        """Return the photos entries as columns (``NO_TIME`` for a missing time), in the order of ``entries``."""
        return self.columns.of_category("photos")

    def summary(self) -> Summary:
        """Sum up: app → category → figures."""
        return summarise(self.columns)

    def holes(self) -> list[Hole]:
        """Find the stretches without any record."""
        return holes(self.columns, self.network, self._report_of_file)

    def beside_photos(self) -> list[NetworkUse]:
        """Lay what apps sent beside their photos entries: coincidence, never proof."""
        return beside_photos(self.photos(), self.network)

    def reconciliation(self) -> Reconciliation | None:
        """Compare store and export; None where only one of them was read."""
        return reconcile(self.columns, self.deleted)


def read_report(*paths: str | Path) -> Report:
    """Read reports and merge them: exports of any iOS and on-device stores; files, folders, gzip, zip and tar.

    Errors: ReportError where a path does not exist or has not one line of a report. What else could not be read is
    among ``Report.problems``.
    """
    if not paths:
        raise ReportError("no report was named")
    collected = RawRows()
    for path in paths:
        read_path(Path(path), collected)
    return Report(collected)


def _span(halves: AccessLines, network: NetworkRows) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    times = [
        (int(wall_ns[n]), int(offset_s[n]))
        for wall_ns, offset_s in (
            (halves.wall_ns, halves.offset_s),
            (network.columns["last_ns"], network.columns["last_offset_s"]),
        )
        if len(wall_ns)
        for n in (wall_ns.argmin(), wall_ns.argmax())
    ]
    return (min(times), max(times)) if times else (None, None)
