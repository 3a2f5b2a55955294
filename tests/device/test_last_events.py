"""How long an agent is asked for more once its hooks are out."""

from __future__ import annotations

from itertools import count

from lightleak.device.recorder.last_events import LATE_ROUNDS, LastEvents


def test_an_agent_in_which_events_wait_is_asked_until_nothing_more_comes() -> None:
    last = LastEvents()
    last.stopped(10_000)

    assert all(last.more_may_come(delivered) for delivered in range(0, 9_999, 50))
    assert last.more_may_come(9_999)
    assert not last.more_may_come(9_999)


def test_stacks_that_come_late_are_taken_too() -> None:
    last = LastEvents()
    last.stopped(10)

    assert last.more_may_come(9)
    last.stopped(12)
    assert last.more_may_come(11)
    assert not last.more_may_come(11)


def test_an_agent_whose_numbers_rise_on_and_on_is_not_asked_forever() -> None:
    last = LastEvents()
    last.stopped(10)
    asked = 0
    for delivered in count(9, 7):
        last.stopped(delivered + 8)
        if not last.more_may_come(delivered):
            break
        asked += 1

    assert asked == LATE_ROUNDS
