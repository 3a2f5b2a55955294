"""A long session spans several files and stays one session."""

from __future__ import annotations

from types import SimpleNamespace

import lightleak
from lightleak.trace import Rotation, frame_writer, grouped
from lightleak.trace.frame_writer import RotatingWriter, part_path
from lightleak.trace.verify import verify
from tracekit import HEADER, lines


def write(path, count, rotation=None, frame=10) -> RotatingWriter:
    parts = RotatingWriter(path, HEADER, force=False, rotation=rotation or Rotation(size_bytes=1_000))
    made = lines(count)
    for first in range(0, count, frame):
        parts.append(made[first : first + frame])
    parts.close()
    return parts


def test_parts_are_numbered_from_the_second_on(tmp_path):
    assert part_path(tmp_path / "week.lightleak", 1).name == "week.lightleak"
    assert part_path(tmp_path / "week.lightleak", 3).name == "week.3.lightleak"
    assert part_path(tmp_path / "week", 2).name == "week.2"


def test_each_part_opens_alone_and_all_together_are_one_session(tmp_path):
    parts = write(tmp_path / "week.lightleak", 100)
    opened = [lightleak.open(path) for path in parts.paths]

    assert len(opened) > 2
    assert all(each.closed and not each.notices for each in opened)
    (whole,) = grouped(reversed(opened))
    assert whole.paths == parts.paths
    assert list(whole.lines()) == lines(100)
    assert [event.seq for event in whole.events()] == list(range(1, 101))
    assert whole.head_hash == parts.head


def test_a_part_says_what_it_continues_and_the_chain_goes_on(tmp_path):
    parts = write(tmp_path / "week.lightleak", 40)
    first, second = (lightleak.open(path) for path in parts.paths[:2])

    assert second.header == {**HEADER, "continues": {"part": 2, "file": "week.lightleak", "head": first.head_hash}}
    assert first.parts[0].last_seal.next == "week.2.lightleak"


def test_each_part_is_whole_for_verify(tmp_path):
    for path in write(tmp_path / "week.lightleak", 100).paths:
        found = verify(path)

        assert (found.problems, found.notes) == ([], [])


def test_a_file_that_has_a_parts_name_already_is_left_alone(tmp_path):
    (tmp_path / "week.2.lightleak").write_text("mine")
    parts = write(tmp_path / "week.lightleak", 40)
    second = lightleak.open(parts.paths[1])

    assert (tmp_path / "week.2.lightleak").read_text() == "mine"
    assert lightleak.open(parts.paths[0]).parts[0].last_seal.next == second.path.name
    assert list(grouped(map(lightleak.open, parts.paths))[0].lines()) == lines(40)


def test_time_also_begins_the_next_part_but_never_an_empty_one(tmp_path):
    parts = write(tmp_path / "week.lightleak", 30, Rotation(seconds=0))

    assert [len(list(lightleak.open(path).lines())) for path in parts.paths] == [10, 10, 10]


def test_a_part_lasts_as_long_as_was_asked(tmp_path, monkeypatch):
    clock = SimpleNamespace(s=1_000.0)
    monkeypatch.setattr(frame_writer, "time", SimpleNamespace(monotonic=lambda: clock.s))
    parts = RotatingWriter(tmp_path / "week.lightleak", HEADER, force=False, rotation=Rotation(seconds=60))
    for clock.s in (1_000.0, 1_059.0, 1_060.0, 1_119.0, 1_121.0):
        parts.append(lines(1))
    parts.close()

    assert [len(list(lightleak.open(path).lines())) for path in parts.paths] == [2, 2, 1]


def test_without_a_rule_it_is_one_file(tmp_path):
    parts = write(tmp_path / "week.lightleak", 100, Rotation())

    assert parts.paths == [tmp_path / "week.lightleak"]


def test_the_size_is_that_of_all_files(tmp_path):
    parts = write(tmp_path / "week.lightleak", 100)

    assert parts.size == sum(path.stat().st_size for path in parts.paths)
