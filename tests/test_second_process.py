"""Work that two processes share: the same result, in one process too."""

from __future__ import annotations

import os

import numpy as np
import pytest

from lightleak import second_process
from lightleak.second_process import SecondProcess, can_fork


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
