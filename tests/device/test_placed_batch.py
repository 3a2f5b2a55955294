"""Batches that the agent placed: the file and the figures are the same, byte for byte, as when every event is decoded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from device.rig import Heard
from device.scripted import AGENT, M0_S, T0_S, beat, describe
from lightleak.device.clocks import ClockOffset
from lightleak.device.placed_batch import PlacedBatch, Placement
from lightleak.device.protocol import AgentBatch, Fault, decode_message, unplaced
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.errors import AgentError
from lightleak.events import NS_PER_S

OFFSET = ClockOffset(host_offset_ns=0, error_ns=0, clocks=(T0_S * NS_PER_S, M0_S * NS_PER_S), host_ns=0)
REFERENCES = ("cause", "of", "resumed_by")


class Kept:
    """An output that keeps the lines as they are."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.durable = 0

    def write(self, lines: Any) -> None:
        self.lines += lines

    def check(self) -> None: ...

    def flush(self) -> None: ...


def begun(**description: Any) -> tuple[SegmentRecorder, Kept, SessionRecorder]:
    kept = Kept()
    recording = SessionRecorder(lambda _header: kept, Heard())
    recording.begin({})
    return SegmentRecorder(recording, describe(started=False, **description), OFFSET), kept, recording


def linked(wires: Sequence[dict[str, Any]], dice: random.Random, *, handed: bool) -> list[dict[str, Any]]:
    """Return the events with more links: reads because of the last callback, on its thread too, and what they return."""
    last: dict[str, Any] = {}
    made = []
    for number, one in enumerate(wires, 1):
        event, kind = dict(one), one["kind"]
        if kind == "access" and dice.random() < 0.7:
            event["cause"] = last.get(dice.choice(("notification", "notification", "access")))
        elif kind in ("return", "delivery") and dice.random() < 0.8:
            event["of"] = last.get("access")
        if kind == "delivery" and not handed:
            event["reason"] = "not hooked"
        last[kind] = number
        made.append(event)
    return made


