"""Verify finds what is broken, and does not call broken what the recording reports itself."""

from __future__ import annotations

import pytest

from lightleak.errors import TraceError
from lightleak.trace import Rotation
from lightleak.trace.frame_writer import RotatingWriter
from lightleak.trace.frames import seal
from lightleak.trace.session_file import SessionFile
from lightleak.trace.verify import PROBLEMS_MAX, verify
from lightleak.trace.verify_report import to_json, to_text
from tracekit import HEADER, line, lines, session


def test_a_whole_session_has_no_problem(tmp_path):
    found = verify(session(tmp_path / "a", lines(25)))

    assert found.ok
    assert (found.frames, found.events, found.closed, len(found.head)) == (5, 25, True, 64)


def test_recorded_gaps_and_losses_are_not_damage(tmp_path):
    events = [
        line(1, kind="process", phase="ready", identifier="a.b"),
        line(2, kind="lost", count=3, reason="outbox full"),
        line(6, kind="process", phase="exited", reason="killed"),
        line(100, 2),
    ]
    events[3] = line(1, 2, kind="process", phase="ready", identifier="a.b", wall_ns=2_000_000_000_000_000_000)
    found = verify(session(tmp_path / "a", events))

    assert found.ok
    assert (found.losses.events, [gap.reason for gap in found.gaps]) == (3, ["outbox full", "exited: killed"])


def test_a_hole_is_damage(tmp_path):
    found = verify(session(tmp_path / "a", [line(1), line(3)]))

    assert found.problems == ["segment 1: 1 event is missing between seq 1 and seq 3, and nothing says why"]


def test_a_missing_closing_seal_is_damage(tmp_path):
    found = verify(session(tmp_path / "a", lines(5), closed=False))

    assert not found.closed
    assert "no closing seal" in found.problems[0]


def test_a_recording_whose_writer_was_killed_is_usable_and_not_closed(tmp_path):
    """It was called "NOT whole" and "broken", though every event that was written is there. That the end is there, nothing shows."""
    path = session(tmp_path / "a", lines(5), closed=False)
    text = "\n".join(to_text(verify(path)))

    assert text.startswith("a: usable, but not closed: all 5 events in it are whole")
    assert "later events may be missing" in text
    assert "broken" not in text
    assert not verify(path).ok
    path.write_bytes(path.read_bytes()[:-3])
    assert "NOT whole" in "\n".join(to_text(verify(path)))


def test_a_cut_tail_is_damage(tmp_path):
    path = session(tmp_path / "a", lines(25))
    path.write_bytes(path.read_bytes()[:-30])
    found = verify(path)

    assert "an incomplete frame" in found.problems[0]
    assert "no closing seal" in found.problems[1]
    assert found.events == 25


def test_a_flipped_byte_is_damage_and_so_is_the_hole_that_it_leaves(tmp_path):
    path = session(tmp_path / "a", lines(25))
    frame = SessionFile(path).frames[2]
    content = bytearray(path.read_bytes())
    content[frame.offset + 20] ^= 1
    path.write_bytes(content)
    found = verify(path)

    assert "10 events lost" in found.problems[0]
    assert "10 events are missing between seq 10 and seq 21" in found.problems[1]
    assert found.events == 15


def test_an_event_changed_with_the_right_tools_breaks_the_chain(tmp_path, monkeypatch):
    """All checksums are right: only the seal's hash, which covers the seal before, is not."""

    def forged(body, previous, **rest):
        content, digest = seal(body, previous, **rest)
        return content.replace(b'"seq":12,', b'"seq":12 ,'), digest

    monkeypatch.setattr("lightleak.trace.frame_writer.seal", forged)
    found = verify(session(tmp_path / "a", lines(25)))

    assert found.problems == ["the seal of frame 3 does not fit: it or a frame before it was changed"]


def test_a_frame_taken_out_is_damage(tmp_path):
    path = session(tmp_path / "a", lines(25))
    content, frames = path.read_bytes(), SessionFile(path).frames
    ends = [frame.offset + frame.length for frame in frames]
    path.write_bytes(content[: ends[1]] + content[ends[2] :])

    assert verify(path).problems[0] == "frame 3 is missing: frame 4 is in its place"


