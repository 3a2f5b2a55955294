"""What is in a store, in figures.

Separate because it asks the tables and the files, and the command only shows it.
"""

from __future__ import annotations

from typing import Any

from lightleak.fleet.query import FleetDatabase
from lightleak.fleet.schema import FORMAT_VERSION, PARTITION, TABLES

_MOST_PROBLEMS = 1_000

_APPS = """
SELECT app, count(*) AS runs, count(*) FILTER (status = 'failed') AS failed, count(DISTINCT version) AS versions,
       coalesce(sum(CAST(covered_s AS DECIMAL(18, 3))), 0)::DOUBLE / 3600 AS hours, coalesce(sum(lost), 0) AS lost, coalesce(sum(gaps), 0) AS gaps
FROM runs GROUP BY app ORDER BY app NULLS LAST
"""
_ENTRIES = "SELECT app, count(*) FROM entries GROUP BY app"
_ACTS = "SELECT app, sum(count) FROM acts GROUP BY app"
_FAILED = f"""
SELECT app, run, problem FROM runs WHERE status = 'failed' ORDER BY app NULLS LAST, run LIMIT {_MOST_PROBLEMS}
"""  # noqa: S608


def status_of(database: FleetDatabase) -> dict[str, Any]:
    """Return how many runs, hours, entries and acts of each app a store has, and why runs failed."""
    listing = database.store.listing()
    entries, acts = (dict(database.rows(sql).rows) for sql in (_ENTRIES, _ACTS))
    names = ("app", "runs", "failed", "versions", "covered_hours", "lost", "gaps")
    apps = [dict(zip(names, row, strict=True)) for row in database.rows(_APPS).rows]
    for app in apps:
        app["covered_hours"] = round(app["covered_hours"], 4)
        app["lost"], app["gaps"] = int(app["lost"]), int(app["gaps"])
        app |= {"entries": int(entries.get(app["app"], 0)), "acts": int(acts.get(app["app"], 0))}
    failed = [dict(zip(("app", "run", "problem"), row, strict=True)) for row in database.rows(_FAILED).rows]
    return {
        "version": 1,
        "store": database.store.objects.name,
        "format": FORMAT_VERSION,
        "runs": sum(app["runs"] for app in apps),
        "failed": sum(app["failed"] for app in apps),
        "covered_hours": round(sum(app["covered_hours"] for app in apps), 4),
        "files": {table: len(listing.files[table]) + len(listing.packed[table]) for table in TABLES},
        "replaced_files": len(listing.replaced),
        "unfinished_files": len(listing.unfinished),
        "apps": apps,
        "problems": failed,
        "tables": {table: [PARTITION, *columns] for table, columns in TABLES.items()},
    }
