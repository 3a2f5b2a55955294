"""A store: which files it has, which of them count, and how one run comes in.

One run is one set of files under ``TABLE/app=NAME/``, and its file in ``runs`` is written last: what has none there does not count.
So a run comes in without reading the others, two writers do not meet, and what a killed writer left is not seen.
``added/`` has a small file for each run, by its hash, which says what is known of it, ``sessions/`` one for each session, ``packs/`` one
for each compacted set, and ``gone/`` one for each run that no longer counts.

The name of a run's files is ``RUN-GENERATION-REPORT.parquet``. A session that is added again with another report is the next
generation, and the highest counts.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from lightleak.errors import FileError
from lightleak.fleet.manifest import EVERYTHING, RunSelection
from lightleak.fleet.objects import StoreObjects, missing_extra
from lightleak.fleet.partition import folder_of
from lightleak.fleet.rows import AppRows
from lightleak.fleet.schema import FORMAT, FORMAT_VERSION, TABLES, arrow_schema

MARKER = "lightleak-fleet.json"
_NAME = re.compile(r"(?P<run>[A-Za-z0-9_-]+?)-(?P<generation>\d{6})-(?P<report>[0-9a-z]{16})")
_NO_REPORT = "0" * 16


class _Marker(msgspec.Struct):
    format: str
    version: int


class AddedRun(msgspec.Struct):
    """What a store knows of one run: the content of its file in ``added/``."""

    run: str
    generation: int
    report: str | None
    """The hash of the report; None where there was none."""
    status: str
    apps: list[str | None]
    problem: str | None = None
    selection: RunSelection = EVERYTHING
    """Of which apps it has rows, and with which labels."""


class SessionState(msgspec.Struct, frozen=True):
    """Which state of a session is in the store: a recording that goes on has another head hash later."""

    run: str
    events: int


class Pack(msgspec.Struct):
    """A compacted set: the content of its file in ``packs/``."""

    folder: str
    names: list[str]
    """The runs in it, as their files were called."""
    tables: list[str]
    replaces: list[str] = []
    """The sets that are in this one."""


class Plan(NamedTuple):
    """What is to be written for one run."""

    files: list[tuple[str, bytes]]
    record: AddedRun
    before: AddedRun | None
    """What is removed then."""
    kept: set[str]
    """The folders in which nothing is removed: their files were replaced."""


class RunName(NamedTuple):
    """The name of a run's files."""

    run: str
    generation: int
    report: str

    def __str__(self) -> str:
        return f"{self.run}-{self.generation:06d}-{self.report}"


@dataclass(slots=True)
class Listing:
    """The files of a store that count, by table, as the store's names; and what of the packs does not."""

    files: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in TABLES})
    packed: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in TABLES})
    superseded: dict[str, list[str]] = field(default_factory=dict)
    """Folder → the runs of its packs that a later file replaces."""
    replaced: list[str] = field(default_factory=list)
    """Files that no longer count: of what was compacted, and of earlier reports."""
    unfinished: list[str] = field(default_factory=list)
    """Files that do not count yet: of a writer that works, or was killed."""


