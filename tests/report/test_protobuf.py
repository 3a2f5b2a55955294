"""The wire format comes back as it was written, and hostile lengths stop at the end."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.errors import ReportError
from lightleak.report.protobuf import BYTES, FIXED64, VARINT, read_fields
from report.protobuf_writer import field

numbers = st.integers(1, 2**29 - 1)
values = st.integers(0, 2**64 - 1) | st.binary(max_size=20) | st.floats(allow_nan=False)


@given(st.dictionaries(numbers, values, max_size=6))
def test_fields_come_back(fields: dict[int, int | bytes | float]) -> None:
    raw = b"".join(field(number, value) for number, value in fields.items())
    expected = {
        number: (VARINT, value)
        if isinstance(value, int)
        else (FIXED64, struct.pack("<d", value))
        if isinstance(value, float)
        else (BYTES, value)
        for number, value in fields.items()
    }
    assert read_fields(raw) == expected


def test_the_last_of_a_repeated_field_counts() -> None:
    assert read_fields(field(1, 1) + field(1, 2)) == {1: (VARINT, 2)}


@pytest.mark.parametrize(
    "raw", [b"\x0a", b"\x0a\x05ab", b"\x80", b"\xff" * 11, b"\x0b", b"\x09\0", b"\x0a\xff\xff\xff\x7f"]
)
def test_damage_is_an_error_of_the_project(raw: bytes) -> None:
    with pytest.raises(ReportError):
        read_fields(raw)
