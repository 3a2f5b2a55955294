"""The recorder alone on batches that the agent has placed, made in advance: from a message's bytes to a closed file.

No Frida and no process in between: what is measured is the host's part. ``slow`` is the same with batches without a place,
of which every event is decoded and numbered again. Processor time is of all threads, the writer's too.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from device.rig import Heard
from device.test_placed_batch import OFFSET, describe, packed, take
from lightleak.device.placed_batch import Placement
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import FORMAT, FORMAT_VERSION, NS_PER_S
from lightleak.trace.writer import Writer

EVENTS = 1_000_000
A_BATCH = 1_000


def run(events: int = EVENTS) -> dict[str, Any]:
    """Measure both ways. Return way → figures."""
    fast, slow = _record(events, placed=True), _record(events // 5, placed=False)
    return {
        "placed": fast,
        "slow": slow,
        "cpu_ratio": round(fast["cpu_us_an_event"] / slow["cpu_us_an_event"], 3),
    }


def _wires(first: int) -> list[dict[str, Any]]:
    """Return what an app's queries and reads look like: an access and its return, in turns, some because of a callback."""
    wires = []
    for number in range(first, first + A_BATCH):
        ns = number * 10_007
        at = [1_700_000_000 + ns // NS_PER_S, ns % NS_PER_S, 1_000 + ns // NS_PER_S, ns % NS_PER_S]
        if number % 2:
            more = {
                "depth": "metadata",
                "symbol": "-[PHQuery executeQuery]",
                "detail": {},
                "asset": None,
                "cause": None,
            }
            caller = {"image": "/App.app/App", "uuid": "5B0F4C0E-9B7E-4E5C-8C57-0A7E6F0E4B11", "offset": number % 97}
            wires.append({"kind": "access", "at": at, "tid": 7, **more, "caller": caller, "stack": number % 5 + 1})
        else:
            wires.append({"kind": "return", "at": at, "tid": 7, "of": number - 1, "duration_ns": 812, "cpu_ns": 790})
    return wires


def _record(events: int, *, placed: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.lightleak"
        writer = Writer(file, {"kind": "header", "format": FORMAT, "version": FORMAT_VERSION, "session": "A"})
        recording = SessionRecorder(lambda _header: writer, Heard())
        recording.begin({})
        segment = SegmentRecorder(recording, describe(started=False), OFFSET)
        segment.measured(OFFSET, NS_PER_S)
        place = segment.sequencer.place if placed else None
        assert not placed or isinstance(place, Placement)
        batches = [
            (first, packed(first, _wires(first), place) if placed else msgspec.json.encode(_wires(first)))
            for first in range(1, events + 1, A_BATCH)
        ]
        appended = 0
        begun_s, cpu_s = time.monotonic(), time.process_time()
        for first, data in batches:
            appended += take(segment, first, data, NS_PER_S)
        writer.close()
        took_s, cpu_s = time.monotonic() - begun_s, time.process_time() - cpu_s
        return {
            "events": events,
            "batches_appended": appended,
            "batches": len(batches),
            "events_a_second": round(events / took_s),
            "cpu_us_an_event": round(cpu_s / events * 1e6, 2),
            "bytes_an_event": round(file.stat().st_size / events, 1),
        }
