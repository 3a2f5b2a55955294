"""A session of any number of segments is read in one pass, or in as many as its size asks for: counted, not timed."""

from __future__ import annotations

from collections import Counter

import pytest

import lightleak
from lightleak.events import Event
from lightleak.trace import session as sessions
from lightleak.trace.file_order import FileOrder
from lightleak.trace.session_file import SessionFile
from lightleak.views.live.state import LiveState
from tracekit import event, line, session


@pytest.fixture
def unpacked(monkeypatch) -> Counter[int]:
    """How often each frame was unpacked, by its place in the file."""
    counted: Counter[int] = Counter()
    contents = SessionFile.contents

    def count(self, only=None):
        for frame, content in contents(self, only):
            counted[frame.offset] += 1
            yield frame, content

    monkeypatch.setattr(SessionFile, "contents", count)
    return counted


def mixed(count: int) -> list[bytes]:
    """Two events of each segment, far apart in the file."""
    return [line(seq, segment, depth="data") for seq in (1, 2) for segment in range(1, count + 1)]


@pytest.mark.parametrize("frame", [50, 10_000])
def test_each_frame_is_read_once_for_all_its_segments(tmp_path, unpacked, frame):
    """A frame was decoded once for each segment in it: 60,000 segments in one small file did not end."""
    path = session(tmp_path / "s", mixed(500), frame=frame)
    opened = lightleak.open(path)
    unpacked.clear()
    places = [(each.segment, each.seq) for each in opened.events()]

    assert places == [(segment, seq) for segment in range(1, 501) for seq in (1, 2)]
    assert max(unpacked.values()) == 1
    unpacked.clear()
    assert sum(1 for _ in opened.events()) == 1000
    assert max(unpacked.values()) == 1


def test_what_does_not_fit_into_the_memory_is_read_in_groups(tmp_path, unpacked):
    path = session(tmp_path / "s", mixed(40), frame=1000)
    size = sum(len(each) + 1 for each in mixed(40))
    order = FileOrder(SessionFile(path), group_bytes=size // 4)
    unpacked.clear()
    assert [each.segment for each in order.events()] == [segment for segment in range(1, 41) for _ in (1, 2)]
    assert max(unpacked.values()) <= 8


def test_parts_share_the_memory_that_one_file_has(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "GROUP_BYTES", 8 << 20)
    asked = []
    monkeypatch.setattr(FileOrder, "__init__", lambda self, part, group_bytes, is_alone: asked.append(group_bytes))
    monkeypatch.setattr(FileOrder, "events", lambda self, odd: iter(()))
    parts = [SessionFile(session(tmp_path / name, [line(1, number)])) for number, name in enumerate("abcd", 1)]
    list(lightleak.Session(parts).events())
    assert len(asked) == 4
    assert sum(asked) <= 8 << 20


def test_a_live_view_does_not_look_at_all_processes_for_each_new_one():
    """It copied the table for each segment: 40,000 of them did not end."""
    state = LiveState()
    looked = 0

    class Counted(dict[int, object]):
        def items(self):
            nonlocal looked
            looked += 1
            return super().items()

    state.processes = Counted()  # type: ignore[assignment]
    state.feed(Event(event(1, segment, "process", phase="ready")) for segment in range(1, 100))
    assert (looked, len(state.processes)) == (0, 99)
    state.feed([Event(event(2, 5, "process", phase="exited")), Event(event(1, 100, "process", phase="ready"))])
    assert 5 not in state.processes
    assert len(state.processes) == 99
