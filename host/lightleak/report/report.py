"""One or more privacy reports, read as one.

The way of a line: ``sources`` opens its file, ``export`` cuts and decodes lines, many at once or one by one with
``line_schema`` (``store`` takes records from a store), ``timestamps`` reads their times, ``raw_rows`` keeps them in
columns, ``pairing`` makes entries of the two lines of an access, ``entry_columns`` has those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from lightleak.dataframes import pandas_frame, polars_frame
from lightleak.errors import ReportError
from lightleak.file_names import distinct_names
from lightleak.notebook_html import as_html
from lightleak.report.entry_columns import FLAGS, Entry, EntryColumns, EntryList
from lightleak.report.export import read_export
from lightleak.report.line_schema import read_line
from lightleak.report.network_coincidence import NetworkUse, beside_photos
from lightleak.report.network_rows import NetworkRows
from lightleak.report.pairing import AccessLines, pair, paired_entries
from lightleak.report.raw_rows import FROM_STORE, Deleted, Problem, RawRows, Tombstone
from lightleak.report.reconcile import Reconciliation, reconcile
from lightleak.report.segb import MAGIC, MAX_BYTES, V1_MAGIC_AT
from lightleak.report.silences import Hole, holes
from lightleak.report.sources import DAMAGE, Source, peek, sources
from lightleak.report.store import read_store, stream_of
from lightleak.report.summary import Summary, summarise
from lightleak.report.timestamps import format_time
from lightleak.text import escaped
from lightleak.wording import plural

_EXPORT_SUFFIXES = (".ndjson", ".ndjson.gz")
_FIRST_LINE_BYTES = 1 << 12


class Report:
    """What the reports say, merged: each access once, sorted by time. An entry is not a read."""

    def __init__(self, raw: RawRows) -> None:
        self.unread: int = raw.problems.count
        """How many lines, records or files could not be read. Contradictions are problems, too, but were read."""
        lines = AccessLines.of(raw)
        self.files: list[str] = raw.files
        """What was read, without the folders above the paths that were given."""
        self.paths: list[Path | None] = raw.paths
        """The same as paths of this machine; None inside an archive."""
        self.columns: EntryColumns = paired_entries(lines, pair(lines, raw), raw)
        self.entries: Sequence[Entry] = EntryList(self.columns)
        """Every category, sorted by begin, end, identifier; missing times last."""
        self.network: NetworkRows = NetworkRows(raw)
        self.deleted: list[Deleted] = raw.deleted
        """Pruned records of a store: times without content, which are not part of the span."""
        self.tombstones: list[Tombstone] = raw.tombstones
        self.problems: list[Problem] = raw.problems.all()
        self.accessors: dict[str, list[str]] = dict(sorted(raw.apps.written.items()))
        """App → the names with a team prefix that the report writes for it; every app without one is left out."""
        self.unknown = raw.unknown
        """Keys and kinds that no known iOS writes, counted and kept."""
        self._report_of_file = raw.report_of_file
        self._first, self._last = _span(lines, self.network)

    def __repr__(self) -> str:
        return f"<Report {escaped(self._about())}>"

    def _repr_html_(self) -> str:
        """Return the number of entries by app and category, for notebooks."""
        rows = [
            (app, category, figures["entries"], figures["night"], figures["first"], figures["last"])
            for app, categories in self.summary().items()
            for category, figures in categories.items()
        ]
        notes = ["An entry is not a read: lightleak.compare says why an entry exists."]
        if self.problems:
            notes.append(f"{plural(len(self.problems), 'problem')} while reading: see problems")
        header = ("app", "category", "entries", "at night", "first", "last")
        return as_html(f"Report: {self._about()}", header, rows, notes)

    def _about(self) -> str:
        span = f", {self.first} to {self.last}" if self.first else ""
        return plural(len(self.entries), "entry", "entries") + span

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
        """Return whether any entry has this flag."""
        return bool((self.columns.flags >> FLAGS.index(flag) & 1).any())

    def to_pandas(self) -> Any:
        """Return the entries of every category as a pandas.DataFrame. Raises: LightleakError when pandas is missing."""
        from lightleak.report.dataframe import COLUMNS, table_of

        return pandas_frame(COLUMNS, table_of(self.entries))

    def to_polars(self) -> Any:
        """Return the same as a polars.DataFrame. Raises: LightleakError when polars is missing."""
        from lightleak.report.dataframe import COLUMNS, table_of

        return polars_frame(COLUMNS, table_of(self.entries))

    def photos(self) -> EntryColumns:
        """Return the photos entries as columns (``NO_TIME`` for a missing time), in the order of ``entries``."""
        return self.columns.of_category("photos")

    def summary(self) -> Summary:
        """Return figures: app → category → name → figure."""
        return summarise(self.columns)

    def holes(self) -> list[Hole]:
        """Return the stretches without any record, in order of time."""
        return holes(self.columns, self.network, self._report_of_file)

    def beside_photos(self) -> list[NetworkUse]:
        """Return what apps with photos entries sent, and what coincides in time with them: never proof."""
        return beside_photos(self.photos(), self.network)

    def reconciliation(self) -> Reconciliation | None:
        """Return how store and export differ; None when only one of them was read."""
        return reconcile(self.columns, self.deleted)


def read_report(*paths: str | Path) -> Report:
    """Read reports and merge them: exports of any iOS and on-device stores; files, folders, gzip, zip and tar.

    What could not be read is in ``Report.problems``.
    Raises: ReportError when a path does not exist or has not one line of a report.
    """
    if not paths:
        raise ReportError("no report given")
    raw = RawRows()
    for path, name in zip(paths, distinct_names(paths), strict=True):
        _read_path(Path(path), name, raw)
    return Report(raw)


def looks_like_report(path: Path) -> bool:
    """Return whether a file begins as a report does: an archive, a segment of a store, or a line of an export.

    Only the first kilobytes are read. Archives are not looked into.
    """
    found = sources(path, path.name, lambda _name, _problem: None)  # it closes the file with its end
    try:
        source = next(found, None)
        if source is None or source.inside:
            return True
        start = peek(source.stream, _FIRST_LINE_BYTES)
    except (*DAMAGE, ReportError):
        return False
    if _is_segment(start):
        return True
    return any(map(_is_line, start.removeprefix(b"\xef\xbb\xbf").splitlines()))


def _is_line(line: bytes) -> bool:
    try:
        read_line(line.strip())
    except ReportError:
        return False
    return True


def _is_segment(start: bytes) -> bool:
    return start.startswith(MAGIC) or start[V1_MAGIC_AT : V1_MAGIC_AT + len(MAGIC)] == MAGIC


def _read_path(path: Path, name: str, raw: RawRows) -> None:
    """Add all reports of a path. name: how results call it. Raises: ReportError when it has not one line or record of a report."""
    problems, recognised = raw.problems, raw.recognised
    mark = problems.mark()
    raw.report += 1
    for source in _sources(path, name, raw):
        if not source.inside or _is_likely(source):
            _read(source, raw)
    if raw.recognised == recognised:
        first = problems.forget_since(mark)
        hint = "export it in Settings › Privacy & Security › App Privacy Report, or name a PrivacyAccounting folder"
        raise ReportError(f"{path} has not one line of a privacy report" + (f" ({first})" if first else ""), hint=hint)


def _sources(path: Path, name: str, raw: RawRows) -> Iterator[Source]:
    """Yield the files of a path; what goes wrong on the way is noted and ends it. Raises: ReportError."""
    problems = raw.problems
    found = sources(path, name, lambda file, problem: problems.add(file, None, problem))
    while True:
        try:
            source = next(found, None)
        except FileNotFoundError:
            raise ReportError(f"{path} does not exist", hint="check the name and the folder") from None
        except (*DAMAGE, ReportError) as problem:
            problems.add(name, None, _reason(problem))
            return
        if source is None:
            return
        yield source


def _read(source: Source, raw: RawRows) -> None:
    problems, recognised = raw.problems, raw.recognised
    mark = problems.mark()
    try:
        if _is_segment(peek(source.stream, V1_MAGIC_AT + len(MAGIC))):
            read_store(_whole(source), source.name, source.place, raw, source.path)
        else:
            read_export(source.stream, source.name, raw, source.path)
    except (OSError, ReportError) as problem:
        problems.add(source.name, None, _reason(problem))
    if source.inside and raw.recognised == recognised and (first := problems.forget_since(mark)):
        problems.add(source.name, None, f"has not one line of a privacy report ({first})")


def _is_likely(source: Source) -> bool:
    """Return whether a file among others may be a report: by its place, its name, or its first line."""
    place = PurePosixPath(source.place)
    if stream_of(source.place):
        return "local" in place.parts
    if place.name.endswith(_EXPORT_SUFFIXES):
        return True
    try:
        first_line = peek(source.stream, _FIRST_LINE_BYTES).partition(b"\n")[0]
        read_line(first_line.removeprefix(b"\xef\xbb\xbf").strip())
    except (OSError, ReportError):
        return False
    return True


def _whole(source: Source) -> bytes:
    file = source.stream.read(MAX_BYTES + 1)
    if len(file) > MAX_BYTES:
        raise ReportError(f"a segment of more than {MAX_BYTES >> 20} MB")
    return file


def _reason(problem: BaseException) -> str:
    if isinstance(problem, ReportError):
        return problem.message
    return f"cannot be read ({problem.strerror if isinstance(problem, OSError) and problem.strerror else problem})"


def _span(lines: AccessLines, network: NetworkRows) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return the earliest and the latest time as (Unix ns, offset in s); None where there is none."""
    times = [
        (int(wall_ns[n]), int(offset_s[n]))
        for wall_ns, offset_s in (
            (lines.wall_ns, lines.offset_s),
            (network.columns["last_ns"], network.columns["last_offset_s"]),
        )
        if len(wall_ns)
        for n in (wall_ns.argmin(), wall_ns.argmax())
    ]
    return (min(times), max(times)) if times else (None, None)
