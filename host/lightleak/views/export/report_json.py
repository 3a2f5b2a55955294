"""What a report says on its own, for programs: JSON (contract, section 2) and CSV.

Separate because each format is a file.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from lightleak.report import Entry, NetworkRow, Report
from lightleak.report.network_coincidence import Coincidence, NetworkUse
from lightleak.report.reconcile import OneSided
from lightleak.report.silences import Hole
from lightleak.views.export.csv import cell

VERSION = 1

_CSV = (
    *("identifier", "app", "category", "begin", "end", "duration_s", "out_of_process", "broadcaster", "flags"),
    *("begin_line", "end_line", "file", "end_file"),
)


def render(report: Report) -> bytes:
    """Return the report as JSON, version 1; the same report gives the same bytes."""
    reconciliation = report.reconciliation()
    whole = {
        "version": VERSION,
        "files": report.files,
        "first": report.first,
        "last": report.last,
        "entries": [_entry(entry) for entry in report.entries],
        "network": [_network(row) for row in report.network],
        "problems": [{"file": p.file, "line": p.line, "problem": p.problem} for p in report.problems],
        "accessors": report.accessors,
        "summary": report.summary(),
        "holes": [_hole(hole) for hole in report.holes()],
        "deleted": [{"time": d.time, "category": d.category, "stream": d.stream} for d in report.deleted],
        "tombstones": [{"time": t.time, "segment": t.segment, "process": t.process} for t in report.tombstones],
        "unknown": {"keys": _counts(report.unknown.keys), "kinds": _counts(report.unknown.kinds)},
        "beside_photos": [_use(use) for use in report.beside_photos()],
        "reconciliation": reconciliation
        and {
            "both": reconciliation.both,
            "store_only": [_one_sided(entry) for entry in reconciliation.store_only],
            "export_only": [_one_sided(entry) for entry in reconciliation.export_only],
        },
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def render_csv(report: Report) -> str:
    """Return the entries as CSV with a header: one line each, times as in JSON, flags joined by spaces."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CSV)
    for entry in report.entries:
        values = [getattr(entry, name) for name in _CSV]
        writer.writerow([cell(" ".join(value) if isinstance(value, tuple) else value) for value in values])
    return text.getvalue()


def _entry(entry: Entry) -> dict[str, Any]:
    row = {
        "identifier": entry.identifier,
        "app": entry.app,
        "category": entry.category,
        "begin": entry.begin,
        "end": entry.end,
        "out_of_process": entry.out_of_process,
        "flags": entry.flags,
    }
    return row if entry.broadcaster is None else row | {"broadcaster": entry.broadcaster}


def _network(row: NetworkRow) -> dict[str, Any]:
    return {
        "app": row.app,
        "domain": row.domain,
        "owner": row.owner,
        "context": row.context,
        "initiated": row.initiated,
        "domain_type": row.domain_type,
        "classification": row.classification,
        "context_verification": row.context_verification,
        "hits": row.hits,
        "first": row.first,
        "last": row.last,
    }


def _hole(hole: Hole) -> dict[str, Any]:
    return {"from": hole.start, "to": hole.end, "reason": hole.reason}


def _use(use: NetworkUse) -> dict[str, Any]:
    return {
        "app": use.app,
        "domains": use.domains,
        "hits": use.hits,
        "coincidences": [_coincidence(found) for found in use.coincidences],
    }


def _coincidence(found: Coincidence) -> dict[str, Any]:
    return found._asdict() | {"after_s": round(found.after_s, 3)}


def _one_sided(entry: OneSided) -> dict[str, Any]:
    return entry._asdict()


def _counts(counted: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items()))
