"""SQL over a store, with DuckDB that can read the store's files and do nothing else.

A statement must be a query: one that writes, loads, attaches or sets is refused before it runs. DuckDB itself is locked, too:
no file outside the store, no extension, no change of its settings. So a function that reads files can read those of the store only.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, NamedTuple, TypeVar

from lightleak.errors import FileError, UsageError
from lightleak.fleet.objects import missing_extra
from lightleak.fleet.partition import app_of_folder, folder_of, is_shortened
from lightleak.fleet.schema import DUCKDB_TYPES, PARTITION, TABLES
from lightleak.fleet.store import FleetStore, Listing

_MEMORY = "700MB"
"""Queries that need more spill to disk: the whole program stays below 1 GB."""

_PIVOTS = ("pivot", "from", "with")
"""How a query begins that DuckDB makes several statements of: those of a pivot."""


_FILE = "lightleak_file"

_Result = TypeVar("_Result")


class QueryResult(NamedTuple):
    """What a query results in."""

    names: list[str]
    """Of the columns."""
    types: list[str]
    rows: Iterator[tuple[Any, ...]]
    """They are read as they are asked for."""


class FleetDatabase:
    """The tables of a store in DuckDB, as views."""

    def __init__(self, store: FleetStore) -> None:
        """Register the tables. Raises: FileError without DuckDB, or when a file of the store cannot be read."""
        try:
            import duckdb
        except ImportError as problem:
            raise missing_extra("duckdb") from problem
        self._duckdb = duckdb
        self.store = store
        self.connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self._thread = ThreadPoolExecutor(1, "lightleak-query")
        self._spill = tempfile.TemporaryDirectory(prefix="lightleak-fleet-")
        if store.objects.is_url:
            self.connection.register_filesystem(store.objects.filesystem)
        listing = store.listing()
        for table in TABLES:
            self.connection.execute(f"CREATE VIEW {table} AS {_view(store, listing, table)}")
        self._lock()

    def _lock(self) -> None:
        place = self.store.objects.path()
        places = ", ".join(_quoted(f"{each}/") for each in sorted({place, self.store.objects.pattern()}))
        for setting in (
            "autoload_known_extensions = false",
            "python_enable_replacements = false",
            f"memory_limit = '{_MEMORY}'",
            f"temp_directory = {_quoted(self._spill.name)}",
            f"allowed_directories = [{places}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self.connection.execute(f"SET {setting}")

    def relation(self, sql: str) -> Any:
        """Return the relation of a query. Raises: UsageError for SQL that is wrong, or is no query."""
        self._ensure_query(sql)
        try:
            return self.connection.sql(sql)
        except self._duckdb.Error as problem:
            raise _refused(problem) from problem

    def rows(self, sql: str) -> QueryResult:
        """Return what a query results in. Raises: UsageError for SQL that is wrong, or is no query."""
        self._ensure_query(sql)
        try:
            self._interruptible(lambda: self.connection.execute(sql))
        except self._duckdb.Error as problem:
            raise _refused(problem) from problem
        description = self.connection.description or []
        return QueryResult(
            [column[0] for column in description], [str(column[1]) for column in description], self._fetch()
        )

    def _fetch(self) -> Iterator[tuple[Any, ...]]:
        while True:
            try:
                rows = self._interruptible(lambda: self.connection.fetchmany(2_000))
            except self._duckdb.Error as problem:
                raise _refused(problem) from problem
            if not rows:
                return
            yield from rows

    def _interruptible(self, work: Callable[[], _Result]) -> _Result:
        """Do work of DuckDB in the thread of this database: Python handles Ctrl-C only between two steps of its main thread."""
        working = self._thread.submit(work)
        try:
            return working.result()
        except KeyboardInterrupt:
            self.connection.interrupt()
            wait([working])
            raise

    def close(self) -> None:
        """Free what the database holds."""
        self._thread.shutdown()
        self.connection.close()
        with contextlib.suppress(OSError):
            self._spill.cleanup()

    def _ensure_query(self, sql: str) -> None:
        try:
            statements = self.connection.extract_statements(sql)
        except self._duckdb.Error as problem:
            raise _refused(problem) from problem
        if len(statements) != 1:
            raise UsageError(
                f"fleet query takes one statement (got {len(statements)})", hint="give each its own fleet query"
            )
        kind = _kind(statements[0])
        is_query = kind == "SELECT" or (kind == "MULTI" and sql.lstrip().lower().startswith(_PIVOTS))
        # EXPLAIN ANALYZE runs what it explains, which can be a COPY.
        is_query |= kind == "EXPLAIN" and "analy" not in sql.lower()
        if not is_query:
            raise UsageError(
                f"fleet query only reads, and this is {kind.replace('_', ' ')}",
                hint="write a SELECT over the store's tables",
            )


def _kind(statement: Any) -> str:
    """Return which kind of statement it is. Those that DuckDB's Python does not know have a number only."""
    try:
        return str(statement.type.name)
    except ValueError:
        return "no SELECT"


