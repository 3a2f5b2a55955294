"""Clocks, pulse, receipts, tally and lines: the pure parts around a segment."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.device.clocks import DeviceClocks, measure_offset
from lightleak.device.reconnect import delays
from lightleak.device.recorder.event_codec import LINE_BYTES_MAX, encode_event
from lightleak.device.recorder.segment import BEAT_NS, Acknowledgements, Heartbeat
from lightleak.device.recorder.statistics import RecordingStats
from lightleak.events import NS_PER_MS, NS_PER_S, Event


def event(kind: str, seq: int = 1, **fields: object) -> Event:
    return Event(
        {"kind": kind, "segment": 1, "seq": seq, "wall_ns": seq * NS_PER_S, "mono_ns": seq * NS_PER_S, **fields}
    )


def test_an_offset_is_that_of_the_quickest_round_trip() -> None:
    waits = iter([0.02, 0.0, 0.01])

    async def read() -> tuple[int, int]:
        await asyncio.sleep(next(waits))
        return (10**18, 5)

    offset = asyncio.run(measure_offset(read, rounds=3))

    assert offset.error_ns < 5 * NS_PER_MS
    assert offset.clocks == (10**18, 5)


def test_an_event_older_than_what_is_known_does_not_set_the_clocks_back() -> None:
    clocks = DeviceClocks((100 * NS_PER_S, 50 * NS_PER_S), host_ns=0)
    clocks.note((99 * NS_PER_S, 49 * NS_PER_S), host_ns=NS_PER_S)

    assert clocks.at(2 * NS_PER_S) == (102 * NS_PER_S, 52 * NS_PER_S)


def test_a_step_seen_in_an_event_is_told_with_the_next_beat() -> None:
    clocks = DeviceClocks((100 * NS_PER_S, 50 * NS_PER_S), host_ns=0)
    clocks.note((200 * NS_PER_S, 51 * NS_PER_S), host_ns=0)

    assert clocks.read((201 * NS_PER_S, 52 * NS_PER_S), host_ns=0) == 99 * NS_PER_S
    assert clocks.read((202 * NS_PER_S, 53 * NS_PER_S), host_ns=0) == 0


def test_a_reading_that_was_long_on_its_way_sets_nothing_back_and_tells_of_a_step_all_the_same() -> None:
    clocks = DeviceClocks((100 * NS_PER_S, 50 * NS_PER_S), host_ns=0)

    assert clocks.read((102 * NS_PER_S, 52 * NS_PER_S), 60 * NS_PER_S) == 0
    assert clocks.at(60 * NS_PER_S) == (160 * NS_PER_S, 110 * NS_PER_S)
    assert clocks.read((203 * NS_PER_S, 53 * NS_PER_S), 60 * NS_PER_S) == 100 * NS_PER_S
    assert clocks.at(61 * NS_PER_S) == (261 * NS_PER_S, 111 * NS_PER_S)


def test_a_clock_that_is_slower_than_the_hosts_is_followed() -> None:
    clocks = DeviceClocks((0, 0), host_ns=0)
    slow_ns = 1_000 * NS_PER_S - 400 * NS_PER_MS
    clocks.read((slow_ns, slow_ns), 1_000 * NS_PER_S)

    assert clocks.at(1_000 * NS_PER_S) == (slow_ns, slow_ns)


def test_a_clock_that_is_slewed_over_a_long_silence_has_not_stepped() -> None:
    clocks = DeviceClocks((100 * NS_PER_S, 0), host_ns=0)

    assert clocks.read((100 * NS_PER_S + 600 * NS_PER_S + 200 * NS_PER_MS, 600 * NS_PER_S), 600 * NS_PER_S) == 0


def test_a_process_counts_as_suspended_from_its_first_missing_beat() -> None:
    pulse = Heartbeat((100 * NS_PER_S, 50 * NS_PER_S), host_ns=0)
    assert not pulse.silent(2 * NS_PER_S)
    assert pulse.silent(3 * NS_PER_S)

    assert pulse.suspend() == (100 * NS_PER_S + BEAT_NS, 50 * NS_PER_S + BEAT_NS)
    assert pulse.heard((160 * NS_PER_S, 110 * NS_PER_S), 60 * NS_PER_S) == (160 * NS_PER_S, 110 * NS_PER_S)
    assert pulse.heard((161 * NS_PER_S, 111 * NS_PER_S), 61 * NS_PER_S) is None


def test_what_was_stamped_before_the_silence_does_not_tell_when_it_ended() -> None:
    pulse = Heartbeat((100 * NS_PER_S, 50 * NS_PER_S), host_ns=0)
    since = pulse.suspend()

    assert pulse.heard((100 * NS_PER_S + 1, 50 * NS_PER_S + 1), 9 * NS_PER_S) is None
    assert pulse.suspended_at == since
    assert not pulse.silent(9 * NS_PER_S)
    assert pulse.heard((108 * NS_PER_S, 58 * NS_PER_S), 9 * NS_PER_S) == (108 * NS_PER_S, 58 * NS_PER_S)


def test_a_link_that_only_stood_still_makes_a_suspension_of_no_length() -> None:
    pulse = Heartbeat((100 * NS_PER_S, 50 * NS_PER_S), host_ns=0)
    since = pulse.suspend()

    assert pulse.heard(since, 9 * NS_PER_S) == since


def test_only_what_is_on_the_disk_is_acknowledged() -> None:
    receipts = Acknowledgements()
    receipts.handed_over(written=12, number=10)
    receipts.handed_over(written=13, number=10)
    receipts.handed_over(written=30, number=25)

    assert receipts.due(11) is None
    assert receipts.due(12) == 10
    assert receipts.due(29) is None
    assert receipts.due(99) == 25
    receipts.handed_over(written=40, number=25)
    assert receipts.due(99) is None


def test_a_tally_counts_gaps_where_coverage_begins_again() -> None:
    statistics = RecordingStats()

    def ready(identifier: str, segment: int, at_s: int) -> Event:
        at_ns = at_s * NS_PER_S
        return event("process", phase="ready", identifier=identifier, segment=segment, wall_ns=at_ns, mono_ns=at_ns)

    statistics.feed([ready("a", 1, 1), ready("b", 2, 2)])
    statistics.feed(
        [event("lost", 2, count=7, reason="r", segment=2, wall_ns=3 * NS_PER_S, mono_ns=3 * NS_PER_S), ready("a", 3, 4)]
    )

    assert (
        statistics.segments,
        statistics.gaps,
        statistics.losses.events,
        statistics.events,
        statistics.duration_s,
    ) == (
        3,
        2,
        7,
        4,
        3.0,
    )


def test_a_hook_that_installs_at_the_next_launch_is_no_longer_missing() -> None:
    statistics = RecordingStats()
    statistics.feed([event("hook", probe="b", symbol="-[* b]", status="skipped", reason="nobody implements it")])
    statistics.feed([event("hook", probe="d", symbol="-[C d]", status="skipped", reason=None)])
    statistics.feed([event("hook", probe="b", symbol="-[A b]", status="installed", reason=None)])

    assert statistics.hooks.missing == {"d": "-[C d] (no reason given)"}


def test_a_tally_says_what_can_set_an_app_off_and_how_many_accesses_name_it() -> None:
    statistics = RecordingStats()
    assert statistics.seen() is None
    statistics.feed(
        [
            event("input", 1, type="touch"),
            event("input", 2, type="touch", internal=True),
            event("state", 3, value="background", reason="silent-push"),
            event("state", 4, value="background", reason="silent-push", changed=False),
            event("state", 5, value="active", reason="launch"),
            event("access", 6, depth="data", cause=1),
            event("access", 7, depth="data", cause=3),
            event("access", 8, depth="data"),
        ]
    )

    assert statistics.seen() == (
        "1 touch or key press, 1 wake-up by the system, 2 accesses that name what set them off"
    )


def test_an_event_beyond_all_measure_becomes_lost_in_its_place() -> None:
    line = json.loads(encode_event(event("access", 7, detail="x" * LINE_BYTES_MAX)))

    assert (line["kind"], line["segment"], line["seq"], line["count"]) == ("lost", 1, 7, 1)


@pytest.mark.parametrize(("value", "kept"), [(10**30, 10**30), ("a\ud800b", "a�b"), (float("nan"), None)])
def test_what_json_cannot_hold_is_made_to_fit(value: object, kept: object) -> None:
    assert json.loads(encode_event(event("access", detail={"x": [value]})))["detail"]["x"] == [kept]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[]))


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=10))
def test_every_event_is_one_line(detail: object) -> None:
    line = encode_event(event("access", detail=detail))

    assert b"\n" not in line
    assert json.loads(line)["seq"] == 1


def test_waits_grow_and_stay_bounded() -> None:
    waits = delays()
    seen = [next(waits) for _ in range(20)]

    assert seen == sorted(seen)
    assert seen[-1] == seen[-2] == 10
