"""Read the times of a report, one by one or many at once.

Many texts of one layout become a matrix of bytes, from which columns of digits are computed: seven times as fast as
the standard library. A text that does not fit the layout of the first is read on its own, with the same result.
"""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.errors import ReportError
from lightleak.events import NS_PER_S
from lightleak.timezones import format_time

__all__ = ["EARLIEST_NS", "LATEST_NS", "format_time", "parse_time"]

EARLIEST_NS = -(1 << 62) + 86_400 * NS_PER_S
LATEST_NS = (1 << 62) - 86_400 * NS_PER_S
"""Half of what a 64-bit count of nanoseconds holds, less a day for any offset: the years 1823 to 2116. So the difference of any
two times can be counted too. No phone stamps a record outside of them; a damaged or forged one can."""

_SHAPE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))"
)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


def parse_time(text: str) -> tuple[int, int]:
    """Read a time: return (Unix ns, exact for 0 to 9 digits of a second; zone offset in s). Raises: ReportError."""
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
        raise ReportError(f"{text!r} is too far away: a report is read from 1823 to 2116")
    return wall_ns, offset_s


_SECONDS_END = len("2022-04-27T10:53:24")
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_SEPARATORS = ((4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"))
_DAYS_IN_MONTH = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def parse_times(texts: list[str]) -> tuple[Ints, Ints]:
    """Read all times: return Unix ns and zone offsets in s, shapes (n,). Raises: ReportError when one is not a time."""
    if not texts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    wall_ns, offset_s, good = _by_layout(texts)
    for index in np.flatnonzero(~good).tolist():
        wall_ns[index], offset_s[index] = parse_time(texts[index])
    return wall_ns, offset_s


def _by_layout(texts: list[str]) -> tuple[Ints, Ints, Bools]:
    first, blob = texts[0], "".join(texts)
    zone_at = len(first) - 1 if first.endswith("Z") else len(first) - 6
    same = len(blob) == len(first) * len(texts) and blob.isascii() and zone_at >= _SECONDS_END
    if not same or zone_at == _SECONDS_END + 1 or zone_at > _SECONDS_END + 10:
        nothing = np.zeros(len(texts), np.int64)
        return nothing, nothing.copy(), np.zeros(len(texts), np.bool_)
    rows = np.frombuffer(blob.encode(), np.uint8).reshape(len(texts), len(first))
    return _digits_to_int(rows, zone_at)


def _digits_to_int(rows: Bytes, zone_at: int) -> tuple[Ints, Ints, Bools]:
    utc = zone_at + 1 == rows.shape[1]
    fraction = range(_SECONDS_END + 1, zone_at)
    zone = () if utc else (zone_at + 1, zone_at + 2, zone_at + 4, zone_at + 5)
    separators = [*_SEPARATORS]
    separators += [(_SECONDS_END, ".")] if fraction else []
    separators += [(zone_at, "Z")] if utc else [(zone_at + 3, ":")]
    good = np.ones(len(rows), np.bool_)
    for column, sign in separators:
        good &= rows[:, column] == ord(sign)
    digits = rows[:, [*_DIGITS, *fraction, *zone]] - ord("0")
    good &= (digits <= 9).all(axis=1)

    year = _number(rows, 0, 4)
    month, day = _number(rows, 5, 7), _number(rows, 8, 10)
    hour, minute, second = _number(rows, 11, 13), _number(rows, 14, 16), _number(rows, 17, 19)
    # Other years, and 29 February, are rare enough to be read one by one.
    good &= (year >= 1970) & (year < 2116) & (month >= 1) & (month <= 12)
    month = np.where(good, month, 1)
    good &= (day >= 1) & (day <= _DAYS_IN_MONTH[month]) & ~((month == 2) & (day == 29))
    good &= (hour < 24) & (minute < 60) & (second < 60)

    offset_s = np.zeros(len(rows), np.int64)
    if not utc:
        zone_h, zone_min = _number(rows, zone_at + 1, zone_at + 3), _number(rows, zone_at + 4, zone_at + 6)
        plus, minus = rows[:, zone_at] == ord("+"), rows[:, zone_at] == ord("-")
        good &= (zone_h < 24) & (zone_min < 60) & (plus | minus)
        offset_s = (zone_h * 3600 + zone_min * 60) * np.where(minus, -1, 1)
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset_s
    part = _number(rows, _SECONDS_END + 1, zone_at) * 10 ** (9 - len(fraction)) if fraction else 0
    return seconds * NS_PER_S + part, offset_s, good


def _number(rows: Bytes, start: int, end: int) -> Ints:
    total = np.zeros(len(rows), np.int64)
    for column in range(start, end):
        total = total * 10 + (rows[:, column].astype(np.int64) - ord("0"))
    return total


def _days(year: Ints, month: Ints, day: Ints) -> Ints:
    """Count the days since 1970-01-01. Source: H. Hinnant, days_from_civil."""
    year = np.where(month <= 2, year - 1, year)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days: Ints = year * 365 + year // 4 - year // 100 + year // 400 + day_of_year - 719_468
    return days
