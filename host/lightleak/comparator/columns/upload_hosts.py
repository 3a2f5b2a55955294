"""The hosts to which a session's uploads by the system were to go, from the lines of its events.

Separate because only sessions with an upload pay for it: the fast reading of a line leaves ``detail`` out.
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from lightleak.comparator.columns.decode import Stamped
from lightleak.trace.schema import decode_block

Hosts = dict[tuple[int, int], str]
"""(segment, seq) of an upload → the host that its app named; an upload without one that can be read is not here."""

_HOST = re.compile(r"\[?([\w.:%~-]{1,255})\]?")
"""A name or an address, of which nothing can break a line; an address of IPv6 may be in brackets. Source: RFC 3986, 3.2.2."""

_UPLOAD_MARK = b'"upload"'
"""What is in the line of every upload, and in hardly any other."""


class _Upload(Stamped, gc=False):
    """As much of an access as says where to."""

    kind: str
    depth: str | None = None
    detail: dict[str, object] | None = None


_UPLOADS = msgspec.json.Decoder(_Upload)


def hosts_of(block: bytes) -> Hosts:
    """Return the hosts of the uploads in a block of lines; of an event that comes twice the first."""
    found: Hosts = {}
    lines = b"\n".join(line for line in block.split(b"\n") if _UPLOAD_MARK in line)
    for row in decode_block(lines, _UPLOADS, _Upload, Counter()):
        if not isinstance(row, _Upload) or row.kind != "access" or row.depth != "upload":
            continue
        host = host_name((row.detail or {}).get("host"))
        if host is not None:
            found.setdefault((row.segment, row.seq), host)
    return found


def host_name(value: object) -> str | None:
    """Return a host in the form in which two are compared; None for what is none."""
    match = _HOST.fullmatch(value) if isinstance(value, str) else None
    return match[1].rstrip(".").lower() or None if match else None
