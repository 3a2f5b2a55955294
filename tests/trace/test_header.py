"""The first line says what a file is, or the file is refused with a sentence."""

from __future__ import annotations

import pytest

from lightleak.errors import TraceError
from lightleak.trace.header import decode_header, encode_header
from tracekit import HEADER, as_line


def test_a_header_goes_through_unchanged_with_its_unknown_keys():
    header = {**HEADER, "weather": {"rain": None}}

    assert decode_header(encode_header(header)) == header


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "not JSON"),
        (b"not json", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"kind":"header\xff"}', "not JSON"),
        (b"[]", "no header"),
        (b'"header"', "no header"),
        (b"{}", "no header"),
        (as_line({**HEADER, "kind": "access"}), "no header"),
        (as_line({**HEADER, "format": "asciicast"}), "lightleak-trace"),
        (as_line({**HEADER, "version": None}), "version"),
        (as_line({**HEADER, "version": True}), "version"),
        (as_line({**HEADER, "version": 1.0}), "version"),
        (as_line({**HEADER, "version": "1"}), "version"),
        (as_line({**HEADER, "version": 0}), "version"),
        (as_line({**HEADER, "session": 7}), "session"),
    ],
)
def test_what_is_not_a_header_is_refused(line, reason):
    with pytest.raises(TraceError, match=reason) as caught:
        decode_header(line)

    assert caught.value.hint
