"""Read one segment of the on-device store into the same rows as an export's lines.

``/var/mobile/Library/PrivacyAccounting/Biome/com.apple.privacy.accounting.stream{,.tcc,.location,.oop,.replay-kit}``
``/local/<segment>``; a record is a message of PrivacyAccounting.framework, its time that of the SEGB entry.
Separate because it is the one reader of Apple's private records; an export is public text.

Source: class names of PrivacyAccounting.framework (PAPBAccess, PAPBTCCAccess, PAPBOutOfProcessPickerAccess,
PAPBReplayKitAccess), iLEAPP's privacyAccounting, and one store of 10,758 records.
"""

from __future__ import annotations

import struct
import uuid
from pathlib import Path, PurePosixPath

from lightleak.errors import ReportError
from lightleak.events import NS_PER_S
from lightleak.report.categories import PICKER, RECORDING, STREAM, category_of, category_of_picker, category_of_stream
from lightleak.report.line_schema import BEGIN, END, EVENT, AccessLine
from lightleak.report.protobuf import BYTES, FIXED64, VARINT, Fields, read_fields
from lightleak.report.raw_rows import FROM_STORE, Deleted, RawRows, Tombstone
from lightleak.report.segb import Record, read_segment
from lightleak.report.timestamps import EARLIEST_NS, LATEST_NS

APPLE_EPOCH_S = 978_307_200
"""2001-01-01 UTC as Unix time."""

_FAR_S = 1e10
"""Further away than nanoseconds can be counted. NaN is not below it either."""

_KINDS = {1: EVENT, 2: BEGIN, 3: END, 4: "assets"}


def stream_of(name: str) -> str | None:
    """Return the stream that a segment belongs to, by the folders of its path; None when no folder names one."""
    return next((part for part in reversed(PurePosixPath(name).parts) if part.startswith(STREAM)), None)


def read_store(file: bytes, name: str, place: str, raw: RawRows, path: Path | None = None) -> None:
    """Add a segment's records; what could not be read is noted as a problem. place: the path with the stream's name. path: None inside an archive.

    Raises: ReportError when the file is not SEGB v2.
    """
    segment = read_segment(file)
    number, stream = raw.add_file(name, FROM_STORE, path), stream_of(place)
    tombstones = "tombstone" in PurePosixPath(place).parts
    for record in segment.records:
        try:
            _add(record, number, stream, raw, tombstones=tombstones)
            raw.recognised += 1
        except ReportError as problem:
            raw.problems.add(raw.files[number], record.slot, problem.message)
    if segment.unreadable:
        slots = f"{len(segment.unreadable)} slots whose entry does not agree with its checksum"
        raw.problems.add(raw.files[number], segment.unreadable[0], f"{slots}: stale or damaged, skipped")
    if segment.problem:
        raw.problems.add(raw.files[number], None, segment.problem)


def _add(record: Record, number: int, stream: str | None, raw: RawRows, *, tombstones: bool) -> None:
    wall_ns, file = apple_ns(record.time_s), raw.files[number]
    if record.data is None:
        if not tombstones:
            raw.deleted.append(Deleted(wall_ns, stream or "", category_of_stream(stream), record.slot, file))
    elif tombstones:
        raw.tombstones.append(_tombstone(record.data, wall_ns, file))
    else:
        raw.add(number, record.slot, _access(read_fields(record.data), wall_ns, stream))


def apple_ns(time_s: float) -> int:
    """Return seconds since 2001 as Unix ns. Raises: ReportError when that is not a valid time."""
    if not abs(time_s) < _FAR_S:
        raise ReportError("a record with an invalid time")
    wall_ns = round(time_s * 1e6) * 1000 + APPLE_EPOCH_S * NS_PER_S
    if not EARLIEST_NS <= wall_ns <= LATEST_NS:
        raise ReportError("a record with an invalid time")
    return wall_ns


def _access(record: Fields, wall_ns: int, stream: str | None) -> AccessLine:
    access = read_fields(_bytes(record, 1, "an access"))
    kind = _number(access, 3)
    # The only double of the message is what the export adds to the record's time.
    adjustment = next((value for wire_type, value in access.values() if wire_type == FIXED64), None)
    if isinstance(adjustment, bytes):
        wall_ns += apple_ns(struct.unpack("<d", adjustment)[0]) - APPLE_EPOCH_S * NS_PER_S
        if not EARLIEST_NS <= wall_ns <= LATEST_NS:
            raise ReportError("a record with an invalid time")
    wire_type, extra = record.get(2, (None, b""))
    picker = wire_type == VARINT or stream == PICKER
    recording = stream == RECORDING
    service = _text(extra, "the service") if isinstance(extra, bytes) and extra and not recording else None
    return AccessLine(
        identifier=_identifier(_bytes(access, 2, "an identifier")),
        app=_application(_bytes(access, 1, "an accessor")),
        category=category_of_picker(extra if isinstance(extra, int) else 0)
        if picker
        else category_of(stream, service) or "unknown",
        kind=_KINDS.get(kind, f"kind {kind}"),
        wall_ns=wall_ns,
        offset_s=0,
        out_of_process=picker,
        broadcaster=_application(extra) if recording and isinstance(extra, bytes) and extra else None,
        unknown={},
    )


def _application(message: bytes) -> str:
    return _text(_bytes(read_fields(message), 2, "a name of the app"), "the app")


def _identifier(data: bytes) -> str:
    if len(data) != 16:
        raise ReportError(f"a record whose identifier has {len(data)} bytes")
    return str(uuid.UUID(bytes=data)).upper()


def _tombstone(data: bytes, wall_ns: int, file: str) -> Tombstone:
    fields = read_fields(data)
    segment = _text(_bytes(fields, 1, "a segment's name"), "the segment")
    process = fields.get(5, (BYTES, b""))[1]
    return Tombstone(wall_ns, segment, _text(process, "the process") if isinstance(process, bytes) else "", file)


def _bytes(fields: Fields, number: int, what: str) -> bytes:
    wire_type, value = fields.get(number, (None, b""))
    if wire_type != BYTES or not isinstance(value, bytes):
        raise ReportError(f"a record without {what}")
    return value


def _number(fields: Fields, number: int) -> int:
    value = fields.get(number, (VARINT, 0))[1]
    return value if isinstance(value, int) else 0


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ReportError(f"a record in which {what} is not UTF-8") from None
