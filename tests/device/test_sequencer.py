"""The row of events that a file gets, whatever the transport did to the agent's."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lightleak.device.clocks import DeviceClocks
from lightleak.device.protocol import AgentBatch, Beat, Dropped
from lightleak.device.recorder import sequencer as module
from lightleak.device.recorder.sequencer import Sequencer
from lightleak.events import NS_PER_S

AGENT = "6C1F0F6E-0000-4000-8000-000000000001"
T0 = (1_700_000_000 * NS_PER_S, 5_000 * NS_PER_S)


def wire(number: int, **more: Any) -> dict[str, Any]:
    return {"kind": "access", "at": [1_700_000_000 + number, 7, 5_000 + number, 9], "tid": 3, "n": number, **more}


def batch(first: int, last: int) -> AgentBatch:
    return AgentBatch(AGENT, first, [wire(n) for n in range(first, last + 1)])


def beat(next_: int, *, at: list[int] | None = None, dropped: Dropped | None = None) -> Beat:
    return Beat(AGENT, tuple(at or [1_700_000_500, 0, 5_500, 0]), next_, dropped or Dropped())


def new(first: int = 1) -> Sequencer:
    return Sequencer(4, DeviceClocks(T0, 0), first=first)


def numbers(events: list[Any]) -> list[int | str]:
    return [e["n"] if "n" in e else f"lost {e['count']}" for e in events]


def test_a_batch_in_order_is_numbered_from_one_and_stamped_by_the_device() -> None:
    [event] = new().add(batch(1, 1), 0)

    assert list(event) == ["kind", "segment", "seq", "wall_ns", "mono_ns", "tid", "n"]
    assert (event.segment, event.seq) == (4, 1)
    assert event.wall_ns == 1_700_000_001_000_000_007
    assert event.mono_ns == 5_001_000_000_009


def test_what_came_before_is_dropped_even_where_a_resend_overlaps() -> None:
    row = new()
    row.add(batch(1, 4), 0)

    assert numbers(row.add(batch(2, 6), 0)) == [5, 6]
    assert row.add(batch(1, 6), 0) == []
    assert row.delivered == 6


def test_a_batch_behind_a_hole_waits_until_the_hole_is_filled() -> None:
    row = new()
    row.add(batch(1, 2), 0)

    assert row.add(batch(5, 6), 0) == []
    assert row.missing == 3
    assert numbers(row.add(batch(3, 4), 0)) == [3, 4, 5, 6]
    assert row.missing is None


def test_a_hole_that_is_given_up_becomes_lost_with_what_the_agent_said() -> None:
    row = new()
    row.add(batch(1, 2), 0)
    row.add(batch(6, 6), 0)
    row.beat(beat(7, dropped=Dropped(3, "the outbox was full")), 0)

    lost, event = row.settle(0)

    assert (lost["kind"], lost["count"], lost["reason"], lost["tid"]) == ("lost", 3, "the outbox was full", None)
    assert (lost.seq, event.seq, event["n"]) == (3, 4, 6)


def test_the_reason_of_a_loss_is_not_used_for_the_next_one() -> None:
    row = new()
    row.beat(beat(1, dropped=Dropped(1, "the outbox was full")), 0)
    row.add(batch(2, 2), 0)
    row.settle(0)
    row.add(batch(4, 4), 0)

    assert [e["reason"] for e in row.settle(0) if e.kind == "lost"] == ["not delivered"]


def test_announced_events_are_missing_only_after_a_beat_in_which_nothing_came() -> None:
    row = new()
    row.beat(beat(4), 0)
    assert row.missing is None

    row.beat(beat(4), 0)
    assert row.missing == 1

    row.add(batch(1, 1), 0)
    row.beat(beat(6), 0)
    row.add(batch(2, 3), 0)
    row.beat(beat(6), 0)
    assert row.missing is None
    row.beat(beat(6), 0)
    assert row.missing == 4


def test_at_the_end_what_was_announced_and_never_came_is_lost() -> None:
    row = new()
    row.add(batch(1, 2), 0)
    row.beat(beat(10), 0)

    assert numbers(row.settle(0)) == []
    assert numbers(row.settle(0, final=True)) == ["lost 7"]
    assert row.lost == 7


def test_causes_and_returns_name_the_seq_of_the_file() -> None:
    row = new()
    row.add(batch(1, 1), 0)
    row.make("mark", 0, label="x")
    row.add(batch(2, 2), 0)
    row.add(AgentBatch(AGENT, 9, [wire(9)]), 0)
    row.settle(0)

    events = row.add(
        AgentBatch(AGENT, 10, [wire(10, cause=2), wire(11, of=1), wire(12, cause=5), wire(13, cause=None)]), 0
    )

    assert [events[0]["cause"], events[1]["of"], events[2]["cause"], events[3]["cause"]] == [3, 1, None, None]


def test_an_origin_that_was_lost_is_null_and_said_to_be_lost() -> None:
    row = new()
    row.add(batch(1, 1), 0)
    row.make("mark", 0, label="x")
    row.add(batch(3, 3), 0)
    row.settle(0)

    seen, lost, none = row.add(
        AgentBatch(AGENT, 4, [wire(4, cause=3, resumed_by=3), wire(5, cause=2, resumed_by=2), wire(6, cause=None)]),
        0,
    )

    assert (seen["cause"], seen["resumed_by"]) == (4, 4), "as the file numbers them"
    assert "cause_lost" not in seen
    assert (lost["cause"], lost["cause_lost"], lost["resumed_by"]) == (None, True, None)
    assert none["cause"] is None
    assert "cause_lost" not in none, "it had no origin"
    assert "resumed_by" not in none


def test_one_unreadable_event_costs_one_and_is_counted() -> None:
    bad = [{"kind": "access"}, "no event", {"kind": 1, "at": [1, 2, 3, 4]}, {"kind": "access", "at": [1, 2, 3, True]}]

    row = new()
    events = row.add(AgentBatch(AGENT, 1, [wire(1), *bad, wire(6)]), 0)

    assert [e.kind for e in events] == ["access", *["lost"] * 4, "access"]
    assert [e["count"] for e in events[1:5]] == [1] * 4
    assert row.lost == 4
    assert [e.seq for e in events] == [1, 2, 3, 4, 5, 6]


def test_an_agent_cannot_choose_its_place_in_the_file() -> None:
    [event] = new().add(AgentBatch(AGENT, 1, [wire(1, segment=99, seq=99, wall_ns=1, mono_ns=1)]), 0)

    assert (event.segment, event.seq) == (4, 1)
    assert event.wall_ns > 1


def test_a_host_event_is_stamped_with_the_devices_clocks_and_the_time_since() -> None:
    row = new()
    row.beat(beat(1, at=[1_700_000_100, 0, 5_100, 0]), host_ns=40 * NS_PER_S)

    event = row.make("mark", 43 * NS_PER_S, label="locked the phone")

    assert event.wall_ns == 1_700_000_103 * NS_PER_S
    assert event.mono_ns == 5_103 * NS_PER_S
    assert event["label"] == "locked the phone"


def test_a_step_of_the_wall_clock_is_noticed_and_its_drift_is_not() -> None:
    row = new()
    assert row.beat(beat(1, at=[1_700_000_001, 200_000, 5_001, 0]), 0) == 0

    assert row.beat(beat(1, at=[1_699_996_402, 200_000, 5_002, 0]), 0) == -3600 * NS_PER_S
    assert row.beat(beat(1, at=[1_699_996_403, 200_000, 5_003, 0]), 0) == 0


def test_a_number_from_far_away_costs_no_memory_and_no_time() -> None:
    row = new()
    row.add(AgentBatch(AGENT, 2**52, [wire(1)]), 0)

    lost, event = row.settle(0)

    assert (lost["count"], event.seq) == (2**52 - 1, 2)


def test_too_much_behind_a_hole_is_not_held_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(module, "HOLD_EVENTS", 10)
    row = new()
    assert row.add(batch(2, 6), 0) == []

    assert numbers(row.add(batch(7, 12), 0)) == ["lost 1", *range(2, 13)]


def measured(first: int = 1) -> Sequencer:
    row = new(first)
    row.offset = (-7, 3)
    return row


def test_a_gap_begins_where_knowledge_ends_and_not_at_a_mark_that_was_made_meanwhile() -> None:
    row = measured()
    [known] = row.add(batch(1, 1), 0)
    row.make("mark", 90 * NS_PER_S, label="while the link was down")
    row.add(batch(9, 9), 99 * NS_PER_S)

    clock, lost, after = row.settle(99 * NS_PER_S)

    assert (clock.kind, clock.wall_ns, clock.mono_ns) == ("clock", known.wall_ns, known.mono_ns)
    assert (clock["host_offset_ns"], clock["error_ns"]) == (-7, 3)
    assert (lost["count"], lost.seq - clock.seq, after["n"]) == (7, 1, 9)


def test_a_gap_begins_at_the_beat_that_proved_all_before_it_to_be_here() -> None:
    row = measured()
    row.add(batch(1, 2), 0)
    row.beat(beat(3), 0)
    row.beat(beat(5, at=[1_700_000_501, 0, 5_501, 0]), 0)

    clock, lost = row.settle(0, final=True)

    assert (clock.wall_ns, lost["count"]) == (1_700_000_500 * NS_PER_S, 2)


def test_what_waits_in_the_app_when_it_dies_is_lost_since_the_last_event_that_came() -> None:
    row = measured()
    row.add(batch(1, 2), 0)
    # A beat behind which nothing is on its way, but five events of before it wait for room.
    row.beat(Beat(AGENT, (1_700_000_500, 0, 5_500, 0), 3, waiting=5), 0)

    assert not row.complete
    assert row.missing is None
    assert row.known == (events_at := (1_700_000_002 * NS_PER_S + 7, 5_002 * NS_PER_S + 9))
    [lost] = row.settle(0, final=True)
    assert (lost["count"], row.known) == (5, events_at)


def test_what_waited_and_came_is_not_lost() -> None:
    row = measured()
    row.add(batch(1, 2), 0)
    row.beat(Beat(AGENT, (1_700_000_500, 0, 5_500, 0), 3, waiting=2), 0)
    row.add(batch(3, 4), 0)

    assert row.complete
    assert row.settle(0, final=True) == []


def test_a_gap_that_begins_at_an_event_needs_no_other_beginning() -> None:
    row = measured()
    row.add(batch(1, 2), 0)
    row.add(batch(5, 5), 0)

    assert [e.kind for e in row.settle(0)] == ["lost", "access"]


def test_losses_that_follow_each_other_are_one_gap() -> None:
    row = measured()
    row.add(batch(1, 1), 0)
    row.announce(4)
    row.settle(0)

    assert row.doubt(0, "and nobody knows") == []


def test_an_unreadable_event_after_a_mark_is_a_gap_from_before_the_mark_and_shifts_no_number() -> None:
    row = measured()
    row.add(batch(1, 1), 0)
    row.make("mark", 90 * NS_PER_S, label="")

    events = row.add(AgentBatch(AGENT, 2, ["no event", wire(3), wire(4, of=3)]), 0)

    assert [e.kind for e in events] == ["clock", "lost", "access", "access"]
    assert events[-1]["of"] == events[-2].seq


def test_an_earlier_life_claims_no_measurement_of_its_clocks() -> None:
    row = new()
    row.add(AgentBatch(AGENT, 1, [wire(2)]), 0)
    row.add(AgentBatch(AGENT, 2, [wire(1)]), 0)

    assert [e.kind for e in row.doubt(0, "")] == ["lost"]


DELIVERY = st.tuples(st.integers(1, 30), st.integers(0, 6), st.booleans())


@given(st.lists(DELIVERY, max_size=40), st.integers(1, 36))
def test_whatever_the_transport_does_nothing_is_doubled_reordered_or_lost_uncounted(
    deliveries: list[tuple[int, int, bool]], announced: int
) -> None:
    row, events = measured(), []
    last = 0
    for first, length, settle in deliveries:
        events += row.add(batch(first, first + length - 1), 0)
        last = max(last, first + length - 1) if length else last
        if settle:
            events += row.settle(0)
            events.append(row.make("mark", 0, label=""))
    row.beat(beat(announced), 0)
    events += row.settle(0, final=True)

    seen = [e["n"] for e in events if "n" in e]
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert seen == sorted(set(seen))
    assert len(seen) + row.lost == max(last, announced - 1)
    assert row.lost == sum(e["count"] for e in events if e.kind == "lost")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["kind", "at", "cause", "of", "x"]), inner)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=6))
def test_no_event_from_an_app_can_break_the_row(wires: list[Any]) -> None:
    events = new().add(AgentBatch(AGENT, 1, wires), 0)

    assert [e.seq for e in events] == list(range(1, len(wires) + 1))
