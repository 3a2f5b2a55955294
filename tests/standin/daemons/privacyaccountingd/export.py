"""Write the report that a person exports: file version 4, generation G3c.

Source: 25 real exports of iOS 18 and 26: access lines with sorted keys in the order of the store, then network lines;
three digits of milliseconds and the offset of the device's zone at export, `Z` on UTC.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from .store import Record

_KINDS = {1: "event", 2: "intervalBegin", 3: "intervalEnd"}


def stamp(wall_ns: int, zone: tzinfo) -> str:
    """Render a time as NSISO8601DateFormatter does with internet date-time and fractional seconds."""
    text = (
        datetime.fromtimestamp(wall_ns // 1_000_000 / 1000, tz=UTC).astimezone(zone).isoformat(timespec="milliseconds")
    )
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def access_line(record: Record, zone: tzinfo) -> str:
    """Render one begin or end."""
    line: dict[str, Any] = {
        "accessCount": 0,
        "accessor": {"identifier": record.accessor, "identifierType": "bundleID"},
        "category": record.category,
        "identifier": record.identifier,
        "kind": _KINDS[record.kind],
        "timeStamp": stamp(record.wall_ns, zone),
        "type": "access",
    }
    if record.out_of_process:
        line["outOfProcess"] = True
    return _json(dict(sorted(line.items())))


def network_line(row: dict[str, Any], zone: tzinfo) -> str:
    """Render one row of network activity; keys unsorted, as in real files."""
    line = {
        "domain": row["domain"],
        "firstTimeStamp": stamp(row["first_ns"], zone),
        "context": "",
        "timeStamp": stamp(row["last_ns"], zone),
        "domainType": row.get("domain_type", 2),
        "initiatedType": "AppInitiated",
        "hits": row["hits"],
        "type": "networkActivity",
        "domainOwner": "",
        "bundleID": row["bundle"],
        "contextVerificationType": 0,
        "domainClassification": 1,
    }
    return _json(line)


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")


def export(folder: Path, records: list[Record], network: list[dict[str, Any]], zone: tzinfo) -> Path:
    """Write the report into the folder under Apple's name; return its path."""
    now = datetime.now(tz=zone)
    path = folder / f"App_Privacy_Report_v4_{now:%Y-%m-%dT%H_%M_%S}.ndjson"
    lines = [access_line(record, zone) for record in records if record.category != "unknown"]
    lines += [network_line(row, zone) for row in network]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path
