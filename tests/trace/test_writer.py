"""The writer takes lines without waiting, reports what is on the disk, and never loses that."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from queue import Queue

import pytest

import lightleak
from lightleak.errors import FileError, TraceError
from lightleak.trace import Rotation, Writer, grouped
from lightleak.trace.format import NAME_CHECK_S
from lightleak.trace.verify import verify
from tracekit import HEADER, line, lines


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.lightleak"


def test_lines_are_kept_word_for_word(path):
    odd = [b'{ "kind":"x" ,"segment":1,"seq":1,"wall_ns":0,"mono_ns":0,"n":1.50,"t":"\\u00e9\xc3\xa9"}', *lines(5)[1:]]
    with Writer(path, HEADER) as writer:
        writer.write(odd[:1])
        writer.write(iter(odd[1:]))

    assert list(lightleak.open(path).lines()) == odd


def test_a_file_can_be_opened_before_any_event_came(path):
    with Writer(path, HEADER):
        assert lightleak.open(path).header == HEADER


def test_closing_gives_the_head_hash_and_a_file_without_fault(path):
    writer = Writer(path, HEADER)
    writer.write(lines(5))
    head = writer.close()

    assert writer.close() == head, "closing twice is no fault"
    assert (verify(path).problems, lightleak.open(path).head_hash) == ([], head)


def test_flush_waits_until_all_is_on_the_disk(path):
    with Writer(path, HEADER) as writer:
        writer.write(lines(5))
        writer.flush()

        assert writer.durable == writer.handed_over == 5
        assert list(lightleak.open(path).lines()) == lines(5)


def test_lines_reach_the_disk_without_being_asked_for(path):
    reached = threading.Event()
    with Writer(path, HEADER, on_durable=lambda _count: reached.set()) as writer:
        writer.write(lines(5))

        assert reached.wait(30)
        assert list(lightleak.open(path).lines()) == lines(5)


def test_what_is_called_durable_is_in_the_file_and_was_synced(path, monkeypatch):
    synced_bytes, told, fsync = [0], [], os.fsync

    def noting(descriptor):
        fsync(descriptor)
        synced_bytes[0] = os.fstat(descriptor).st_size

    def check(count):
        synced = path.read_bytes()[: synced_bytes[0]]
        copy = path.with_name("synced")
        copy.write_bytes(synced)
        told.append((count, len(list(lightleak.open(copy).lines()))))

    monkeypatch.setattr(os, "fsync", noting)
    made = lines(3_000)
    with Writer(path, HEADER, on_durable=check) as writer:
        for first in range(0, 3_000, 100):
            writer.write(made[first : first + 100])
            if first % 1_000 == 0:
                writer.flush()

    assert [count for count, _ in told] == sorted({count for count, _ in told})
    assert all(in_file >= count for count, in_file in told)
    assert told[-1][0] == 3_000


def test_what_comes_while_the_disk_syncs_is_not_called_durable_yet(path, monkeypatch):
    made, told, fsync = lines(20), [], os.fsync
    writer = Writer(path, HEADER, on_durable=told.append)

    def slow(descriptor):
        if not told and writer.handed_over == 10:
            writer.write(made[10:])
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    writer.write(made[:10])
    writer.flush()
    writer.close()

    assert told == [10, 20]


def test_a_writer_that_has_done_all_waits_and_does_not_spin(path):
    with Writer(path, HEADER) as writer:
        writer.write(lines(5))
        writer.flush()

        assert writer._schedule.idle_s(writer._schedule.checked_s) == NAME_CHECK_S


def test_handing_over_does_not_wait_for_a_disk_that_hangs(path, monkeypatch):
    hanging, released, fsync = threading.Event(), threading.Event(), os.fsync
    with Writer(path, HEADER) as writer:

        def hang(descriptor):
            hanging.set()
            released.wait(30)
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", hang)
        writer.write(lines(2)[:1])
        waiting = threading.Thread(target=writer.flush)
        waiting.start()
        assert hanging.wait(30)
        writer.write(lines(2)[1:])

        assert writer.handed_over == 2
        assert writer.durable == 0
        released.set()
        waiting.join(30)

    assert list(lightleak.open(path).lines()) == lines(2)


def test_many_threads_lose_nothing_and_keep_their_order(path):
    made = {segment: lines(500, segment) for segment in range(1, 7)}

    def hand_over(segment):
        for first in range(0, 500, 7):
            writer.write(made[segment][first : first + 7])

    with Writer(path, HEADER) as writer:
        threads = [threading.Thread(target=hand_over, args=(segment,)) for segment in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    opened = lightleak.open(path)
    assert sorted(opened.lines()) == sorted(each for segment in made.values() for each in segment)
    assert [(event.segment, event.seq) for event in opened.events()] == [
        (segment, seq) for segment in range(1, 7) for seq in range(1, 501)
    ]


@pytest.mark.parametrize("bad", [b"", b"{}\n{}", b"x" * ((16 << 20) + 1)])
def test_what_is_not_one_line_is_refused_with_all_of_its_call(path, bad):
    with Writer(path, HEADER) as writer:
        writer.write(lines(2)[:1])
        with pytest.raises(TraceError, match="one line"):
            writer.write([*lines(2)[1:], bad])

    assert list(lightleak.open(path).lines()) == lines(2)[:1]


def test_a_line_of_16_mib_goes_through(path):
    long = line(1, text="x" * (16 << 20))[: 16 << 20]
    with Writer(path, HEADER) as writer:
        writer.write([long])

    assert list(lightleak.open(path).lines()) == [long]


def test_an_existing_file_is_refused_before_anything_starts(path):
    path.write_text("mine")

    with pytest.raises(FileError, match="exists"):
        Writer(path, HEADER)
    assert path.read_text() == "mine"
    Writer(path, HEADER, force=True).close()
    assert lightleak.open(path).closed


def test_after_closing_nothing_is_taken(path):
    writer = Writer(path, HEADER)
    writer.close()

    with pytest.raises(FileError, match="closed"):
        writer.write(lines(1))


def test_a_full_disk_is_an_error_at_once_and_from_then_on(path, monkeypatch):
    told, write = [], os.write
    heard = threading.Event()

    def hear(problem):
        told.append(problem)
        heard.set()

    writer = Writer(path, HEADER, on_error=hear)
    writer.write(lines(5))
    writer.flush()

    def full(descriptor, data):
        if len(data) > 50:
            return write(descriptor, data[:50])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    writer.write(lines(9)[5:])

    assert heard.wait(30)
    assert [problem.message for problem in told] == [f"{path} cannot be written (No space left on device)"]
    for call in (lambda: writer.write(lines(1)), writer.flush, writer.close):
        with pytest.raises(FileError, match="No space left"):
            call()
    assert writer.durable == 5
    opened = lightleak.open(path)
    assert (list(opened.lines()), opened.closed) == (lines(5), False)


def test_a_fault_in_the_writer_itself_is_an_error_too(path, monkeypatch):
    writer = Writer(path, HEADER)

    def broken(_lines):
        raise ZeroDivisionError

    monkeypatch.setattr(writer._files, "append", broken)
    writer.write(lines(1))

    with pytest.raises(FileError, match="ZeroDivisionError"):
        writer.flush()


def test_a_file_replaced_under_the_writer_ends_the_recording_and_loses_nothing_durable(path, tmp_path):
    writer = Writer(path, HEADER)
    writer.write(lines(5))
    writer.flush()
    (tmp_path / "other").write_text("theirs")
    (tmp_path / "other").replace(path)
    writer.write(lines(9)[5:])

    with pytest.raises(FileError, match="replaced") as caught:
        writer.flush()
    saved = next(each for each in tmp_path.iterdir() if "rescued" in each.name)
    assert saved.name in caught.value.hint
    assert list(lightleak.open(saved).lines())[:5] == lines(5)


def test_a_file_replaced_while_nothing_is_written_is_noticed_within_seconds(path, tmp_path):
    problems = Queue()
    writer = Writer(path, HEADER, on_error=problems.put)
    path.rename(tmp_path / "mine")

    assert "moved, removed or replaced" in problems.get(timeout=30).message
    with pytest.raises(FileError, match="replaced"):
        writer.check()
    assert lightleak.open(tmp_path / "mine").header["session"] == HEADER["session"]


def test_a_rotated_session_is_one_session(path):
    told = []
    with Writer(path, HEADER, rotation=Rotation(size_bytes=400), on_durable=told.append) as writer:
        for each in lines(20):
            writer.write([each])
            writer.flush()

    assert len(writer.paths) > 2
    assert told == list(range(1, 21))
    assert list(grouped(map(lightleak.open, writer.paths))[0].lines()) == lines(20)
    assert writer.size_bytes == sum(each.stat().st_size for each in writer.paths)


_LIMITED = """
import resource, sys
from pathlib import Path
from lightleak.errors import FileError
from lightleak.trace import Writer
from tracekit import HEADER, lines
writer = Writer(Path(sys.argv[1]), HEADER)
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))
try:
    for each in lines(10_000):
        writer.write([each])
        writer.flush()
