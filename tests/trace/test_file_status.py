"""A damaged, cut or unfinished file opens, gives what it has, and says what is missing."""

from __future__ import annotations

import random

import pytest

import lightleak
from lightleak.errors import TraceError
from lightleak.trace.session_file import SessionFile
from lightleak.trace.verify import verify
from tracekit import HEADER, as_line, lines, session

EVENTS = lines(40)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return session(tmp_path_factory.mktemp("whole") / "a.lightleak", EVENTS).read_bytes()


def test_cut_at_every_position_it_opens_with_all_frames_before_the_cut(whole, tmp_path):
    path = tmp_path / "a.lightleak"
    path.write_bytes(whole)
    ends = [frame.offset + frame.length for frame in SessionFile(path).frames]
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        frames = sum(end <= cut for end in ends)
        if not frames:
            with pytest.raises(TraceError):
                lightleak.open(path)
            continue
        opened = lightleak.open(path)

        assert list(opened.lines()) == EVENTS[: (frames - 1) * 10]
        assert not opened.closed
        said = " ".join(opened.notices)
        assert "no closing seal" in said
        left = cut - ends[frames - 1]
        assert (f"{left} byte" in opened.notices[0]) == bool(left)
        assert (f"seq {(frames - 1) * 10}" if frames > 1 else "there is no event") in said


def test_each_of_many_flipped_bytes_is_reported_and_costs_one_frame_at_most(whole, tmp_path):
    """The figure of a thousand in the bench; here enough to meet headers, tables, content and checksums."""
    path = tmp_path / "a.lightleak"
    path.write_bytes(whole)
    first_end = SessionFile(path).frames[0].offset + SessionFile(path).frames[0].length
    chance = random.Random(7)
    for _ in range(300):
        flipped = bytearray(whole)
        position = chance.randrange(len(whole))
        flipped[position] ^= chance.randrange(1, 256)
        path.write_bytes(flipped)
        if position < first_end:
            with pytest.raises(TraceError):
                lightleak.open(path)
            continue
        opened = lightleak.open(path)
        kept = list(opened.lines())

        assert opened.notices
        assert not verify(path).ok
        assert len(kept) >= 30
        assert [each for each in EVENTS if each in kept] == kept


def test_damage_in_the_middle_reports_how_many_events_it_cost(whole, tmp_path):
    path = tmp_path / "a.lightleak"
    path.write_bytes(whole)
    frames = SessionFile(path).frames
    broken = bytearray(whole)
    broken[frames[2].offset + 9] ^= 1
    broken[frames[3].offset + 9] ^= 1
    path.write_bytes(broken)
    opened = lightleak.open(path)

    assert len(opened.notices) == 1
    assert "20 events lost" in opened.notices[0]
    assert opened.closed
    assert [event.seq for event in opened.events()] == [*range(1, 11), *range(31, 41)]


def test_bytes_after_the_closing_seal_are_reported(whole, tmp_path):
    path = tmp_path / "a.lightleak"
    path.write_bytes(whole + b"more")
    opened = lightleak.open(path)

    assert opened.notices == [f"4 bytes at the end of {path.name} are an incomplete frame and lost"]
    assert not opened.closed


def test_a_writer_at_work_is_not_called_damaged(tmp_path):
    opened = lightleak.open(session(tmp_path / "a", lines(3), closed=False))

    assert len(opened.notices) == 1
    assert "still writing" in opened.notices[0]
    assert "seq 3" in opened.notices[0]


@pytest.mark.parametrize(
    ("content", "reason", "remedy"),
    [
        (b"", "is empty", "killed before writing"),
        (b"\x5a\x2a\x4d", "first frame", "another copy"),
        (b"PK\x03\x04" + bytes(100), "not a session file", "name a session file"),
        (b'{"kind":"header"}\n', "not a session file", "lightleak import"),
        (b"\xef\xbb\xbf\r\n {}", "not a session file", "lightleak import"),
        (b'{"accessor":{"identifier":"a"},"type":"access"}\n', "not a session file", "it is a privacy report"),
        (
            b'{"domain":"a.example","bundleID":"a","type":"networkActivity"}\n',
            "not a session",
            "it is a privacy report",
        ),
        (b"\x28\xb5\x2f\xfd" + bytes(100), "not a session file", "name a session file"),
    ],
)
def test_a_foreign_file_is_refused_with_the_way_out(tmp_path, content, reason, remedy):
    path = tmp_path / "a"
    path.write_bytes(content)

    with pytest.raises(TraceError, match=reason) as caught:
        lightleak.open(path)
    assert str(path) in caught.value.message
    assert remedy in caught.value.hint


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(TraceError, match="No such file"):
        lightleak.open(tmp_path / "no")
    with pytest.raises(TraceError, match="Is a directory"):
        lightleak.open(tmp_path)


@pytest.mark.parametrize("header", [[], {"kind": "header"}, {"kind": "header", "format": "x", "version": 1}])
def test_a_file_of_frames_without_a_header_is_foreign(tmp_path, header, monkeypatch):
    monkeypatch.setattr("tracekit.encode_header", as_line)
    path = session(tmp_path / "a", lines(1), header=header or {"kind": "nothing"})

    with pytest.raises(TraceError, match="header"):
        lightleak.open(path)


@pytest.mark.parametrize(("kind", "named"), [("virtual", "a virtual device"), ("simulator", "a simulator")])
def test_a_session_of_a_virtual_device_says_that_it_is_no_phone(tmp_path, kind, named):
    opened = lightleak.open(
        session(tmp_path / "a.lightleak", EVENTS, header=HEADER | {"device": {"model": "iPhone99,11", "kind": kind}})
    )

    assert opened.notices == [
        f"a.lightleak was recorded on {named}, which is not a phone: what an app did there need not be what it does on a phone"
    ]
    assert kind in opened._repr_html_()


@pytest.mark.parametrize("kind", ["physical", "stand-in", None, "Virtual", ["virtual"], 1])
def test_what_is_not_known_to_be_virtual_is_not_called_so(tmp_path, kind):
    opened = lightleak.open(session(tmp_path / "a.lightleak", EVENTS, header=HEADER | {"device": {"kind": kind}}))
    assert not [notice for notice in opened.notices if "phone" in notice]
