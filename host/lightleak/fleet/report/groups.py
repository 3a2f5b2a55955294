"""The counts of a store, summed over the runs that saw the same: what the report pools is made of these.

Separate because it is the SQL, and ``build`` is what is made of its rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from lightleak.events import TRIGGERS
from lightleak.fleet.query import FleetDatabase
from lightleak.fleet.report.figures import CLAIM_PARTS, FIGURES, READ_DEPTHS

By = Literal["app", "version", "os", "condition"]

_DEPTHS = ", ".join(f"'{depth}'" for depth in READ_DEPTHS)
_BACKGROUND = "state = 'background'"
_READ = f"{_BACKGROUND} AND depth IN ({_DEPTHS})"
_CELLS = [(trigger, depth) for trigger in TRIGGERS for depth in READ_DEPTHS]

_CLAIMED = f"watched AND {_BACKGROUND} AND cause <> 'picker'"
_SUMS = {
    "background_reads": "a.background_reads",
    "uploads": "a.uploads",
    "places_read": "r.places_read",
    "notifications": "o.notifications",
    "entries": "e.entries",
    "unexplained": "e.unexplained",
    **{part: f"e.{part}" for part in CLAIM_PARTS},
    **{f"reads_{trigger}_{depth}": f"a.reads_{trigger}_{depth}" for trigger, depth in _CELLS},
    "cpu_ms": "o.cpu_ms",
    "cpu_s": "CASE WHEN o.run IS NULL OR o.cpu_ms IS NOT NULL THEN r.covered_s END",
    "bytes": "o.bytes",
    "bytes_s": "CASE WHEN o.run IS NULL OR o.bytes IS NOT NULL THEN r.covered_s END",
}
"""Name → what is summed over the runs of a group."""

_COVERED, _BACKGROUND_S = (
    f"coalesce(sum(CAST(r.{name} AS DECIMAL(18, 3))), 0)" for name in ("covered_s", "background_s")
)
"""Seconds have three decimals: summed as such they are the same in every order, and so is an hour that is rounded from them."""


def _same(other: str) -> str:
    """Return the condition that a row is of the same app and run. The app can be unknown, which ``=`` finds equal to nothing."""
    return f"r.app IS NOT DISTINCT FROM {other}.app AND r.run = {other}.run"


def _sql(by: By) -> str:
    value = "NULL::VARCHAR" if by == "app" else f'r."{by}"'
    reads = ", ".join(
        f"sum(count) FILTER ({_BACKGROUND} AND depth = '{depth}' AND trigger = '{trigger}') AS reads_{trigger}_{depth}"
        for trigger, depth in _CELLS
    )
    sums = ", ".join(f"coalesce(sum({what}), 0) AS {name}" for name, what in _SUMS.items())
    return f"""
    WITH a AS (
      SELECT app, run, sum(count) FILTER ({_READ}) AS background_reads, sum(count) FILTER (depth = 'upload') AS uploads, {reads}
      FROM acts GROUP BY app, run
    ), e AS (
      SELECT app, run,
        count(*) FILTER (watched) AS entries,
        count(*) FILTER (watched AND cause = 'unexplained') AS unexplained,
        count(*) FILTER ({_CLAIMED}) AS claim_entries,
        count(*) FILTER ({_CLAIMED} AND cause = 'open') AS opens,
        count(*) FILTER ({_CLAIMED} AND cause <> 'open' AND trigger = 'change' AND trigger_by = 'link') AS fits_by_link,
        count(*) FILTER ({_CLAIMED} AND cause <> 'open' AND trigger = 'change' AND trigger_by <> 'link') AS fits_by_time,
        count(*) FILTER ({_CLAIMED} AND cause <> 'open' AND (trigger IS NULL OR trigger = 'unknown')) AS undecided,
        count(*) FILTER ({_CLAIMED} AND cause <> 'open' AND trigger NOT IN ('change', 'unknown')) AS contradicts
      FROM entries GROUP BY app, run
    ), o AS (
      SELECT app, run, sum(notifications) AS notifications,
        CASE WHEN count(cpu_ms) = count(*) THEN sum(cpu_ms) END AS cpu_ms,
        CASE WHEN count(bytes) = count(*) THEN sum(bytes) END AS bytes
      FROM observers GROUP BY app, run
    )
    SELECT r.app, {value} AS value, CAST(to_json(r.unseen) AS VARCHAR) AS unseen, count(*) AS runs,
      {_COVERED} AS covered_s, {_BACKGROUND_S} AS background_s, {sums}
    FROM runs r LEFT JOIN a ON {_same("a")} LEFT JOIN e ON {_same("e")} LEFT JOIN o ON {_same("o")}
    WHERE r.status = 'ok' GROUP BY ALL ORDER BY ALL
    """  # noqa: S608  all names are ours


@dataclass(frozen=True, slots=True)
class RunGroup:
    """The runs of one app and one value that saw the same."""

    app: str | None
    value: str | None
    """The version, system or condition; None where it is not known, and for ``--by app``."""
    unseen: frozenset[tuple[str, str]]
    """Need and reason of what was not seen."""
    runs: int
    sums: dict[str, float]

    def missing(self, needs: tuple[str, ...]) -> frozenset[str]:
        """Return why these runs did not see all that some needs ask for."""
        return frozenset(reason for need, reason in self.unseen if need in needs)


def groups_of(database: FleetDatabase, by: By) -> list[RunGroup]:
    """Return the groups of a store, by app and value. Raises: UsageError when a file of the store cannot be read."""
    found = database.rows(_sql(by))
    return [_group(dict(zip(found.names, row, strict=True))) for row in found.rows]


def _group(row: dict[str, Any]) -> RunGroup:
    unseen = json.loads(row["unseen"] or "null") or []
    names = ("covered_s", "background_s", *_SUMS)
    return RunGroup(
        row["app"],
        row["value"],
        frozenset((one["need"], one["reason"]) for one in unseen),
        row["runs"],
        {name: float(row[name]) for name in names},
    )


_IMAGES = f"""
SELECT image, count(DISTINCT app) AS apps, list(DISTINCT app ORDER BY app)[:20] AS named, CAST(sum(count) AS BIGINT) AS acts,
  CAST(coalesce(sum(count) FILTER ({_READ}), 0) AS BIGINT) AS background_reads,
  CAST(coalesce(sum(count) FILTER (depth = 'data'), 0) AS BIGINT) AS data_reads,
  CAST(coalesce(sum(count) FILTER (depth = 'upload'), 0) AS BIGINT) AS uploads
FROM acts WHERE image IS NOT NULL GROUP BY image ORDER BY apps DESC, background_reads DESC, acts DESC, image LIMIT 100
"""  # noqa: S608


def images_of(database: FleetDatabase) -> list[dict[str, Any]]:
    """Return what each caller's image did across apps: the 100 that are in most apps."""
    found = database.rows(_IMAGES)
    return [dict(zip(found.names, row, strict=True)) for row in found.rows]


assert {figure.name for figure in FIGURES} <= _SUMS.keys()
