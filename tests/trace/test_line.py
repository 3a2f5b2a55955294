"""An event line from elsewhere is trusted only after it was checked."""

from __future__ import annotations

import json

import pytest

from lightleak.errors import TraceError
from lightleak.trace.line import KINDS, NESTING_MAX, check_event, same_event
from tracekit import as_line, event


def nested(depth: int) -> bytes:
    return as_line(event(1))[:-1] + b',"deep":' + b"[" * depth + b"]" * depth + b"}"


def test_the_required_keys_are_enough():
    least = {"kind": "access", "segment": 1, "seq": 1, "wall_ns": 0, "mono_ns": 0}

    assert check_event(as_line(least)).seq == 1


@pytest.mark.parametrize("key", ["kind", "segment", "seq", "wall_ns", "mono_ns"])
def test_each_required_key_is_required(key):
    without = event(1)
    del without[key]

    with pytest.raises(TraceError, match=f"missing required field `{key}`"):
        check_event(as_line(without))


@pytest.mark.parametrize("key", ["segment", "seq", "wall_ns", "mono_ns"])
@pytest.mark.parametrize("value", [True, 1.0, "1", None, [], {}, 2**62 + 1, -(2**62) - 1, 10**30])
def test_a_number_is_a_whole_number_that_fits(key, value):
    with pytest.raises(TraceError, match="not an event"):
        check_event(as_line(event(1) | {key: value}))


@pytest.mark.parametrize("key", ["segment", "seq"])
@pytest.mark.parametrize("value", [0, -1])
def test_segments_and_numbers_count_from_one(key, value):
    with pytest.raises(TraceError, match="not an event"):
        check_event(as_line(event(1) | {key: value}))


@pytest.mark.parametrize("key", ["tid", "cause", "of"])
def test_numbers_that_need_not_be_there_are_numbers_or_null(key):
    check_event(as_line(event(1) | {key: None}))
    with pytest.raises(TraceError, match="not an event"):
        check_event(as_line(event(1) | {key: "1"}))


@pytest.mark.parametrize(
    "text",
    [
        b"", b"nonsense", b"{", b'"text"', b"[]", b"null", b"{}", as_line(event(1))[:-1], as_line(event(1)) + b"x",
        as_line(event(1))[:-1] + b',"x":NaN}', as_line(event(1))[:-1] + b',"x":1e999}',
        as_line(event(1))[:-1] + b',"x":"\xff"}', as_line(event(1))[:-1] + b',"x":"a\x00b"}',
        as_line(event(1))[:-1] + b',"\xc3(":1}', b"\xef\xbb\xbf" + as_line(event(1)),
    ],
)  # fmt: skip
def test_what_is_not_json_or_no_object_is_refused(text):
    with pytest.raises(TraceError):
        check_event(text)


def test_nesting_is_bounded_before_any_reader_gives_up():
    check_event(nested(NESTING_MAX - 1))
    for depth in (NESTING_MAX + 1, 900, 200_000):
        with pytest.raises(TraceError, match="nested too deep"):
            check_event(nested(depth))


def test_many_brackets_in_a_row_are_not_nesting():
    frames = [{"image": "UIKit", "offset": n} for n in range(1_000)]

    assert check_event(as_line(event(1, kind="stack", frames=frames))).kind == "stack"


def test_unknown_keys_and_kinds_are_taken():
    assert check_event(as_line(event(1, kind="weather", rain={"mm": [1, None]}))).kind == "weather"
    assert "weather" not in KINDS


def test_two_lines_are_the_same_event_in_whatever_order_and_spacing():
    one = event(1, detail={"a": 1, "b": [1, 2]})
    other = json.dumps(dict(reversed(one.items())), indent=1).replace("\n", " ").encode()

    assert same_event(as_line(one), other)
    assert not same_event(as_line(one), as_line(one | {"detail": {"a": 1, "b": [2, 1]}}))
    assert not same_event(as_line(one | {"x": 1}), as_line(one | {"x": True}))