def _refused(problem: Exception) -> UsageError:
    """Return what DuckDB says as one sentence: the first line, without its kind."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    text = lines[0] if lines else type(problem).__name__
    if "operations are disabled" in text or "disabled through configuration" in text or "stored_secrets" in text:
        return UsageError("fleet query reads the store only, and this SQL reads or writes something else",
                          hint="use the tables runs, entries, acts, observers and problems")  # fmt: skip
    return UsageError(
        f"the SQL cannot be run ({text.partition(': ')[2] or text})", hint="fleet status lists the tables and columns"
    )


def _view(store: FleetStore, listing: Listing, table: str) -> str:
    """Return the query that is one table: its loose files and its packs, without what a later file replaces."""
    parts = []
    if listing.files[table]:
        parts.append(_read(store, listing.files[table], table))
    for path in listing.packed[table]:
        folder = path.split("/")[1]
        gone = listing.superseded.get(folder, [])
        where = f" WHERE run NOT IN ({', '.join(map(_quoted, gone))})" if gone else ""
        if where:
            parts.append(_read(store, [path], table) + where)
    whole = [path for path in listing.packed[table] if path.split("/")[1] not in listing.superseded]
    if whole:
        parts.append(_read(store, whole, table))
    if not parts:
        columns = [f"NULL::{DUCKDB_TYPES[kind]} AS {_identifier(name)}" for name, kind in TABLES[table].items()]
        return f"SELECT NULL::VARCHAR AS {PARTITION}, {', '.join(columns)} WHERE false"
    return " UNION ALL BY NAME ".join(parts)


def _read(store: FleetStore, files: list[str], table: str) -> str:
    paths = ", ".join(_quoted(store.objects.pattern(name)) for name in files)
    # Only ``runs`` has columns of a manifest, which differ from file to file.
    by_name = "true" if table == "runs" else "false"
    source, hidden = PARTITION, PARTITION
    options = f"hive_partitioning = true, hive_types = {{'{PARTITION}': VARCHAR}}, union_by_name = {by_name}"
    if "=" in store.objects.path():
        # DuckDB would read the folders above the store as columns, too, and an ``app=`` there before those of the store.
        folder, hidden = f"parse_path({_FILE})[-2]", _FILE
        source = (
            f"CASE WHEN {folder} <> {_quoted(folder_of(None))} THEN url_decode({folder}[{len(PARTITION) + 2}:]) END"
        )
        options = f"hive_partitioning = false, filename = '{_FILE}', union_by_name = {by_name}"
    app = _app_column(store, {name.split("/")[1]: name for name in files}, source)
    return f"SELECT {app} AS {PARTITION}, * EXCLUDE ({hidden}) FROM read_parquet([{paths}], {options})"  # noqa: S608  all is quoted


def _app_column(store: FleetStore, folders: dict[str, str], source: str) -> str:
    """Return what the app is: what the folder's name says, and the whole name where the folder has only a part."""
    whole = {folder: _whole_name(store, path) for folder, path in folders.items() if is_shortened(folder)}
    if not whole:
        return source
    cases = " ".join(
        f"WHEN {_quoted(app_of_folder(folder) or '')} THEN {_quoted(app)}" for folder, app in sorted(whole.items())
    )
    return f"CASE {source} {cases} ELSE {source} END"


def _whole_name(store: FleetStore, path: str) -> str:
    """Return the app of a file by its metadata. Raises: FileError."""
    import io

    import pyarrow.parquet as pq

    content = store.objects.get(path)
    if content is None:
        raise FileError(f"{os.path.basename(path)} is gone from the store", hint="ask again")  # noqa: PTH119
    metadata = pq.read_schema(io.BytesIO(content)).metadata or {}
    return bytes(metadata.get(b"lightleak.app", b"")).decode(errors="replace")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
