"""Read and write the first line of a trace: its format, version and session."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import DEVICE_KINDS, FORMAT, DeviceKind

_HINT = "the first line of a trace is its header (docs/trace-format.md)"


def decode_header(line: bytes) -> dict[str, Any]:
    """Decode and check a header line. Raises: TraceError; its message fits after the name of the file."""
    try:
        header = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise TraceError(f"the header is not JSON ({problem})", hint=_HINT) from problem
    if not isinstance(header, dict) or header.get("kind") != "header":
        raise TraceError("there is no header", hint=_HINT)
    if header.get("format") != FORMAT:
        raise TraceError(f'the header does not say "format":"{FORMAT}"', hint="name a trace of lightleak")
    version = header.get("version")
    if type(version) is not int or version < 1:
        raise TraceError('the header\'s "version" is not a number from 1', hint=_HINT)
    if not isinstance(header.get("session", ""), str):
        raise TraceError('the header\'s "session" is not a string', hint=_HINT)
    return header


def encode_header(header: dict[str, Any]) -> bytes:
    """Encode a header as its line, without the newline."""
    line = msgspec.json.encode(header)
    decode_header(line)
    return line


def device_kind_of(header: dict[str, Any]) -> DeviceKind | None:
    """Return the kind of a header's device; None where it is missing or none of the format's."""
    device = header.get("device")
    kind = device.get("kind") if isinstance(device, dict) else None
    return next((known for known in DEVICE_KINDS if known == kind), None)
