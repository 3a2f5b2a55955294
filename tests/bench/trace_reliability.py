"""Count what the session file loses: flipped bytes, and writers killed at random. ``run()`` returns a dictionary.

The tests do the same with lower counts.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import lightleak
from lightleak.errors import TraceError
from lightleak.trace.verify import verify

_TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(_TESTS))

import tracekit  # noqa: E402  a module of the tests

_WRITER = """
import sys
from pathlib import Path
from lightleak.trace import Writer
from tracekit import HEADER, lines
writer = Writer(Path(sys.argv[1]), HEADER, on_durable=lambda count: print(count, flush=True))
made = lines(200_000)
print(0, flush=True)
for first in range(0, len(made), 100):
    writer.write(made[first:first + 100])
    if first % 2_000 == 0:
        writer.flush()
"""


def run(*, flips: int = 1_000, kills: int = 200) -> dict[str, Any]:
    """Flip bytes and kill writers. ``undetected``, ``lost_before`` and ``acknowledged_lost`` must be 0."""
    chance = random.Random(20261121)
    with tempfile.TemporaryDirectory(prefix="lightleak-bench-") as folder:
        return {
            "flipped_bytes": _flip(Path(folder), chance, flips),
            "killed_writers": _kill(Path(folder), chance, kills),
        }


def _flip(folder: Path, chance: random.Random, count: int) -> dict[str, int]:
    made = tracekit.lines(600)
    path = tracekit.session(folder / "flipped", made, frame=20)
    whole = path.read_bytes()
    ends = [frame.offset + frame.length for frame in lightleak.open(path).parts[0].frames]
    found = {"count": count, "undetected": 0, "lost_before": 0}
    for _ in range(count):
        flipped = bytearray(whole)
        position = chance.randrange(len(whole))
        flipped[position] ^= chance.randrange(1, 256)
        path.write_bytes(flipped)
        # The first frame holds the header alone.
        before = 20 * max(0, sum(end <= position for end in ends) - 1)
        try:
            opened = lightleak.open(path)
            found["undetected"] += not opened.notices or verify(path).ok
            found["lost_before"] += list(opened.lines())[:before] != made[:before]
        except TraceError:
            found["lost_before"] += before > 0
    return found


def _kill(folder: Path, chance: random.Random, count: int) -> dict[str, int]:
    made = tracekit.lines(200_000)
    found = {"count": count, "unreadable": 0, "acknowledged": 0, "acknowledged_lost": 0, "not_said": 0}
    for number in range(count):
        path = folder / f"killed{number}"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [_TESTS, *sys.path]))}
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.3))
            process.kill()
            told = [int(each) for each in process.stdout.readlines() if each.endswith("\n")]
        acknowledged = max(told, default=0)
        found["acknowledged"] += acknowledged
        try:
            opened = lightleak.open(path)
        except TraceError:
            found["unreadable"] += 1
            continue
        found["not_said"] += opened.closed or not opened.notices or verify(path).ok
        kept = list(opened.lines())
        found["acknowledged_lost"] += acknowledged if kept != made[: len(kept)] else max(0, acknowledged - len(kept))
        path.unlink()
    return found


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
