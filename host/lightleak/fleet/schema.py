"""The tables of a store and their columns: contract section 7, and what comes on top of it.

``app`` is the partition: it is in the folder's name, and in no file.
"""

from __future__ import annotations

from functools import cache
from typing import Any

FORMAT = "lightleak-fleet"
FORMAT_VERSION = 1

PARTITION = "app"

OK, FAILED = "ok", "failed"
"""The words of ``runs.status``."""

TABLES: dict[str, dict[str, str]] = {
    "runs": {
        "run": "text",
        "version": "text",
        "os": "text",
        "device": "text",
        "condition": "text",
        "covered_s": "real",
        "foreground_s": "real",
        "background_s": "real",
        "events": "whole",
        "lost": "whole",
        "gaps": "whole",
        "probes_skipped": "whole",
        "status": "text",
        "problem": "text",
        "session": "text",
        "report": "text",
        "places_read": "whole",
        "unseen": "reasons",
    },
    "entries": {
        "identifier": "text",
        "run": "text",
        "begin_ns": "whole",
        "end_ns": "whole",
        "out_of_process": "yes-no",
        "cause": "word",
        "depth": "word",
        "trigger": "word",
        "trigger_by": "word",
        "match": "word",
        "state": "word",
        "flags": "list",
        "brief": "text",
        "watched": "yes-no",
    },
    "acts": {
        "run": "text",
        "hour": "hour",
        "depth": "word",
        "trigger": "word",
        "state": "word",
        "count": "whole",
        "bytes": "whole",
        "image": "text",
    },
    "observers": {"run": "text", "class": "text", "notifications": "whole", "cpu_ms": "real", "bytes": "whole"},
    "problems": {"run": "text", "about": "text", "problem": "text"},
}
"""Table → column → kind. ``reasons`` is a list of what was not seen: the need, and the reason as JSON."""

OWN_COLUMNS = frozenset(name for columns in TABLES.values() for name in columns) | {PARTITION}

DUCKDB_TYPES = {
    "text": "VARCHAR",
    "word": "VARCHAR",
    "whole": "BIGINT",
    "real": "DOUBLE",
    "yes-no": "BOOLEAN",
    "list": "VARCHAR[]",
    "hour": "TIMESTAMP",
    "reasons": "STRUCT(need VARCHAR, reason VARCHAR)[]",
}
"""Kind → the type that a table without a row has in SQL."""


@cache
def arrow_schema(table: str, further: tuple[str, ...] = ()) -> Any:
    """Return the pyarrow schema of a table's files. further: columns of text that the manifest has on top."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "word": pa.string(),
        "whole": pa.int64(),
        "real": pa.float64(),
        "yes-no": pa.bool_(),
        "list": pa.list_(pa.string()),
        "hour": pa.timestamp("ms"),
        "reasons": pa.list_(pa.struct([("need", pa.string()), ("reason", pa.string())])),
    }
    fields = [(name, types[kind]) for name, kind in TABLES[table].items()]
    return pa.schema([*fields, *((name, pa.string()) for name in further)])
