"""Times are exact to the last digit, keep their offset, and are read the same one by one and by the thousand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lightleak.errors import ReportError
from lightleak.report.timestamps import EARLIEST_NS, LATEST_NS, format_time, parse_time, parse_times

wall_ns = st.integers(EARLIEST_NS, LATEST_NS)
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: minutes * 60)


def written(ns: int, offset_s: int, digits: int, *, utc: bool = False) -> str:
    seconds, part = divmod(ns, 10**9)
    local = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds + (0 if utc else offset_s))
    fraction = f".{part:09d}"[: digits + 1] if digits else ""
    sign, minutes = "-" if offset_s < 0 else "+", abs(offset_s) // 60
    zone = "Z" if utc else f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{local.year:04d}-{local:%m-%dT%H:%M:%S}{fraction}{zone}"


texts = st.builds(
    written,
    st.integers(-(10**18), 4 * 10**18),
    offsets,
    st.integers(0, 9),
    utc=st.booleans(),
)


@given(st.integers(-(10**18), 4 * 10**18), offsets, st.integers(0, 9), st.booleans())
def test_every_digit_counts(ns: int, offset_s: int, digits: int, utc: bool) -> None:
    exact = ns - ns % 10 ** (9 - digits)
    assert parse_time(written(ns, offset_s, digits, utc=utc)) == (exact, 0 if utc else offset_s)


@given(st.integers(-(10**18), 4 * 10**18), offsets)
def test_what_is_written_is_read_back_to_the_nearest_millisecond(ns: int, offset_s: int) -> None:
    back, offset = parse_time(format_time(ns, offset_s))
    assert offset == offset_s
    assert -500_000 < back - ns <= 500_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2022-04-27T10:53:24.555-04:00", "2022-04-27T10:53:24.555-04:00"),
        ("2022-04-27T10:53:24Z", "2022-04-27T10:53:24.000+00:00"),
        ("2022-04-27T10:53:24.5555+05:45", "2022-04-27T10:53:24.556+05:45"),
        ("2022-12-31T23:59:59.999500000-00:30", "2023-01-01T00:00:00.000-00:30"),
        ("2024-02-29T00:00:00.000499999+00:00", "2024-02-29T00:00:00.000+00:00"),
    ],
)
def test_documented_forms(text: str, shown: str) -> None:
    assert format_time(*parse_time(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2022-04-27", "2022-04-27T10:53:24", "2022-04-27T10:53:24.-04:00", "2022-02-30T00:00:00Z"),
        *("2022-04-27T24:00:00Z", "2022-04-27T10:60:00Z", "2022-04-27T10:53:60Z", "2022-04-27T10:53:24.1234567890Z"),
        *("2022-04-27T10:53:24+24:00", "1600-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "٢٠٢٢-04-27T10:53:24Z"),
        *("2023-02-29T10:53:24.555-04:00", "2022-02-30T10:53:24.555-04:00", "2022-04-31T10:53:24.555-04:00"),
        *("2022-04-27T24:53:24.555-04:00", "2022-04-27T10:60:24.555-04:00", "2022-04-27T10:53:60.555-04:00"),
        *("2022-04-27T10:53:24.555-24:00", "2022-04-27T10:53:24.555-04:60", "2022-13-27T10:53:24.555-04:00"),
        *("2022-04-00T10:53:24.555-04:00", "2022-04-27T10:53:24.555*04:00", "2022-04-27T10:53:24,555-04:00"),
        *("2022-04-27T10:53:24.555-04:00\n", "2022-04-27 10:53:24Z", "2022-00-01T00:00:00Z"),
    ],
)
def test_what_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        parse_time(text)
    with pytest.raises(ReportError):
        parse_times([text])
    with pytest.raises(ReportError):
        parse_times(["2022-04-27T10:53:24.555-04:00", text])


@given(st.lists(texts, min_size=1, max_size=20) | texts.flatmap(lambda t: st.lists(st.just(t), min_size=2, max_size=5)))
@example(["2022-04-27T10:53:24.555-04:00", "2024-02-29T10:53:24.555+04:30", "1969-12-31T23:59:59.999+00:00"])
@example(["2022-04-27T10:53:24.555-04:00", "2022-04-27T10:53:24.55555555Z"])
def test_a_block_is_read_as_its_lines_are(many: list[str]) -> None:
    ns, offset = parse_times(many)
    assert list(zip(ns.tolist(), offset.tolist(), strict=True)) == [parse_time(text) for text in many]
    assert ns.dtype == np.int64


@given(texts, st.integers(0, 40), st.characters(max_codepoint=0x2FF))
def test_one_wrong_character_is_seen_the_same_in_a_block(text: str, at: int, character: str) -> None:
    at %= len(text)
    changed = text[:at] + character + text[at + 1 :]
    try:
        alone: object = parse_time(changed)
    except ReportError:
        alone = None
    try:
        ns, offset = parse_times([text, changed])
        block: object = (int(ns[1]), int(offset[1]))
    except ReportError:
        block = None
    assert block == alone