def wire(number: int, dice: random.Random) -> dict[str, Any]:
    """Return an event of an app that is called back, reads because of it, and returns; it sleeps now and then."""
    ns = number * 1_000_003 + number // 13 * 1_500_000_000
    wall_ns = ns + number // 500 * 3 * NS_PER_S - (number % 40 == 0) * NS_PER_S // 5  # set, or slewed back a little
    at = [T0_S + wall_ns // NS_PER_S, wall_ns % NS_PER_S, M0_S + ns // NS_PER_S, ns % NS_PER_S]
    earlier = dice.randint(max(1, number - 5), number - 1) if number > 1 else None
    head = {"kind": "access", "at": at, "tid": dice.choice((7, 8))}
    whose = {"cause": dice.choice((None, None, earlier)), "caller": None, "stack": None}
    inner = {"internal": True} if dice.random() < 0.2 else {}
    if number == 1:
        me = {"pid": 7, "name": "App", "identifier": "com.example.app", "role": "app", "reason": None}
        return head | {"kind": "process", "tid": None, "phase": "ready"} | me
    observer = {"class": "Ob\u00e9", "id": "0x1", "image": "App"}
    match dice.randrange(20):
        case 0 | 1:
            kind = dice.choice(("change", "change", "unavailable"))
            more = {"observer": observer, "change": None, "type": kind, "cause": None, "stack": None}
            return head | {"kind": "notification"} | more | inner
        case 2:
            reason = dice.choice((None, "launch", "silent-push"))
            changed = {"changed": False} if dice.random() < 0.2 else {}
            return head | {"kind": "state", "value": dice.choice(("active", "background")), "reason": reason} | changed
        case 3 | 4 | 5:
            return head | {"kind": "return", "of": earlier, "duration_ns": 5, "cpu_ns": dice.choice((None, 3))}
        case 6:
            more = {"reason": "not hooked"} if dice.random() < 0.2 else {}
            return head | {"kind": "delivery", "of": earlier, "bytes": 9, "degraded": False, "error": None} | more
        case 7:
            return head | {"kind": "accounting", "phase": "touch", "identifier": None, "service": "photos"}
        case 8:
            return head | {"kind": "input", "type": dice.choice(("touch", "key"))}
        case 9:
            counted = {"symbol": "-[PHAsset location]", "count": 9, "assets": 3, "cause": earlier, "new_assets": 2}
            return head | {"kind": "property", "tid": None} | counted | {"run": 1} | inner
        case 10:
            return head | {"kind": "observer", "action": "registered", "observer": observer, "type": "change"} | whose
        case 11:
            return head | {"kind": "usage", "tid": None, "cpu_ns": 120, "footprint_bytes": 3, "energy_nj": None}
        case 12:
            status = dice.choice(("installed", "skipped", "removed"))
            return head | {"kind": "hook", "tid": None, "probe": dice.choice("ab"), "symbol": "s", "status": status}
        case 13:
            asked = {"symbol": "s", "action": "asked", "level": "add-only", "status": None}
            return head | {"kind": "authorization"} | asked | whose | inner
        case 14 if dice.random() < 0.1:
            return dice.choice(
                (
                    head | {"kind": "stack", "tid": None, "id": number, "frames": [{"image": "App", "offset": 1}]},
                    head | {"kind": "process", "tid": None, "phase": "ready", "pid": number, "role": "app"},
                    head | {"kind": "of another version"},
                )
            )
        case _:
            resumed = {"resumed_by": earlier} if dice.random() < 0.1 else {}
            detail = {"text": '\u2028 },{"kind":"a'} if dice.random() < 0.1 else {}
            return (
                head
                | {"depth": dice.choice(("metadata", "data")), "symbol": "s", "detail": detail, "asset": None}
                | (resumed | whose | inner)
            )


def packed(first: int, wires: list[dict[str, Any]], place: Placement | None) -> bytes:
    """Return the bytes of a batch, placed as the agent does it; without a place where an event names an older one."""
    if place is None or any((w.get(key) or place.since) < place.since for w in wires for key in REFERENCES):
        return msgspec.json.encode(wires)
    items: list[Any] = [[*place, len(wires)]]
    for number, event in enumerate(wires, first):
        wall_s, wall, mono_s, mono = event["at"]
        line = {"kind": event["kind"], "segment": place.segment, "seq": number + place.shift}
        line |= {"wall_ns": wall_s * NS_PER_S + wall, "mono_ns": mono_s * NS_PER_S + mono}
        line |= {key: value for key, value in event.items() if key not in ("kind", "at")}
        items.append(line | {key: line[key] + place.shift for key in REFERENCES if line.get(key) is not None})
    return msgspec.json.encode(items)


def take(segment: SegmentRecorder, first: int, data: bytes, now_ns: int) -> bool:
    """Take a batch as the attachment does; return whether its lines went to the file as they came."""
    message = decode_message({"type": "batch", "agent": AGENT, "first": first}, data)
    if isinstance(message, PlacedBatch):
        if segment.append(message, now_ns):
            return True
        message = unplaced(message)
    if isinstance(message, AgentBatch):
        segment.take_batch(message, now_ns)
    return False


@pytest.mark.parametrize("seed", range(40))
def test_placed_and_unplaced_batches_make_the_same_file_and_figures(seed: int) -> None:
    dice = random.Random(seed)
    fast, fast_file, fast_recording = begun()
    slow, slow_file, slow_recording = begun()
    place: Placement | None = None
    sent: list[tuple[int, bytes, bytes]] = []
    number, appended, now_ns = 1, 0, NS_PER_S
    world = linked([wire(n, dice) for n in range(1, 4501)], dice, handed=seed % 4 != 0)
    for _ in range(150):
        now_ns += NS_PER_S // 10
        wires = world[number - 1 : number - 1 + dice.choice((1, 5, 30))]
        arrivals = [(number, packed(number, wires, place), msgspec.json.encode(wires))]
        number += len(wires)
        sent += arrivals
        match dice.randrange(10):
            case 0:
                arrivals.append(dice.choice(sent))  # twice
            case 1:
                arrivals = []  # late, or never
            case 2:
                arrivals = [*sent[-3:]][::-1]
            case 3:
                fast.mark("here", now_ns)
                slow.mark("here", now_ns)
            case 4:
                for segment in (fast, slow):
                    segment.take_beat(beat(5, number), now_ns)
                    segment.give_up(now_ns)
            case 5 | 6 | 7 | 8:
                place = fast.sequencer.place
        for first, placed, plain in arrivals:
            appended += take(fast, first, placed, now_ns)
            take(slow, first, plain, now_ns)
    for segment in (fast, slow):
        segment.finish("exited", "over", now_ns, whole=True)
    assert fast_file.lines == slow_file.lines
    one, other = fast_recording.statistics, slow_recording.statistics
    for name in (
        "events",
        "caused",
        "not_watched",
        "gaps",
        "losses",
        "duration_s",
        "inputs",
        "wakes",
        "hooks",
        "segments",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert one.costs.apps == other.costs.apps
    assert one._coverage == other._coverage
    assert appended > 5


WIRES = [wire(n, random.Random(3)) | {"kind": "access"} for n in range(1, 4)]


def placed_first() -> tuple[SegmentRecorder, Kept, bytes]:
    segment, kept, _ = begun()
    segment.measured(OFFSET, NS_PER_S)
    clean = [{key: value for key, value in w.items() if key not in REFERENCES} for w in WIRES]
    return segment, kept, packed(1, clean, segment.sequencer.place)


def test_ordinary_lines_go_to_the_file_as_they_came() -> None:
    segment, kept, data = placed_first()
    assert take(segment, 1, data, NS_PER_S)
    assert b",".join(kept.lines[1:]) == data[data.index(b"],") + 2 : -1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b",3],", b",4],"),  # the count
        (b",3],", b",2],"),
        (b'"seq":3', b'"seq":9'),
        (b'},{"kind"', b'}{"kind"'),
        (b'"tid"', b'"ti\xff"'),
        (b'},{"kind"', b'}{\n"kind"'),
        (b'"segment":1', b'"segment":2'),
        (b'"tid"', b'tid"'),  # not JSON
        (b"}]", b"}"),  # cut
        (b"[[1,", b"[[,"),
    ],
)
def test_a_batch_whose_frame_lies_is_named_and_nothing_of_it_is_written(old: bytes, new: bytes) -> None:
    segment, kept, data = placed_first()
    before, lying = len(kept.lines), data.replace(old, new, 1)
    assert lying != data
    try:
        message = decode_message({"type": "batch", "agent": AGENT, "first": 1}, lying)
    except AgentError as problem:
        answer = str(problem)
    else:
        assert isinstance(message, PlacedBatch)
        assert not segment.append(message, NS_PER_S)
        fault = unplaced(message)
        assert isinstance(fault, Fault)
        answer = fault.message
    assert "batch 1" in answer
    assert len(kept.lines) == before
    assert take(segment, 1, data, NS_PER_S)


