"""Write the wire format of protocol buffers: as much of it as a store of the tests needs."""

from __future__ import annotations

import struct

from lightleak.report.protobuf import BYTES, FIXED64, VARINT


def varint(number: int) -> bytes:
    """Write a number ≥ 0."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: bytes | str | float) -> bytes:
    """Write one field: a varint, bytes, text, or a double."""
    if isinstance(value, int):
        return varint(number << 3 | VARINT) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | FIXED64) + struct.pack("<d", value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | BYTES) + varint(len(raw)) + raw
