"""Compare the comparator with a literal reading of the contract on 100,000 small random worlds, on all cores.

``LIGHTLEAK_WORLDS`` says how many, ``LIGHTLEAK_FIRST_WORLD`` the first seed. Required: no disagreement.
"""

from __future__ import annotations

import json
import os
from multiprocessing import get_context
from typing import Any

WORLDS = int(os.environ.get("LIGHTLEAK_WORLDS", "100000"))
FIRST = int(os.environ.get("LIGHTLEAK_FIRST_WORLD", "0"))
AT_ONCE = 250
"""Worlds that one process compares before it takes the next."""


def _compare(first: int, until: int) -> tuple[int, int, list[str]]:
    """Return the worlds and entries from one seed to another, and where the two disagree."""
    from oracle.differences import differences, judged

    worlds = entries = 0
    found = []
    for world, document in judged(range(first, until)):
        worlds += 1
        entries += len(document["entries"])
        found += [f"seed {world.seed}: {where}" for where, _, _ in differences(world, document)]
    return worlds, entries, found


def run() -> dict[str, Any]:
    """Compare the worlds."""
    until = FIRST + WORLDS
    parts = [(first, min(first + AT_ONCE, until)) for first in range(FIRST, until, AT_ONCE)]
    with get_context("fork").Pool(os.cpu_count()) as pool:
        done = pool.starmap(_compare, parts, chunksize=1)
    found = [line for _, _, lines in done for line in lines]
    return {
        "worlds": sum(worlds for worlds, _, _ in done),
        "entries": sum(entries for _, entries, _ in done),
        "disagreements": len(found),
        "first": found[:20],
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
