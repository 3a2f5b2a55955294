"""Write reports as each iOS does, from entries that are known: the other half of a round trip."""

from __future__ import annotations

import json
import uuid
from typing import Any, NamedTuple

from hypothesis import strategies as st

from lightleak.report import format_time

GENERATIONS = ("G1", "G2", "G3", "G3b", "G3c")
SERVICES = {
    "photos": "kTCCServicePhotos",
    "contacts": "kTCCServiceAddressBook",
    "camera": "kTCCServiceCamera",
    "microphone": "kTCCServiceMicrophone",
    "mediaLibrary": "kTCCServiceMediaLibrary",
}
TEAM = "5Q4J53EFRC."
"""What a report can write before an app, which is the same app."""
STREAM = "com.apple.privacy.accounting.stream"


class Truth(NamedTuple):
    """An entry as it is meant."""

    identifier: str
    app: str
    category: str
    begin_ms: int | None
    end_ms: int | None
    offset_s: int = 7200
    out_of_process: bool = False
    broadcaster: str | None = None


def truths(**fixed: Any) -> st.SearchStrategy[list[Truth]]:
    """Draw entries with identifiers of their own."""
    time = st.integers(1_600_000_000_000, 1_600_000_600_000)
    fields = {
        "identifier": st.uuids(version=4).map(lambda u: str(u).upper()),
        "app": st.sampled_from(["com.example.a", "com.example.b", f"{TEAM}com.example.c"]),
        "category": st.sampled_from(sorted(SERVICES)),
        "begin_ms": time | st.none(),
        "end_ms": time | st.none(),
        "offset_s": st.sampled_from([7200, 3600, -12_600, 0]),
        "out_of_process": st.booleans(),
        "broadcaster": st.none(),
    } | fixed
    one = st.builds(Truth, **fields).filter(lambda t: t.begin_ms is not None or t.end_ms is not None)
    return st.lists(one, max_size=12, unique_by=lambda t: t.identifier)


def lines(truth: Truth, generation: str = "G3c") -> list[dict[str, Any]]:
    """Return the lines of one entry as objects."""
    halves = (("intervalBegin", truth.begin_ms), ("intervalEnd", truth.end_ms))
    return [half(truth, generation, kind, time_ms) for kind, time_ms in halves if time_ms is not None]


def half(truth: Truth, generation: str, kind: str, time_ms: int) -> dict[str, Any]:
    time = format_time(time_ms * 1_000_000, truth.offset_s)
    line: dict[str, Any] = {
        "accessor": {"identifier": truth.app, "identifierType": "bundleID"},
        "identifier": truth.identifier,
        "kind": kind,
    }
    if generation == "G1":
        return line | {
            "stream": f"{STREAM}.tcc",
            "tccService": SERVICES[truth.category],
            "timestamp": time,
            "version": 3,
        }
    line["category"] = truth.category
    if generation == "G2":
        return line | {"timestamp": time}
    line |= {"timeStamp": time, "type": "access"}
    if truth.out_of_process:
        line["outOfProcess"] = True
    if truth.broadcaster:
        line["broadcaster"] = {"identifier": truth.broadcaster, "identifierType": "bundleID"}
    return line | ({"accessCount": 0} if generation == "G3c" else {})


def network(generation: str = "G3c", **changes: Any) -> dict[str, Any]:
    """Return a network line."""
    row: dict[str, Any] = {
        "domain": "example.org",
        "firstTimeStamp": "2020-09-13T12:26:40.000Z",
        "context": "",
        "timeStamp": "2020-09-13T12:26:41.000Z",
        "domainType": 2,
        "initiatedType": "AppInitiated",
        "hits": 1,
        "domainOwner": "",
    }
    if generation == "G1":
        return row | {"effectiveUserId": 501, "hasApp.bundleName": "com.example.a"} | changes
    row["bundleID"] = "com.example.a"
    if generation in {"G3", "G3b", "G3c"}:
        row["type"] = "networkActivity"
    if generation in {"G3b", "G3c"}:
        row |= {"contextVerificationType": 0, "domainClassification": 1}
    return row | changes


def text(rows: list[dict[str, Any]]) -> str:
    """Write lines as an export has them."""
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def export(entries: list[Truth], generation: str = "G3c") -> str:
    """Write a whole export, with the markers that the betas had."""
    rows = [line for truth in entries for line in lines(truth, generation)]
    if generation in {"G1", "G2"}:
        rows.insert(0, {"version": 2 if generation == "G1" else 3, "recordType": "access", "_marker": "<metadata>"})
        rows.append({"_marker": "<end-of-section>"})
    return text(rows)


def identifier(number: int) -> str:
    """Return the identifier of this number."""
    return str(uuid.UUID(int=number)).upper()


def moment(number: int, begin_ms: int, duration_ms: int | None, **fields: Any) -> Truth:
    """Return a photos entry that begins so long after 2020-09-13T12:00:00Z."""
    begin = 1_599_998_400_000 + begin_ms
    end = None if duration_ms is None else begin + duration_ms
    values = {"app": "com.example.a", "category": "photos", "offset_s": 0} | fields
    return Truth(identifier(number), begin_ms=begin, end_ms=end, **values)
