"""The device's time zone: read from a session's header in one place, and used to write times.

A header names a zone of the tz database (``Europe/Paris``) or an offset (``+08:00``, ``GMT+0800``, ``UTC+8``). The
name comes from a file, so it may be anything. When it is neither, times are shown at ``+00:00``.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import zoneinfo
from dataclasses import dataclass
from typing import Any

from lightleak.events import NS_PER_MS, NS_PER_S

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_NAME = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,3}")
"""The form of names in the tz database: without dots, so no path leads out of it."""
_NOT_OF_A_DEVICE = frozenset({"Factory", "localtime", "posixrules"})
"""Files of the tz database that are of the machine that reads it, or say that no zone was set."""
_OTHER_CLOCKS = ("posix/", "right/")
"""Folders of the same zones; ``right`` counts leap seconds, which Unix time does not."""
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Zone:
    """A device's time zone; UTC when it is not known."""

    rules: dt.tzinfo = dt.UTC

    @classmethod
    def of(cls, header: dict[str, Any]) -> Zone:
        """Return the zone named in a header."""
        return cls(device_zone(header))

    def format(self, wall_ns: int) -> str:
        """Return a Unix time in ns as RFC 3339 with milliseconds and the offset in force at that time."""
        return format_time(wall_ns, self.offset_s(wall_ns) // 60 * 60)

    def offset_s(self, wall_ns: int) -> int:
        """Return the offset from UTC at a Unix time in ns, in s; 0 outside the years 1 to 9999."""
        return _offset_s(self.rules, wall_ns) or 0


def device_zone(header: dict[str, Any]) -> dt.tzinfo:
    """Return the zone of ``device.time_zone`` in a header; UTC when it is not known."""
    return known_zone(header) or dt.UTC


def known_zone(header: dict[str, Any]) -> dt.tzinfo | None:
    """Return the zone of ``device.time_zone`` in a header; None when it is missing or not known."""
    device = header.get("device")
    name = device.get("time_zone") if isinstance(device, dict) else None
    return _zone(name) if isinstance(name, str) else None


def offset_s(header: dict[str, Any], wall_ns: int) -> int | None:
    """Return the device's offset from UTC at a Unix time in ns, in s; None when its zone is not known."""
    zone = known_zone(header)
    return None if zone is None else _offset_s(zone, wall_ns)


def fixed_zone(offset_s: int) -> dt.tzinfo:
    """Return the zone that is always so many seconds ahead of UTC."""
    return dt.timezone(dt.timedelta(seconds=offset_s))


def name_of(zone: dt.tzinfo) -> str:
    """Return a zone's name as other programs (Arrow) accept it: of the tz database, or ``+08:00``."""
    if isinstance(zone, zoneinfo.ZoneInfo) or zone is dt.UTC:
        return str(zone)
    return _offset_text(_offset_s(zone, 0) or 0)


def format_time(wall_ns: int, offset_s: int = 0) -> str:
    """Return a time with its offset and milliseconds, rounded to the nearest (half up); offset 0 is ``+00:00``."""
    seconds, milliseconds = divmod((wall_ns + NS_PER_MS // 2) // NS_PER_MS, 1000)
    days, second = divmod(seconds + offset_s, 86_400)
    minutes, second = divmod(second, 60)
    return (
        f"{_date(days)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{milliseconds:03d}{_offset_text(offset_s)}"
    )


def _zone(name: str) -> dt.tzinfo | None:
    if found := _OFFSET.fullmatch(name):
        sign, hours, minutes = found[1], int(found[2]), int(found[3] or 0)
        if hours > 23 or minutes > 59:
            return None
        offset = dt.timedelta(hours=hours, minutes=minutes)
        return dt.timezone(-offset if sign == "-" else offset)
    if not _NAME.fullmatch(name) or name in _NOT_OF_A_DEVICE or name.startswith(_OTHER_CLOCKS):
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # not a known name, not a zone file, a folder
        return None


def _offset_s(zone: dt.tzinfo, wall_ns: int) -> int | None:
    """Return the offset in force at a Unix time in ns; None outside the years 1 to 9999."""
    try:
        offset = dt.datetime.fromtimestamp(wall_ns // NS_PER_S, zone).utcoffset()
    except (OverflowError, ValueError, OSError):
        return None
    return None if offset is None else int(offset.total_seconds())


@functools.lru_cache(4096)
def _date(days: int) -> str:
    return dt.date.fromordinal(_EPOCH_DAY + days).isoformat()


@functools.lru_cache(256)
def _offset_text(offset_s: int) -> str:
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"{'-' if offset_s < 0 else '+'}{hours:02d}:{minutes:02d}"
