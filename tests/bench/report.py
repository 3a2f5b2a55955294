"""Measure the reading of privacy reports. ``run()`` returns a dictionary for scripts/bench.

It is compared with a simple reader: ``json.loads`` of each line and a dict of pairs, without any check. Each measurement
runs in its own process, in turns, within one run.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROUNDS = 3
LINES, WEEK = 1_000_000, 10_000
CATEGORIES = ("photos", "location", "contacts", "camera", "microphone", "mediaLibrary")
DURATIONS_MS = (123, 5_000, 10_002, 44_900, 60_010, 74_900, 191_900)


def access_lines(count: int) -> Iterator[str]:
    """Make the access lines of a long export (G3c), ordered by time as Apple orders them."""
    from lightleak.report import format_time

    chance = random.Random(20261121)
    apps = [f"com.example.app{number}" for number in range(80)]
    halves = []
    time_ms = 1_728_687_865_179
    for _ in range(count // 2):
        time_ms += chance.randint(1, 2_000)
        about = str(uuid.UUID(int=chance.getrandbits(128))).upper(), chance.choice(apps), chance.choice(CATEGORIES)
        halves.append((time_ms, "intervalBegin", *about))
        halves.append((time_ms + chance.choice(DURATIONS_MS), "intervalEnd", *about))
    for at_ms, kind, identifier, app, category in sorted(halves):
        yield (
            f'{{"accessCount":0,"accessor":{{"identifier":"{app}","identifierType":"bundleID"}},"category":"{category}",'
            f'"identifier":"{identifier}","kind":"{kind}","timeStamp":"{format_time(at_ms * 1_000_000, 7200)}","type":"access"}}\n'
        )


def network_lines(count: int) -> Iterator[str]:
    """Make network lines in random order."""
    from lightleak.report import format_time

    chance = random.Random(20261122)
    for _ in range(count):
        first_ns = (1_728_687_865_179 + chance.randrange(600_000_000)) * 1_000_000
        yield (
            f'{{"domain":"host{chance.randrange(4_000)}.example","firstTimeStamp":"{format_time(first_ns, 7200)}","context":"",'
            f'"timeStamp":"{format_time(first_ns + 10**12, 7200)}","domainType":2,"initiatedType":"AppInitiated","hits":3,'
            f'"type":"networkActivity","domainOwner":"","bundleID":"com.example.app{chance.randrange(80)}",'
            '"contextVerificationType":0,"domainClassification":1}\n'
        )


def plainly(path: Path) -> int:
    """Read with the simple reader."""
    pairs: dict[str, list[Any]] = {}
    with path.open("rb") as file:
        for raw in file:
            line = json.loads(raw)
            if line["type"] == "access":
                pair = pairs.get(line["identifier"])
                if pair is None:
                    pair = pairs[line["identifier"]] = [line["accessor"]["identifier"], line["category"], None, None]
                pair[3 if line["kind"] == "intervalEnd" else 2] = line["timeStamp"]
    return len(pairs)


def with_lightleak(path: Path) -> int:
    """Read with the library."""
    from lightleak.report import read_report

    return len(read_report(path).entries)


def with_objects(path: Path) -> int:
    """Read with the library, and keep every entry as an object."""
    from lightleak.report import read_report

    return len(list(read_report(path).entries))


WAYS: dict[str, Callable[[Path], int]] = {f.__name__: f for f in (plainly, with_lightleak, with_objects)}


def run() -> dict[str, Any]:
    """Measure all: medians of interleaved rounds, ratios within each round."""
    with tempfile.TemporaryDirectory(prefix="lightleak-bench-") as folder:
        long, mixed, week = (Path(folder) / name for name in ("long", "mixed", "week"))
        _write(long, access_lines(LINES))
        _write(mixed, access_lines(LINES // 2), network_lines(LINES // 2))
        _write(week, access_lines(WEEK // 2), network_lines(WEEK // 2))
        rounds = [{name: _measure(name, long) for name in WAYS} for _ in range(ROUNDS)]
        mixed_rounds = [{name: _measure(name, mixed) for name in ("plainly", "with_lightleak")} for _ in range(ROUNDS)]
        weeks = [_measure("with_objects", week) for _ in range(ROUNDS)]
    return {
        "lines": LINES,
        "time_to_plain": _ratio(rounds, "with_lightleak"),
        "time_to_plain_with_objects": _ratio(rounds, "with_objects"),
        "time_to_plain_half_network": _ratio(mixed_rounds, "with_lightleak"),
        "limit_time_to_plain": 0.75,
        "peak_mb": max(one["with_lightleak"]["peak_mb"] for one in rounds + mixed_rounds),
        "peak_mb_with_objects": max(one["with_objects"]["peak_mb"] for one in rounds),
        "limit_peak_mb": 500,
        "week_s": round(statistics.median(one["wall_s"] for one in weeks), 3),
        "limit_week_s": 0.15,
    }


def _write(path: Path, *parts: Iterator[str]) -> None:
    with path.open("w") as file:
        for part in parts:
            file.writelines(part)


def _measure(name: str, path: Path) -> dict[str, float]:
    """Run one reader in its own process. The time is that of the call, the peak memory that of the process."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, __file__, name, str(path)]
    result: dict[str, float] = json.loads(
        subprocess.run(command, env=environment, check=True, capture_output=True).stdout
    )
    return result


def _ratio(rounds: list[dict[str, dict[str, float]]], name: str) -> float:
    # Processor time, which other programs on the machine do not change.
    return round(statistics.median(one[name]["cpu_s"] / one["plainly"]["cpu_s"] for one in rounds), 3)


def _here(name: str, path: Path) -> dict[str, float]:
    if name != "plainly":
        import lightleak.report  # noqa: F401  # a library call is measured, not the start of Python
    wall, cpu = time.perf_counter(), time.process_time()
    WAYS[name](path)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall_s": round(wall, 4), "cpu_s": round(cpu, 4), "peak_mb": round(peak, 1)}


if __name__ == "__main__":
    json.dump(_here(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 1 else run(), sys.stdout, indent=2)
    print()
