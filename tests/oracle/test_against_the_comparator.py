"""A literal reading of the contract and the comparator agree on every entry of many small random worlds."""

from __future__ import annotations

from collections import Counter

from oracle.differences import differences, judged
from oracle.worlds import world

WORLDS = 1500


def test_the_comparator_says_what_the_contract_says() -> None:
    """A failure names the seed: ``worlds.world(seed)`` makes the same world again."""
    found = []
    for made, document in judged(range(WORLDS)):
        found += [
            f"seed {made.seed}, {where}: the contract {mine!r}, the comparator {theirs!r}"
            for where, mine, theirs in differences(made, document)
        ]
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:20])


def test_the_worlds_hold_what_the_rules_are_about() -> None:
    """Each cause, trigger and flag comes up: a comparison of worlds in which nothing happens proves nothing."""
    seen: Counter[str] = Counter()
    for _, document in judged(range(100)):
        for entry in document["entries"]:
            seen.update([entry["cause"], entry["state"], *entry["flags"]])
            if entry["trigger"]:
                seen.update([f"{entry['trigger']['kind']} by {entry['trigger']['by']}"])
    wanted = {
        "picker", "query", "open", "unobserved", "notification", "unexplained", "mixed", "background", "partly-observed",
        "lone-access", "library-open", "twin", "still-open", "begin-missing", "duplicate", "ambiguous",
        "change by link", "change by time", "touch by link", "wake by link", "launch by link", "none by none", "unknown by none",
    }  # fmt: skip
    assert not wanted - seen.keys()


def test_a_world_is_the_same_each_time() -> None:
    assert world(7) == world(7)
