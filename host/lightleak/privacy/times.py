"""Read and write the times of a report: RFC 3339 text ↔ Unix nanoseconds and the zone offset it was written with.

Source: NSISO8601DateFormatter, options 3955 (internet date-time with fractional seconds), in the phone's zone at
export; 0 to 9 digits and ``Z`` are accepted beside the usual ``2022-04-27T10:53:24.555-04:00``.
"""

from __future__ import annotations

import datetime as dt
import functools
import re

from lightleak.errors import ReportError
from lightleak.events import NS_PER_MS, NS_PER_S

EARLIEST_NS = -(1 << 63) + 86_400 * NS_PER_S
LATEST_NS = (1 << 63) - 1 - 86_400 * NS_PER_S
"""What a 64-bit count of nanoseconds holds (years 1677 to 2262), less a day for any offset."""

_SHAPE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))"
)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


def parse_time(text: str) -> tuple[int, int]:
    """Read a time: (Unix ns, exact to the last of 0 to 9 digits; zone offset in s). Errors: ReportError."""
    found = _SHAPE.fullmatch(text)
    if not found:
        raise ReportError(f"{text[:64]!r} is not a time", hint="a report writes 2022-04-27T10:53:24.555-04:00")
    year, month, day, hour, minute, second, fraction, _utc, sign, zone_h, zone_min = found.groups()
    try:
        days = dt.date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
        clock = dt.time(int(hour), int(minute), int(second))
        offset = dt.time(int(zone_h or 0), int(zone_min or 0))
    except ValueError as problem:
        raise ReportError(f"{text!r} is not a time of any calendar ({problem})") from None
    offset_s = (offset.hour * 3600 + offset.minute * 60) * (-1 if sign == "-" else 1)
    seconds = days * 86_400 + clock.hour * 3600 + clock.minute * 60 + clock.second - offset_s
    wall_ns = seconds * NS_PER_S + int((fraction or "").ljust(9, "0"))
    if not EARLIEST_NS <= wall_ns <= LATEST_NS:
        raise ReportError(f"{text!r} is further away than nanoseconds can be counted")
    return wall_ns, offset_s


def format_time(wall_ns: int, offset_s: int = 0) -> str:
    """Write a time with its offset and milliseconds, rounded to the nearest (half up); offset 0 is ``+00:00``."""
    seconds, milliseconds = divmod((wall_ns + NS_PER_MS // 2) // NS_PER_MS, 1000)
    days, second = divmod(seconds + offset_s, 86_400)
    minutes, second = divmod(second, 60)
    return f"{_date(days)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{milliseconds:03d}{_zone(offset_s)}"


@functools.lru_cache(4096)
def _date(days: int) -> str:
    return dt.date.fromordinal(_EPOCH_DAY + days).isoformat()


@functools.lru_cache(256)
def _zone(offset_s: int) -> str:
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"{'-' if offset_s < 0 else '+'}{hours:02d}:{minutes:02d}"