except FileError as problem:
    print(writer.durable, problem)
"""


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="a limit of POSIX")
def test_a_real_limit_of_the_system_stops_it_with_all_that_was_durable(path):
    told, _ = child(_LIMITED, path).communicate(timeout=60)
    durable, _, sentence = told.partition(" ")

    assert "File too large" in sentence
    assert int(durable) > 0
    assert list(lightleak.open(path).lines()) == lines(int(durable))
    assert path.stat().st_size <= 3_000


_KILLED = """
import sys
from pathlib import Path
from lightleak.trace import Writer
from tracekit import HEADER, lines
writer = Writer(Path(sys.argv[1]), HEADER, on_durable=lambda count: print(count, flush=True))
made = lines(20_000)
for first in range(0, len(made), 50):
    writer.write(made[first:first + 50])
    if first % 1_000 == 0:
        writer.flush()
print("done", flush=True)
"""


@pytest.mark.parametrize("told_before", range(1, 14, 3))
def test_a_writer_killed_at_any_moment_loses_nothing_that_was_durable(path, told_before):
    process = child(_KILLED, path)
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(told_before)]
    time.sleep(0.0007 * told_before)  # somewhere within a frame, a different place each time
    process.kill()
    told += process.stdout.readlines()
    process.wait()
    durable = max(int(each) for each in told if each.strip().isdigit())
    opened = lightleak.open(path)
    found = list(opened.lines())

    assert len(found) >= durable > 0
    assert found == lines(len(found))
    assert not opened.closed
    assert f"seq {len(found)}" in opened.notices[-1]
    assert len(list(path.parent.iterdir())) == 1, "nothing else is left behind"