def test_two_sessions_in_one_file_are_damage(tmp_path):
    one, two = (session(tmp_path / name, lines(5)) for name in "ab")
    one.write_bytes(one.read_bytes() + two.read_bytes())

    assert any("follows the closing seal" in problem for problem in verify(one).problems)


def test_a_line_that_is_not_an_event_is_named(tmp_path):
    found = verify(session(tmp_path / "a", [line(1), b"nonsense", line(2)]))

    assert [problem[:37] for problem in found.problems] == ["line 2 of frame 2 is not an event (JS"]
    assert found.events == 2


def test_endless_problems_are_counted_and_not_listed(tmp_path):
    found = verify(session(tmp_path / "a", [line(seq) for seq in range(2, 3_000, 2)], frame=1_000))

    assert len(found.problems) == PROBLEMS_MAX + 1
    assert found.problems[-1].endswith("more problems")


@pytest.fixture
def parts(tmp_path):
    parts = RotatingWriter(tmp_path / "week.lightleak", HEADER, force=False, rotation=Rotation(seconds=0))
    for first in range(0, 30, 10):
        parts.append(lines(30)[first : first + 10])
    parts.close()
    return parts.paths


def test_a_part_is_held_against_the_part_before_it(parts, tmp_path):
    other = session(tmp_path / "other", lines(10))
    other.replace(parts[0])
    found = verify(parts[1])

    assert found.part == 2
    assert found.problems == [
        f"{parts[1].name} says that it continues week.lightleak, but that file is not the one that it continues"
    ]


def test_a_part_whose_neighbours_are_elsewhere_is_whole_and_says_so(parts):
    parts[0].unlink()
    parts[2].unlink()
    found = verify(parts[1])

    assert found.ok
    assert "continues in week.3.lightleak" in found.notes[0]
    assert "was not checked" in found.notes[1]


def test_a_part_whose_neighbour_is_foreign_says_so(parts):
    parts[0].write_text("foreign")

    assert "cannot be read" in verify(parts[1]).notes[0]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", 7, None, "a\0b", "."])
def test_a_part_cannot_make_verify_read_elsewhere(tmp_path, name):
    header = {**HEADER, "continues": {"part": 2, "file": name, "head": "x"}}
    found = verify(session(tmp_path / "a", lines(5), header=header))

    assert "is not in the same folder" in found.notes[0]
    assert found.ok


def test_a_foreign_file_is_refused(tmp_path):
    (tmp_path / "a").write_text("foreign")

    with pytest.raises(TraceError):
        verify(tmp_path / "a")


def test_the_json_has_everything(tmp_path):
    events = [
        line(1, kind="process", phase="ready", identifier="a.b"),
        line(2, kind="lost", count=3, reason="full"),
        line(3),
    ]
    path = session(tmp_path / "a", events)
    told = to_json(verify(path))

    assert told == {
        "version": 1,
        "file": path.name,
        "ok": True,
        "closed": True,
        "session": HEADER["session"],
        "part": 1,
        "head": SessionFile(path).last_seal.hash,
        "frames": 3,
        "events": 3,
        "segments": [
            {
                "segment": 1, "identifier": "a.b", "events": 3, "lost": 3, "seq": [1, 3],
                "from": "2026-09-21T16:13:20.010+02:00", "to": "2026-09-21T16:13:20.030+02:00",
            }
        ],
        "gaps": [
            {
                "from": "2026-09-21T16:13:20.010+02:00", "to": "2026-09-21T16:13:20.030+02:00",
                "identifier": "a.b", "segment": 1, "count": 3, "reason": "full",
            }
        ],
        "lost": 3,
        "cut_short": 0,
        "problems": [],
        "notes": [],
    }  # fmt: skip


def test_the_text_has_everything_in_words(tmp_path):
    path = session(tmp_path / "a", [line(1), line(3)], closed=False)
    told = "\n".join(to_text(verify(path)))

    assert "NOT whole" in told
    assert "broken: segment 1: 1 event is missing" in told
    assert f"head hash {SessionFile(path).last_seal.hash}" in told


def test_times_outside_every_calendar_are_written_as_numbers(tmp_path):
    path = session(tmp_path / "a", [line(1, wall_ns=2**62), line(2, wall_ns=10**30)])

    assert to_json(verify(path))["segments"][0]["to"] == f"{10**30} ns"