def test_a_place_of_another_recorder_is_taken_out() -> None:
    segment, kept, data = placed_first()
    assert not take(segment, 1, data.replace(b"[[1,", b"[[8,").replace(b'"segment":1', b'"segment":8'), NS_PER_S)
    assert [msgspec.json.decode(line)["segment"] for line in kept.lines] == [1] * 4


def test_what_names_an_event_before_the_run_of_its_place_is_decoded() -> None:
    segment, kept, data = placed_first()
    assert take(segment, 1, data, NS_PER_S)
    segment.mark("here", NS_PER_S)
    place = segment.sequencer.place
    named = dict(wire(4, random.Random(1)), kind="return", of=4)
    line = packed(4, [named], place)
    assert take(segment, 4, line, NS_PER_S)
    before = line.replace(b'"seq":6', b'"seq":7').replace(b'"of":6', b'"of":4')
    assert not take(segment, 5, before, NS_PER_S)
    # Without its place it names transport number 2, which was put into the file with another shift.
    assert [msgspec.json.decode(one).get("of") for one in kept.lines[-2:]] == [6, 3]


@pytest.mark.parametrize("half", [rb"\ud83d", rb"\uD83D"])
def test_half_a_surrogate_pair_is_not_written_as_it_came(half: bytes) -> None:
    segment, _, data = placed_first()
    half = data.replace(b'"symbol":"s"', b'"symbol":"' + half + b'"', 1)
    assert half != data
    assert not take(segment, 1, half, NS_PER_S)