class FleetStore:
    """One store, in a folder or at an URL."""

    def __init__(self, objects: StoreObjects) -> None:
        self.objects = objects

    @classmethod
    def open(cls, place: str) -> FleetStore:
        """Open a store. Raises: FileError when it is none, or of another version."""
        objects = StoreObjects(place)
        marker = objects.get(MARKER)
        if marker is None:
            raise FileError(
                f"{objects.place} is not a store of lightleak fleet", hint="make one with lightleak fleet add"
            )
        _ensure_readable(marker, objects.place)
        return cls(objects)

    @classmethod
    def create(cls, place: str) -> FleetStore:
        """Open a store, and make it where nothing is. Raises: FileError when something else is there."""
        objects = StoreObjects(place)
        marker = objects.get(MARKER)
        if marker is None:
            if objects.names():
                raise FileError(
                    f"{objects.place} has files and is not a store of lightleak fleet",
                    hint="name a new or empty folder",
                )
            objects.put(MARKER, msgspec.json.encode(_Marker(FORMAT, FORMAT_VERSION)))
        else:
            _ensure_readable(marker, objects.place)
        return cls(objects)

    # One run ----------------------------------------------------------------------------------------------------------

    def added(self, run: str) -> AddedRun | None:
        """Return what is known of a run, None where it was never added. Reads one small file. Raises: FileError."""
        content = self.objects.get(_added_name(run))
        try:
            return None if content is None else msgspec.json.decode(content, type=AddedRun)
        except msgspec.DecodeError:
            return None  # then it is added again, which changes nothing

    def plan(
        self,
        run: str,
        report: str | None,
        status: str,
        apps: Iterable[AppRows],
        *,
        problem: str | None = None,
        selection: RunSelection = EVERYTHING,
    ) -> Plan:
        """Return what is to be written for one run; what was there of it before is replaced. Raises: FileError."""
        before = self.added(run)
        is_same = before is not None and (before.report, before.status, before.selection) == (report, status, selection)
        generation = 1 if before is None else before.generation + (0 if is_same else 1)
        name = RunName(run, generation, report[:16] if report else _NO_REPORT)
        written: list[str | None] = []
        files: list[tuple[str, bytes]] = []
        for rows in apps:
            folder = folder_of(rows.app)
            for table in (*(table for table in TABLES if table != "runs"), "runs"):
                columns = rows.tables.get(table)
                if columns and next(iter(columns.values())):
                    files.append((f"{table}/{folder}/{name}.parquet", parquet(table, columns, rows.app)))
            written.append(rows.app)
        record = AddedRun(run, generation, report, status, written, problem, selection)
        if before is None or (is_same and before.apps == written):
            return Plan(files, record, None, set())
        return Plan(files, record, before, {folder_of(app) for app in written} if is_same else set())

    def commit(self, plans: Sequence[Plan]) -> None:
        """Write the files of some runs, which are synced together. Raises: FileError."""
        self.objects.put_all([file for plan in plans for file in plan.files])
        for plan in plans:
            self.objects.put(_added_name(plan.record.run), msgspec.json.encode(plan.record), is_hint=True)
            self.objects.remove(_gone_name(plan.record.run))
            if plan.before is not None:
                self._remove(plan.before, plan.kept)

    def forget(self, run: str) -> None:
        """Remove a run: one that could not be read, and now can, or an earlier state of a session. Raises: FileError."""
        before = self.added(run)
        if before is not None:
            # It can be in a compacted set, which is not written again for it.
            self.objects.put(_gone_name(run), b"{}")
            self._remove(before, set())
            self.objects.remove(_added_name(run))

    def newest_of(self, session: str) -> SessionState | None:
        """Return which state of a session the store has; None where it has none. Raises: FileError."""
        content = self.objects.get(_session_name(session))
        try:
            return None if content is None else msgspec.json.decode(content, type=SessionState)
        except msgspec.DecodeError:
            return None

    def set_newest(self, session: str, state: SessionState) -> None:
        """Make a run the one of its session: an earlier state of it no longer counts. Raises: FileError."""
        before = self.newest_of(session)
        if before is not None and before.run != state.run:
            self.forget(before.run)
        if before != state:
            self.objects.put(_session_name(session), msgspec.json.encode(state), is_hint=True)

    def _remove(self, before: AddedRun, kept: set[str]) -> None:
        """Remove the files of an earlier generation, ``runs`` first: what is left then does not count."""
        name = RunName(before.run, before.generation, before.report[:16] if before.report else _NO_REPORT)
        for app in before.apps:
            if (folder := folder_of(app)) not in kept:
                for table in TABLES:
                    self.objects.remove(f"{table}/{folder}/{name}.parquet")

    # All runs ---------------------------------------------------------------------------------------------------------

    def packs(self) -> dict[str, Pack]:
        """Return the compacted sets that count, by their name. Raises: FileError."""
        found = {}
        for name in self.objects.names("packs"):
            content = self.objects.get(name)
            if content is not None:
                found[name.rpartition("/")[2].removesuffix(".json")] = msgspec.json.decode(content, type=Pack)
        replaced = {name for pack in found.values() for name in pack.replaces}
        return {name: pack for name, pack in found.items() if name not in replaced}

    def listing(self) -> Listing:
        """Return the files that count. Only names are read, and the small files of packs. Raises: FileError."""
        names = {table: self.objects.names(table) for table in TABLES}
        packs = self.packs()
        gone = {name.rpartition("/")[2].removesuffix(".json") for name in self.objects.names("gone")}
        in_packs = {(pack.folder, name) for pack in packs.values() for name in pack.names}
        newest: dict[tuple[str, str], RunName] = {}
        for folder, name in (*in_packs, *map(_split, names["runs"])):
            parsed = parse_name(name)
            if parsed is not None:
                key = folder, parsed.run
                newest[key] = max(newest.get(key, parsed), parsed)
        found = Listing()
        for table, paths in names.items():
            for path in paths:
                folder, name = _split(path)
                parsed = parse_name(name)
                if name in packs:
                    found.packed[table].append(path)
                elif parsed is None or (folder, parsed.run) not in newest or parsed > newest[folder, parsed.run]:
                    found.unfinished.append(path)
                elif newest[folder, parsed.run] != parsed or (folder, name) in in_packs or parsed.run in gone:
                    found.replaced.append(path)
                else:
                    found.files[table].append(path)
        for folder, name in sorted(in_packs):
            parsed = parse_name(name)
            if parsed is not None and (newest[folder, parsed.run] != parsed or parsed.run in gone):
                found.superseded.setdefault(folder, []).append(parsed.run)
        return found


