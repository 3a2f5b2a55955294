"""When a frame closes and when the file is synced, on a clock that the test turns."""

from __future__ import annotations

from lightleak.trace.format import FRAME_BYTES, FRAME_S, NAME_CHECK_S, SYNC_BYTES, SYNC_S
from lightleak.trace.writer import FOREVER, Schedule


def test_without_anything_to_do_it_waits_without_limit():
    assert Schedule().idle_s(7.0) == FOREVER


def test_a_frame_closes_a_quarter_of_a_second_after_its_first_line():
    schedule = Schedule()

    assert schedule.handed_over(100, 10.0)
    assert not schedule.handed_over(100, 10.2), "the first line sets the time"
    assert abs(schedule.idle_s(10.2) - (FRAME_S - 0.2)) < 1e-9
    assert schedule.idle_s(10.0 + FRAME_S) <= 0


def test_a_frame_closes_at_once_when_it_is_full():
    schedule = Schedule()
    schedule.handed_over(FRAME_BYTES - 1, 10.0)

    assert schedule.idle_s(10.0) > 0
    assert schedule.handed_over(1, 10.0)
    assert schedule.idle_s(10.0) <= 0


def test_what_is_written_is_synced_a_second_after_the_first_of_it():
    schedule = Schedule()
    schedule.handed_over(100, 10.0)
    schedule.taken()
    schedule.wrote(100, 10.25)
    schedule.wrote(100, 11.0)

    assert not schedule.sync_due(11.2)
    assert abs(schedule.idle_s(11.0) - (10.25 + SYNC_S - 11.0)) < 1e-9
    assert schedule.sync_due(10.25 + SYNC_S)


def test_much_that_is_written_is_synced_at_once():
    schedule = Schedule()
    schedule.wrote(SYNC_BYTES, 10.0)

    assert schedule.sync_due(10.0)


def test_after_a_sync_there_is_nothing_to_do():
    schedule = Schedule()
    schedule.wrote(100, 10.0)
    schedule.synced(99.0)

    assert not schedule.sync_due(99.0)
    assert schedule.idle_s(99.0) == NAME_CHECK_S


def test_the_name_is_checked_every_few_seconds_also_when_nothing_is_written():
    schedule = Schedule(checked_s=10.0)
    assert schedule.idle_s(10.5) == NAME_CHECK_S - 0.5
    assert not schedule.name_check_due(10.5)

    assert schedule.name_check_due(10.0 + NAME_CHECK_S)
    schedule.name_checked(20.0)
    assert not schedule.name_check_due(20.0 + NAME_CHECK_S / 2)
