"""Read the wire format of protocol buffers, as much of it as the store needs.

Separate because the format is not Apple's: it has a specification, and tests of its own.
"""

from __future__ import annotations

from lightleak.errors import ReportError

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}

Fields = dict[int, tuple[int, int | bytes]]
"""Field number → (wire type, value); of a repeated field the last one, as the format requires."""


def read_fields(message: bytes) -> Fields:
    """Return the fields of a message. Raises: ReportError when it is not a message."""
    fields: Fields = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        wire_type, value = key & 7, b""
        if wire_type == VARINT:
            fields[key >> 3] = wire_type, (number := _varint(message, at))[0]
            at = number[1]
            continue
        if wire_type == BYTES:
            length, at = _varint(message, at)
        elif wire_type in _FIXED:
            length = _FIXED[wire_type]
        else:
            raise ReportError(f"a record with the unknown wire type {wire_type}")
        value, at = message[at : at + length], at + length
        if at > len(message):
            raise ReportError("a record whose field runs past its end")
        fields[key >> 3] = wire_type, value
    return fields


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ReportError("a record cut off")
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
    raise ReportError("a record with a number of more than 64 bits")