def parse_name(name: str) -> RunName | None:
    """Return the parts of the name of a run's files; None for another name."""
    match = _NAME.fullmatch(name)
    return None if match is None else RunName(match["run"], int(match["generation"]), match["report"])


def parquet(table: str, columns: dict[str, list[Any]], app: str | None) -> bytes:
    """Return the rows of one table as a Parquet file. Its metadata has the app's whole name. Raises: FileError without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as problem:
        raise missing_extra("pyarrow") from problem
    further = tuple(name for name in columns if name not in TABLES[table])
    schema = arrow_schema(table, further).with_metadata(app_metadata(app))
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    file = io.BytesIO()
    # A few hundred rows: dictionaries and statistics cost more than they give. Compaction adds both.
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=schema),
        file,
        compression="snappy",
        use_dictionary=False,
        write_statistics=False,
    )
    return file.getvalue()


def app_metadata(app: str | None) -> dict[bytes, bytes]:
    """Return the metadata of an app's files."""
    return {} if app is None else {b"lightleak.app": app.encode(errors="backslashreplace")}


def _split(path: str) -> tuple[str, str]:
    """Return the folder of the app and the name of a file, without its ending."""
    parent, _, name = path.rpartition("/")
    return parent.rpartition("/")[2], name.removesuffix(".parquet")


def _added_name(run: str) -> str:
    return f"added/{run[:2]}/{run}.json"


def _gone_name(run: str) -> str:
    return f"gone/{run}.json"


def _session_name(session: str) -> str:
    # The name comes from a file.
    return f"sessions/{hashlib.sha256(session.encode(errors='backslashreplace')).hexdigest()}.json"


def _ensure_readable(marker: bytes, place: str) -> None:
    try:
        found = msgspec.json.decode(marker, type=_Marker)
    except msgspec.DecodeError as problem:
        raise FileError(
            f"{place} is not a store of lightleak fleet", hint="its file " + MARKER + " is damaged"
        ) from problem
    if found.format != FORMAT:
        raise FileError(f"{place} is not a store of lightleak fleet", hint="name another folder")
    if found.version != FORMAT_VERSION:
        raise FileError(
            f"the store {place} has version {found.version}, and this lightleak reads version {FORMAT_VERSION}",
            hint="use the lightleak that wrote it, or add the sessions to a new store",
        )
