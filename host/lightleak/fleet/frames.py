"""The tables of a store for Python: DuckDB relations, and pandas, polars or Dask frames.

Separate because the command line needs the database only.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from lightleak.errors import UsageError
from lightleak.fleet.objects import missing_extra
from lightleak.fleet.query import FleetDatabase
from lightleak.fleet.schema import PARTITION, TABLES


class FleetTable:
    """One table. What it does not have itself, its DuckDB relation has: ``filter``, ``aggregate``, ``df``, ``pl``, …"""

    def __init__(self, database: FleetDatabase, name: str) -> None:
        self._database = database
        self.name = name

    @property
    def relation(self) -> Any:
        """The table as a DuckDB relation, which is read when something asks for its rows."""
        return self._database.relation(f"SELECT * FROM {self.name}")  # noqa: S608  a name of ``TABLES``

    def to_pandas(self) -> Any:
        """Return the rows as a pandas.DataFrame. Raises: FileError when pandas is missing."""
        return _needing("pandas", self.relation.df)

    def to_polars(self) -> Any:
        """Return the rows as a polars.DataFrame. Raises: FileError when polars is missing."""
        return _needing("polars", self.relation.pl)

    def to_dask(self) -> Any:
        """Return the rows as a Dask data frame of pandas frames, a partition for each app.

        Each partition is read by the worker that needs it. Raises: FileError when dask or pandas is missing.
        """
        try:
            import dask.dataframe as dd
        except ImportError as problem:
            raise missing_extra("dask[dataframe]") from problem
        place, relation = self._database.store.objects.place, self.relation
        meta = relation.limit(0).df()
        apps = [row[0] for row in relation.project(PARTITION).distinct().order(PARTITION).fetchall()]
        if not apps:
            return dd.from_pandas(meta, npartitions=1)
        return dd.from_map(read_partition, apps, place=place, table=self.name, meta=meta)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.relation, name)

    def __repr__(self) -> str:
        return f"<table {self.name} of {self._database.store.objects.place}>"


class Fleet:
    """A store that is open: its tables, and SQL over them."""

    def __init__(self, database: FleetDatabase) -> None:
        self._database = database
        self.runs = FleetTable(database, "runs")
        self.entries = FleetTable(database, "entries")
        self.acts = FleetTable(database, "acts")
        self.observers = FleetTable(database, "observers")
        self.problems = FleetTable(database, "problems")

    def query(self, sql: str) -> Any:
        """Return a query as a DuckDB relation: as ``fleet query``. Raises: UsageError for SQL that is wrong or is no query."""
        return self._database.relation(sql)

    def table(self, name: str) -> FleetTable:
        """Return a table by its name. Raises: UsageError when there is none."""
        if name not in TABLES:
            raise UsageError(f"a store has no table {name!r:.40}", hint=f"its tables are {', '.join(TABLES)}")
        found = getattr(self, name)
        assert isinstance(found, FleetTable)
        return found

    def close(self) -> None:
        """Close the store. Its relations can then no longer be read."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Fleet {self._database.store.objects.place}>"


def read_partition(app: str | None, *, place: str, table: str) -> Any:
    """Return one app's rows of a table as a pandas.DataFrame. Raises: FileError."""
    from lightleak.fleet.store import FleetStore

    database = FleetDatabase(FleetStore.open(place))
    try:
        is_app = "IS NULL" if app is None else "= " + "'" + app.replace("'", "''") + "'"
        return database.relation(f"SELECT * FROM {table} WHERE {PARTITION} {is_app}").df()  # noqa: S608
    finally:
        database.close()


def _needing(package: str, read: Any) -> Any:
    try:
        return read()
    except ImportError as problem:
        raise missing_extra(package) from problem
