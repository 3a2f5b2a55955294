"""Work that two processes share: the same result, in one process too."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from lightleak import second_process
from lightleak.second_process import SecondProcess, WorkAhead, can_fork


def result_of(work, room_bytes=1 << 20):
    with SecondProcess(work, room_bytes=room_bytes) as other:
        return other.result()


@pytest.mark.parametrize("room_bytes", [-1, 0, 1, 799, 800, 850, 1 << 20, 1 << 80])
def test_arrays_come_whole_whatever_room_there_is(room_bytes):
    sent = ("names", np.arange(100), np.zeros(0, np.int32), np.ones(7, np.uint8))
    found = result_of(lambda: sent, room_bytes)
    assert found[0] == "names"
    assert all(
        np.array_equal(one, other) and one.dtype == other.dtype for one, other in zip(found[1:], sent[1:], strict=True)
    )
    found[1][:] += 1  # and can be written to, as the caller's own


def test_the_work_is_done_in_another_process():
    assert result_of(os.getpid) not in (None, os.getpid())


def test_a_process_that_fails_or_dies_brings_nothing():
    def fail():
        raise ValueError

    assert result_of(fail) is None
    assert result_of(lambda: os._exit(9)) is None


def test_without_memory_or_processes_there_is_no_result(monkeypatch):
    def no_more():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", no_more)
    assert result_of(lambda: 1) is None
    monkeypatch.undo()
    monkeypatch.setattr(second_process.mmap, "mmap", lambda *_: no_more())
    assert result_of(lambda: 1) is None


def test_there_is_no_fork_among_threads(monkeypatch):
    monkeypatch.setattr(second_process.threading, "active_count", lambda: 2)
    assert not can_fork()


COUNT = 100
SLOT_BYTES = 4096


def content(number: int) -> bytes:
    return b"%d " % number * (number % 50)


def note(number: int) -> bytes:
    return b"%d" % number


def ahead(work=lambda number: (content(number), note(number))) -> WorkAhead:
    return WorkAhead(work, COUNT, slot_bytes=SLOT_BYTES)


def brought(other: WorkAhead, numbers, seconds=2.0) -> list[int]:
    """Take items and check what comes; return the numbers that came. Waits for each but the first for some time."""
    came = []
    for number in numbers:
        until = time.monotonic() + (seconds if number else 0)
        while other._child and number not in other._done and time.monotonic() < until:
            other._collect()
            time.sleep(0.001)
        if (found := other.take(number)) is not None:
            assert found.room[found.start : found.stop] == content(number)
            assert found.note.rstrip(b"\0") == note(number)
            came.append(number)
    return came


def test_items_are_done_before_they_are_asked_for():
    with ahead() as other:
        assert brought(other, range(COUNT)) == list(range(1, COUNT))
    assert multiprocessing.active_children() == []


def test_one_that_does_not_wait_does_the_rest_itself_and_gets_no_wrong_item():
    with ahead() as other:
        came = brought(other, range(COUNT), seconds=0)
    assert set(came) <= set(range(1, COUNT))


def test_items_that_are_passed_over_are_left_out():
    with ahead() as other:
        assert brought(other, [0, 7, 8, 15, 16, 23]) == [7, 8, 15, 16, 23]
        assert brought(other, [60, 61], seconds=0.5) == [61], "it does not do what was asked for before it got there"


def test_what_is_too_long_or_not_to_be_done_is_left_to_the_caller():
    def work(number):
        return (
            None if number % 3 == 0 else (bytes(SLOT_BYTES + 1) if number % 3 == 1 else content(number), note(number))
        )

    with ahead(work) as other:
        for number in range(12):
            assert bool(brought(other, [number], seconds=0.2)) == (number % 3 == 2)


@pytest.mark.parametrize("end", [lambda: 1 / 0, lambda: os._exit(9), lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_a_fork_that_fails_or_dies_brings_what_it_had_done(end):
    with ahead(lambda number: end() if number == 4 else (content(number), note(number))) as other:
        assert brought(other, range(COUNT), seconds=0.05) == [1, 2, 3]


def test_without_memory_or_processes_there_is_no_item(monkeypatch):
    def no_more():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", no_more)
    with ahead() as other:
        assert brought(other, [0, 1, 2], seconds=0) == []
    monkeypatch.undo()
    monkeypatch.setattr(second_process.mmap, "mmap", lambda *_: no_more())
    with ahead() as other:
        assert brought(other, [0, 1, 2], seconds=0) == []


def test_an_interrupt_does_not_stop_the_fork_which_ends_with_its_parent():
    pids = os.pipe()

    def parent() -> None:
        other = ahead()
        brought(other, [0, 1])
        os.kill(other._child.pid, signal.SIGINT)
        assert brought(other, [2, 3]) == [2, 3]
        os.write(pids[1], b"%d" % other._child.pid)
        os._exit(0)  # without any of what a context does

    child = os.fork()
    if child == 0:
        try:
            parent()
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    pid = int(os.read(pids[0], 20))
    for _ in range(500):
        if not _runs(pid):
            break
        time.sleep(0.01)
    assert not _runs(pid)


def _half() -> None:
    with SecondProcess(lambda: 1, room_bytes=1) as other:
        assert other.result() is None


def _ahead() -> None:
    with ahead():
        pass


@pytest.mark.parametrize("use", [_half, _ahead])
def test_a_fork_that_is_ended_in_its_first_moment_never_goes_on_as_its_parent(use, monkeypatch):
    def interrupt(_number, _frame):
        raise KeyboardInterrupt  # as the command line does

    def fork_that_is_ended() -> int:
        pid = fork()
        if pid == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return pid

    fork, me, escaped = os.fork, os.getpid(), os.pipe()
    monkeypatch.setattr(os, "fork", fork_that_is_ended)
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        use()
    finally:
        if os.getpid() != me:
            os.write(escaped[1], b"x")
            os._exit(1)
        signal.signal(signal.SIGTERM, before)
    os.close(escaped[1])
    assert os.read(escaped[0], 1) == b""


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
