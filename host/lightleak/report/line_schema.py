"""Decode one line of an export, whichever iOS wrote it.

    G1  15.0 beta 1   ``_marker`` lines; stream, tccService, timestamp; hasApp.bundleName
    G2  15.0 beta 2   ``_marker`` lines; category; bundleID
    G3  15.0 – 15.1   type, timeStamp; outOfProcess from August 2021
    G3b 15.2 –        contextVerificationType, domainClassification
    G3c seen 18, 26   accessCount, broadcaster

Source: published exports and readers (johnspurlock/app-privacy-report-viewer, plaso); 25 exports of iOS 18 and 26.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from lightleak.errors import ReportError
from lightleak.report.categories import category_of
from lightleak.report.timestamps import parse_time

BEGIN, END, EVENT = "intervalBegin", "intervalEnd", "event"

_KNOWN_KEYS = frozenset(
    {
        *(
            "type",
            "accessor",
            "broadcaster",
            "category",
            "identifier",
            "kind",
            "timeStamp",
            "outOfProcess",
            "accessCount",
        ),
        *("stream", "tccService", "timestamp", "version"),  # accesses of 15.0 beta 1
        *(
            "bundleID",
            "domain",
            "domainOwner",
            "domainType",
            "domainClassification",
            "context",
            "initiatedType",
            "hits",
        ),
        *("contextVerificationType", "firstTimeStamp"),
        *("hasApp.bundleName", "effectiveUserId"),  # network of 15.0 beta 1
    }
)


class AccessLine(NamedTuple):
    """A line about one end of an access."""

    identifier: str
    app: str
    category: str
    kind: str
    wall_ns: int
    offset_s: int
    out_of_process: bool
    broadcaster: str | None
    unknown: dict[str, Any]


class NetworkLine(NamedTuple):
    """A line about what an app sent to one domain."""

    app: str
    domain: str
    owner: str
    context: str
    initiated: str
    domain_type: int | None
    classification: int | None
    context_verification: int | None
    hits: int
    first_ns: int
    last_ns: int
    first_offset_s: int
    last_offset_s: int
    unknown: dict[str, Any]


class MarkerLine(NamedTuple):
    """A header or an end of a section in exports of the first two betas."""


def read_line(raw: bytes) -> AccessLine | NetworkLine | MarkerLine:
    """Return what a line says. Raises: ReportError with the reason when it is not a line of a report."""
    try:
        line = msgspec.json.decode(raw.decode())
    except UnicodeDecodeError:
        raise ReportError("not UTF-8") from None
    except RecursionError:
        raise ReportError("nested deeper than any report") from None
    except msgspec.DecodeError as problem:
        raise ReportError(f"not JSON ({str(problem).removeprefix('JSON is malformed: ')})") from None
    if not isinstance(line, dict):
        raise ReportError("not a JSON object")
    if "_marker" in line:
        return MarkerLine()
    match line.get("type"):
        case "access":
            return _access(line)
        case "networkActivity":
            return _network(line)
        case None if "accessor" in line:
            return _access(line)
        case None if "domain" in line and ("bundleID" in line or "hasApp.bundleName" in line):
            return _network(line)
        case None:
            raise ReportError("neither an access nor network activity")
        case other:
            raise ReportError(f"of the unknown type {str(other)[:64]!r}")


def _access(line: dict[str, Any]) -> AccessLine:
    category = _text(line, "category", None) or category_of(
        _text(line, "stream", None), _text(line, "tccService", None)
    )
    if not category:
        raise ReportError("an access without category")
    wall_ns, offset_s = _time(line, "timeStamp" if "timeStamp" in line else "timestamp")
    broadcaster = line.get("broadcaster")
    return AccessLine(
        identifier=_required(line, "identifier").upper(),
        app=_app(line.get("accessor")),
        category=category,
        kind=_required(line, "kind"),
        wall_ns=wall_ns,
        offset_s=offset_s,
        out_of_process=line.get("outOfProcess") is True,
        broadcaster=None if broadcaster is None else _app(broadcaster),
        unknown=_unknown(line),
    )


def _network(line: dict[str, Any]) -> NetworkLine:
    last_ns, last_offset_s = _time(line, "timeStamp")
    first_ns, first_offset_s = _time(line, "firstTimeStamp") if "firstTimeStamp" in line else (last_ns, last_offset_s)
    return NetworkLine(
        app=_required(line, "bundleID" if "bundleID" in line else "hasApp.bundleName"),
        domain=_required(line, "domain"),
        owner=_text(line, "domainOwner", "") or "",
        context=_text(line, "context", "") or "",
        initiated=_text(line, "initiatedType", "") or "",
        domain_type=_int(line, "domainType"),
        classification=_int(line, "domainClassification"),
        context_verification=_int(line, "contextVerificationType"),
        hits=_int(line, "hits", below=1 << 53) or 0,
        first_ns=first_ns,
        last_ns=last_ns,
        first_offset_s=first_offset_s,
        last_offset_s=last_offset_s,
        unknown=_unknown(line),
    )


def _app(accessor: object) -> str:
    # Apple's code knows bundle identifiers, paths, and process ids with a version (an object).
    identifier = accessor.get("identifier") if isinstance(accessor, dict) else None
    if identifier is None or identifier == "":
        raise ReportError("an access without accessor")
    return identifier if isinstance(identifier, str) else msgspec.json.encode(identifier, order="sorted").decode()


def _unknown(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key not in _KNOWN_KEYS}


def _required(line: dict[str, Any], key: str) -> str:
    value = _text(line, key, None)
    if not value:
        raise ReportError(f"without {key}")
    return value


def _text(line: dict[str, Any], key: str, default: str | None) -> str | None:
    value = line.get(key)
    if value is not None and not isinstance(value, str):
        raise ReportError(f"{key} is not a text")
    return default if value is None else value


def _int(line: dict[str, Any], key: str, below: int = 1 << 31) -> int | None:
    value = line.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < below:
        raise ReportError(f"{key} is not a count")
    return value


def _time(line: dict[str, Any], key: str) -> tuple[int, int]:
    return parse_time(_required(line, key))
