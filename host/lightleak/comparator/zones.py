"""The zone in which a device's own times are told."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from typing import Any

from lightleak.events import NS_PER_S
from lightleak.report.timestamps import format_time

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})")


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with its rules, or nothing: then times are told in UTC."""

    rules: dt.tzinfo = dt.UTC

    def tell(self, wall_ns: int) -> str:
        """Write a Unix time in ns as RFC 3339 with the offset in force then, and milliseconds."""
        try:
            moment = dt.datetime.fromtimestamp(wall_ns // NS_PER_S, self.rules)
        except (OverflowError, ValueError, OSError):
            return format_time(wall_ns)
        offset = moment.utcoffset() or dt.timedelta()
        return format_time(wall_ns, int(offset.total_seconds()) // 60 * 60)


def zone_of(header: dict[str, Any]) -> Zone:
    """Read ``device.time_zone`` of a header: a name of the tz database or an offset; UTC where it is neither."""
    return Zone(_rules(header) or dt.UTC)


def offset_s(header: dict[str, Any], wall_ns: int) -> int | None:
    """Tell the device's offset from UTC at a moment; None where its zone is not known."""
    rules = _rules(header)
    if rules is None:
        return None
    try:
        offset = dt.datetime.fromtimestamp(wall_ns // NS_PER_S, rules).utcoffset()
    except (OverflowError, ValueError, OSError):
        return None
    return None if offset is None else int(offset.total_seconds())


def _rules(header: dict[str, Any]) -> dt.tzinfo | None:
    device = header.get("device")
    name = device.get("time_zone") if isinstance(device, dict) else None
    if not isinstance(name, str):
        return None
    if found := _OFFSET.fullmatch(name):
        sign, hours, minutes = found.groups()
        if int(hours) < 24 and int(minutes) < 60:
            offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
            return dt.timezone(-offset if sign == "-" else offset)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
