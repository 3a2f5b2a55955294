"""A trace from elsewhere is read whole or refused with file and line."""

from __future__ import annotations

import pytest

from lightleak.errors import TraceError
from lightleak.trace.ndjson import read_trace
from tracekit import HEADER, as_line, event, line, lines, trace


def refused(path, match) -> TraceError:
    with pytest.raises(TraceError, match=match) as caught:
        read_trace(path)
    assert str(path) in caught.value.message
    return caught.value


def test_a_good_trace_is_read_and_counted(tmp_path):
    read = read_trace(trace(tmp_path / "t", [*lines(3), line(4, kind="weather"), line(5, kind="mark", label="x")]))

    assert read.header_line == as_line(HEADER)
    assert list(read.lines()) == [*lines(3), line(4, kind="weather"), line(5, kind="mark", label="x")]
    assert (read.events, read.repeats) == (5, 0)
    assert read.kinds == {"access": 3, "weather": 1, "mark": 1}
    assert read.unknown_kinds == {"weather": 1}


def test_a_header_alone_is_a_trace(tmp_path):
    assert list(read_trace(trace(tmp_path / "t", [])).lines()) == []


def test_mark_crlf_blank_lines_and_a_missing_last_newline_are_accepted(tmp_path):
    path = tmp_path / "t"
    path.write_bytes(b"\xef\xbb\xbf" + as_line(HEADER) + b"\r\n\r\n" + line(1) + b" \r\n\n  \n" + line(2))
    read = read_trace(path)

    assert read.header_line == as_line(HEADER)
    assert list(read.lines()) == [line(1), line(2)]


def test_segments_in_order_each_stay_as_they_are_mixed(tmp_path):
    mixed = [line(1, 2), line(1, 1), line(2, 1), line(2, 2), line(3, 2)]

    assert list(read_trace(trace(tmp_path / "t", mixed)).lines()) == mixed


def test_a_trace_out_of_order_is_put_in_order(tmp_path):
    mixed = [line(3, 1), line(1, 2), line(1, 1), line(2, 1)]

    assert list(read_trace(trace(tmp_path / "t", mixed)).lines()) == [line(1, 1), line(2, 1), line(3, 1), line(1, 2)]


def test_a_repeated_line_is_kept_once(tmp_path):
    again = as_line(dict(reversed(event(1).items())))
    read = read_trace(trace(tmp_path / "t", [line(1), line(2), line(1), again]))

    assert list(read.lines()) == [line(1), line(2)]
    assert (read.events, read.repeats) == (2, 2)


def test_a_contradiction_is_refused_with_both_lines(tmp_path):
    path = trace(tmp_path / "t", [line(1), line(2), line(1), line(2, depth="data")])

    assert "line 3 and line 5" in refused(path, "same segment and seq").message


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"nonsense", "not JSON"),
        (line(2)[:-9], "not JSON"),
        (b"\x00" * 10, "not JSON"),
        (line(2, x="a").replace(b'"a"', b'"\x00"'), "not JSON"),
        (b"\xef\xbb\xbf" + line(2), "not JSON"),
        (line(2).decode().encode("utf-16"), "not JSON"),
        (line(2)[:-1] + b',"x":' + b"[" * 100_000, "nested too deep"),
        (b"{}", "missing required field"),
        (as_line(event(2) | {"seq": True}), "got `bool`"),
        (as_line(event(2) | {"seq": -1}), ">= 1"),
        (as_line(event(2) | {"segment": 0}), ">= 1"),
        (as_line(HEADER), "missing required field"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(tmp_path, bad, reason):
    error = refused(trace(tmp_path / "t", [line(1), bad, line(3)]), "line 3: ")

    assert reason in error.message
    assert error.hint


def test_a_cut_last_line_is_refused_with_its_number(tmp_path):
    path = trace(tmp_path / "t", lines(3))
    path.write_bytes(path.read_bytes()[:-20])

    problem = refused(path, "line 4: not JSON")
    assert "probably cut" in str(problem)
    assert "by a lost event" in problem.hint


def test_blank_lines_count_as_lines(tmp_path):
    refused(trace(tmp_path / "t", [b"", b"", line(1), b"x"]), "line 5: ")


def test_a_line_too_long_to_be_true_is_refused_before_it_is_read(tmp_path):
    refused(trace(tmp_path / "t", [line(1), line(2, x="x" * (16 << 20))]), "line 3 is longer than 16 MiB")
    refused(trace(tmp_path / "t", [b"x" * (33 << 20)]), "line 2 is longer than 16 MiB")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "is empty"),
        (line(1) + b"\n", "line 1: there is no header"),
        (b"\n" + as_line({**HEADER, "version": 3}) + b"\n", "line 2: the trace is of format version 3"),
        (as_line({**HEADER, "version": True}) + b"\n", "version"),
        (b"\x5a\x2a\x4d\x18\x08\x00\x00\x00", "line 1: the header is not JSON"),
    ],
)
def test_what_has_no_header_is_refused(tmp_path, content, reason):
    path = tmp_path / "t"
    path.write_bytes(content)

    refused(path, reason)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    refused(tmp_path / "no", "No such file")
    refused(tmp_path, "Is a directory")
