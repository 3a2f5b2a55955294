"""The recorder alone on batches that the agent has placed: from a message's bytes to a closed file.

The batches are made in advance, and a process of its own feeds them through a socket: no Frida, and no app. ``slow`` is the
same with batches without a place, of which every event is decoded and numbered again. Processor time is of all threads of
the recorder's process, the writer's too, and not of the process that feeds it. ``caused``: every second access was set off by
a touch, as in an app whose list is scrolled; ``called_back``: by a change notification, so that each call counts to the costs of
its observer.
"""

from __future__ import annotations

import random
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from device.rig import Heard
from device.test_placed_batch import OFFSET, describe, packed, take
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import FORMAT, FORMAT_VERSION, NS_PER_S
from lightleak.trace.writer import Writer

EVENTS = 1_000_000
A_BATCH = 1_000
ROUNDS = 3
_HEAD = struct.Struct("<QQ")


def run(events: int = EVENTS) -> dict[str, Any]:
    """Measure all. Return name → figures of the round with the least processor time."""
    fast = _best(events, placed=True)
    slow = _best(events // 5, placed=False)
    return {
        "placed": fast,
        "caused": _best(events // 2, placed=True, origin="input"),
        "called_back": _best(events // 5, placed=True, origin="notification"),
        "slow": slow,
        "cpu_ratio": round(fast["cpu_us_an_event"] / slow["cpu_us_an_event"], 3),
    }


def _best(events: int, **how: Any) -> dict[str, Any]:
    return min((_record(events, **how) for _ in range(ROUNDS)), key=lambda figures: figures["cpu_us_an_event"])


def _wires(first: int, ns: int, dice: random.Random, *, origin: str) -> tuple[list[dict[str, Any]], int]:
    """Return what an app's queries and reads look like, an access and its return in turns, and when the last of them was."""
    wires: list[dict[str, Any]] = []
    cause: int | None = None
    for number in range(first, first + A_BATCH):
        ns += int(dice.expovariate(1 / 10_000))
        at = [1_700_000_000 + ns // NS_PER_S, ns % NS_PER_S, 1_000 + ns // NS_PER_S, ns % NS_PER_S]
        if origin and number % 200 == 1:
            cause = number
            more = {"observer": None, "change": None, "cause": None, "stack": None} if origin == "notification" else {}
            wires.append({"kind": origin, "at": at, "tid": 7, "type": "change" if more else "touch", **more})
        elif number % 2:
            more = {
                "depth": "metadata",
                "symbol": "-[PHQuery executeQuery]",
                "detail": {},
                "asset": None,
                "cause": cause,
            }
            caller = {"image": "/App.app/App", "uuid": "5B0F4C0E-9B7E-4E5C-8C57-0A7E6F0E4B11", "offset": number % 97}
            wires.append({"kind": "access", "at": at, "tid": 7, **more, "caller": caller, "stack": number % 5 + 1})
        else:
            spent = {"duration_ns": dice.randrange(700, 90_000), "cpu_ns": dice.randrange(700, 20_000)}
            wires.append({"kind": "return", "at": at, "tid": 7, "of": number - 1, **spent})
    return wires, ns


def _batches(events: int, place: Any, *, origin: str) -> list[tuple[int, bytes]]:
    dice, ns, made = random.Random(1), 0, []
    for first in range(1, events + 1, A_BATCH):
        wires, ns = _wires(first, ns, dice, origin=origin)
        made.append((first, packed(first, wires, place) if place else msgspec.json.encode(wires)))
    return made


def _feed(into: socket.socket, batches: list[tuple[int, bytes]], folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that writes the batches. Not a fork: the copies of pages that it causes would count here."""
    file = folder / "batches"
    with file.open("wb") as out:
        for first, data in batches:
            out.write(_HEAD.pack(first, len(data)) + data)
    return subprocess.Popen(["cat", str(file)], stdout=into)


def _read(out: socket.socket, size: int) -> bytes:
    data = out.recv(size, socket.MSG_WAITALL)
    assert len(data) == size
    return data


def _record(events: int, *, placed: bool, origin: str = "") -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.lightleak"
        writer = Writer(file, {"kind": "header", "format": FORMAT, "version": FORMAT_VERSION, "session": "A"})
        recording = SessionRecorder(lambda _header: writer, Heard())
        recording.begin({})
        segment = SegmentRecorder(recording, describe(started=False), OFFSET)
        segment.measured(OFFSET, NS_PER_S)
        batches = _batches(events, segment.sequencer.place if placed else None, origin=origin)
        into, out = socket.socketpair()
        out.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        into.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        feeder = _feed(into, batches, Path(folder))
        appended, count = 0, len(batches)
        del batches
        begun_s, cpu_s = time.monotonic(), time.process_time()
        for _ in range(count):
            first, size = _HEAD.unpack(_read(out, _HEAD.size))
            appended += take(segment, first, _read(out, size), NS_PER_S)
        writer.close()
        took_s, cpu_s = time.monotonic() - begun_s, time.process_time() - cpu_s
        feeder.wait()
        into.close()
        out.close()
        return {
            "events": events,
            "batches_appended": appended,
            "batches": count,
            "events_a_second": round(events / took_s),
            "cpu_us_an_event": round(cpu_s / events * 1e6, 2),
            "bytes_an_event": round(file.stat().st_size / events, 1),
        }
