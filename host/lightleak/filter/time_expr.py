"""Read the times of the filter language and of ``--from`` and ``--to``: days, minutes, milliseconds, times of day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lightleak.events import NS_PER_S

DAY_NS = 86_400 * NS_PER_S

_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
_TIME = re.compile(rf"(?P<date>\d{{4}}-\d\d-\d\d)(?:[T ]{_CLOCK})? ?(?P<offset>Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_OF_DAY = re.compile(_CLOCK)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as exact as it was written: from ``start_ns`` up to, not including, ``stop_ns``.

    Unix ns or, with ``of_day``, ns since midnight on any day.
    """

    start_ns: int
    stop_ns: int
    of_day: bool = False
    has_offset: bool = False
    """Whether the zone was written, too."""


def read_moment(text: str, zone: tzinfo) -> Moment | None:
    """Read an RFC 3339 time, a date or a time of day; return None for anything else.

    zone: for times without an offset.
    """
    if found := _TIME.fullmatch(text):
        return _on_a_day(found, zone)
    if found := _OF_DAY.fullmatch(text):
        clock = _of_day(found)
        return clock and Moment(clock[0], clock[0] + clock[1], of_day=True)
    return None


def local(wall_ns: int, zone: tzinfo) -> datetime:
    """Return a wall time in a zone, to the µs. Raises: OverflowError outside the years 1 to 9999."""
    return (_EPOCH + timedelta(microseconds=wall_ns // 1000)).astimezone(zone)


def ns_of_day(wall_ns: int, zone: tzinfo) -> int | None:
    """Return the ns since local midnight of a wall time; None outside the years 1 to 9999."""
    try:
        clock = local(wall_ns, zone)
    except OverflowError:
        return None
    return (clock.hour * 3600 + clock.minute * 60 + clock.second) * NS_PER_S + clock.microsecond * 1000 + wall_ns % 1000


def _on_a_day(found: re.Match[str], zone: tzinfo) -> Moment | None:
    clock = _of_day(found) if found["hour"] else (0, DAY_NS)
    if clock is None:
        return None
    try:
        day = datetime.fromisoformat(found["date"])
        offset = found["offset"]
        day_zone = datetime.strptime(offset.upper(), "%z").tzinfo if offset else zone
        at_ns = _unix_ns(day, clock[0], day_zone)
        stop_ns = _unix_ns(day + timedelta(days=1), 0, day_zone) if clock[1] == DAY_NS else at_ns + clock[1]
    except (ValueError, OverflowError):
        return None
    return Moment(at_ns, stop_ns, has_offset=bool(offset))


def _unix_ns(day: datetime, of_day_ns: int, zone: tzinfo | None) -> int:
    seconds, rest_ns = divmod(of_day_ns, NS_PER_S)
    moment = (day + timedelta(seconds=seconds)).replace(tzinfo=zone)
    return (moment - _EPOCH) // timedelta(seconds=1) * NS_PER_S + rest_ns


def _of_day(found: re.Match[str]) -> tuple[int, int] | None:
    """Return ns since midnight, and for how many ns the written time lasts."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = found["fraction"] or ""
    exact_ns = 10 ** (9 - len(fraction)) if found["second"] else 60 * NS_PER_S
    return (hour * 3600 + minute * 60 + second) * NS_PER_S + int(fraction.ljust(9, "0") or 0), exact_ns
