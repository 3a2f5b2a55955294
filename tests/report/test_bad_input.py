"""Whatever a file holds: the project's own error or a report, in bounded memory, and the good lines still read."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.errors import ReportError
from lightleak.report import Report, read_report
from lightleak.report.raw_rows import MAX_PROBLEMS
from report.stored import segments
from report.written import export, lines, moment, network, text

Read = Callable[..., Report]
GOOD = text(lines(moment(1, 0, 5000))).encode()

SEEDS = [
    export([moment(1, 0, 5000), moment(2, 100, None)], "G1").encode(),
    export([moment(1, 0, 5000, out_of_process=True)]).encode() + text([network()]).encode(),
    *segments([moment(1, 0, 5000), moment(2, 0, 5, out_of_process=True)]).values(),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 2)):
            case 0:
                data[at : at + draw(st.integers(0, 20))] = draw(st.binary(max_size=8))
            case 1:
                data[at : at + 1] = draw(st.sampled_from([b"\n", b'"', b"{", b"}", b"\0", b"null", b"1e9", b"\xff"]))
            case 2:
                del data[at:]
    return bytes(data)


@given(damaged() | st.binary(max_size=200))
def test_damage_ends_in_a_report_or_in_our_error(scratch: Path, data: bytes) -> None:
    path = scratch / "damaged"
    path.write_bytes(data)
    try:
        report = read_report(path)
    except ReportError:
        return
    assert all(entry.begin or entry.end for entry in report.entries)
    report.summary(), report.holes(), report.beside_photos(), list(report.network)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"not json", "not JSON"),
        (b'{"type":"access","acc', "not JSON"),
        (b'{"type":"access"}', "without category"),
        (b"[]", "not a JSON object"),
        (b"7", "not a JSON object"),
        (b'{"hello":"world"}', "neither an access nor network"),
        (b'{"type":"bluetooth","timeStamp":"x"}', "unknown type"),
        (GOOD.splitlines()[0].replace(b"2020-09-13", b"2020-13-13"), "calendar"),
        (GOOD.splitlines()[0].replace(b"2020-09-13T", b"yesterday "), "not a time"),
        (GOOD.splitlines()[0].replace(b"com.example.a", b"com.example.\xe4"), "not UTF-8"),
        (GOOD.splitlines()[0].replace(b'"category":"photos"', b'"category":[]'), "category is not a text"),
        (GOOD.splitlines()[0].replace(b'{"identifier":"com.example.a"', b'{"x":1'), "without accessor"),
        (b'{"type":"access","x":' + b"[" * 200_000, "nested deeper"),
        (b'{"type":"access","x":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "nested deeper"),
        (text([network(hits=-1)]).strip().encode(), "hits is not a count"),
        (text([network(hits=1 << 60)]).strip().encode(), "hits is not a count"),
        (text([network(domainType=1 << 40)]).strip().encode(), "domainType is not a count"),
        (b"x" * (1 << 20) + b"y", "more than 1048576 bytes"),
    ],
)
def test_a_bad_line_is_a_problem_with_its_number_and_the_rest_is_read(line: bytes, why: str, read: Read) -> None:
    report = read(GOOD + line + b"\n" + text(lines(moment(2, 9000, 5000))).encode())
    assert [(p.line, why in p.problem) for p in report.problems] == [(3, True)], report.problems
    assert len(report.entries) == 2


def test_a_cut_last_line_is_a_problem(read: Read) -> None:
    report = read(GOOD + GOOD[:50])
    assert [p.line for p in report.problems] == [3]
    assert len(report.entries) == 1


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\0" * 100, b"\xef\xbb\xbf", b"{}", b"[]", b"\xff\xd8\xff", b"x\n" * 9]
)
def test_a_file_without_one_line_of_a_report_is_refused(content: bytes, read: Read) -> None:
    with pytest.raises(ReportError, match="not one line"):
        read(content)


def test_utf16_is_named(read: Read) -> None:
    with pytest.raises(ReportError, match="UTF-16"):
        read(GOOD.decode().encode("utf-16"))


def test_problems_are_listed_up_to_a_bound_and_counted_beyond(read: Read) -> None:
    report = read(GOOD + b"x\n" * (MAX_PROBLEMS + 7))
    assert len(report.problems) == MAX_PROBLEMS + 1
    assert report.problems[-1].problem == "7 further problems are not listed"


def test_a_line_of_64_mb_is_never_held(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(GOOD + b"x" * (64 << 20) + b"\n" + GOOD)
    tracemalloc.start()
    report = read_report(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(report.entries) == 1
    assert peak < 8 << 20
