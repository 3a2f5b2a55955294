"""Measure the session file: writing, size, reading. ``run()`` returns a dictionary for scripts/bench.

Everything is compared within one run, without a device and without waiting: where the rate matters for the size, events are
put into frames by the times at which they would have arrived.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import lightleak
from lightleak.events import NS_PER_S
from lightleak.trace import Writer
from lightleak.trace.format import FRAME_S
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.header import encode_header

ROUNDS = 5
BATCH = 1_000
HEADER = {
    "kind": "header",
    "format": "lightleak-trace",
    "version": 2,
    "session": "5f0c54a6-7b0e-4a55-9d59-0c4f6f3b1c77",
    "tool": "lightleak bench",
    "device": {"name": "bench", "model": "iPhone15,2", "os": "iOS", "os_version": "18.1", "time_zone": "Europe/Paris"},
    "target": {"identifier": "com.example.app", "name": "Example", "version": "1.0"},
}
_SYMBOLS = (
    ("+[PHAsset fetchAssetsWithOptions:]", "metadata"),
    ("-[PHFetchResult objectAtIndex:]", "metadata"),
    ("-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]", "thumbnail"),
    ("-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]", "data"),
)


def events(count: int, per_second: float) -> Iterator[tuple[int, bytes]]:
    """Make the lines of an app that looks through a library: accesses, their returns and deliveries; with mono_ns."""
    chance = random.Random(20261121)
    wall_ns, mono_ns = 1_790_000_000_000_000_000, 812_345_678_901_234
    for seq in range(1, count + 1):
        step_ns = int(chance.expovariate(per_second) * NS_PER_S)
        wall_ns, mono_ns = wall_ns + step_ns, mono_ns + step_ns
        stamp = {
            "segment": 1,
            "seq": seq,
            "wall_ns": wall_ns,
            "mono_ns": mono_ns,
            "tid": chance.choice((259, 771, 5123)),
        }
        yield mono_ns, json.dumps(_event(chance, seq, stamp), separators=(",", ":")).encode()


def _event(chance: random.Random, seq: int, stamp: dict[str, Any]) -> dict[str, Any]:
    if seq % 3 == 0:
        took_ns = chance.randrange(20_000, 9_000_000)
        return {"kind": "return", **stamp, "of": seq - 1, "duration_ns": took_ns, "cpu_ns": took_ns * 7 // 10}
    symbol, depth = chance.choice(_SYMBOLS)
    return {
        "kind": "access",
        **stamp,
        "depth": depth,
        "symbol": symbol,
        "detail": {"count": chance.randrange(3_000), "mediaType": 1},
        "asset": f"{hash((chance.randrange(3_000), 'salt')) & (1 << 64) - 1:016x}" if depth != "metadata" else None,
        "cause": None,
        "caller": {"image": "Example", "offset": chance.choice((0x1234, 0x98765, 0x22221))},
        "stack": chance.choice((3, 4, 9)),
    }


def run() -> dict[str, Any]:
    """Measure all: medians of interleaved rounds."""
    with tempfile.TemporaryDirectory(prefix="lightleak-bench-") as folder:
        place = Path(folder)
        lines = [line for _, line in events(300_000, 2_000)]
        return {
            "line_bytes": round(statistics.fmean(map(len, lines)), 1),
            "bytes_per_event": {f"{rate}/s": _bytes_per_event(place, rate) for rate in (20, 2_000, 20_000)},
            "writer_events_per_s": _median(lambda n: _write(place / f"w{n}", lines)),
            "read": _read(place / "read", lines[:150_000]),
        }


def _bytes_per_event(place: Path, per_second: int) -> float:
    """Put events into frames as the writer does when they arrive at this rate."""
    count = min(100_000, per_second * 300)
    journal = FrameWriter(place / f"size{per_second}", encode_header(HEADER))
    frame: list[bytes] = []
    closes_ns = 0
    for mono_ns, line in events(count, per_second):
        if frame and mono_ns >= closes_ns:
            journal.append(frame)
            frame = []
        if not frame:
            closes_ns = mono_ns + int(FRAME_S * NS_PER_S)
        frame.append(line)
    journal.append(frame)
    journal.close()
    size = journal.size
    journal.abandon()
    return round(size / count, 1)


def _write(path: Path, lines: list[bytes]) -> float:
    start = time.perf_counter()
    with Writer(path, HEADER) as writer:
        for first in range(0, len(lines), BATCH):
            writer.write(lines[first : first + BATCH])
    return len(lines) / (time.perf_counter() - start)


def _read(path: Path, lines: list[bytes]) -> dict[str, float]:
    _write(path, lines)
    decoder = msgspec.json.Decoder()
    pieces = list(lightleak.open(path).blocks())

    def plain() -> None:
        for line in lines:
            decoder.decode(line)

    def bulk() -> None:
        for piece in pieces:
            decoder.decode_lines(piece)

    def blocks() -> None:
        for block in lightleak.open(path).blocks():
            decoder.decode_lines(block)

    def read_events() -> None:
        for _ in lightleak.open(path).events():
            pass

    ways = {"plain": plain, "bulk": bulk, "blocks": blocks, "events": read_events}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(_seconds(way))
    median = {name: statistics.median(taken) for name, taken in times.items()}
    return {
        "plain_events_per_s": round(len(lines) / median["plain"]),
        "blocks_to_plain": round(median["plain"] / median["blocks"], 2),
        "events_to_plain": round(median["plain"] / median["events"], 2),
        "blocks_to_plain_blocks": round(median["bulk"] / median["blocks"], 2),
    }


def _seconds(way: Callable[[], None]) -> float:
    gc.collect()
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _median(measure: Callable[[int], float]) -> int:
    return round(statistics.median(measure(number) for number in range(ROUNDS)))


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
