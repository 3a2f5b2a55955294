"""How many hooks are in place, in words."""

from __future__ import annotations

from lightleak.trace.hook_status import HookCounts


def counted(*hooks: tuple[str, str, str | None]) -> HookCounts:
    counts = HookCounts()
    for probe, status, code in hooks:
        counts.feed(
            {"kind": "hook", "probe": probe, "symbol": f"-[A {probe}]", "status": status, "code": code, "reason": "r"}
        )
    return counts


def test_probes_that_were_left_out_are_counted_and_are_no_failures() -> None:
    counts = counted(("a", "installed", None), ("b", "skipped", "left-out"), ("c", "skipped", "left-out"))

    assert counts.words() == "1 of 3 hooks that this process has, 2 probes left out as asked"
    assert counts.missing == {}


def test_a_hook_that_failed_is_counted_with_those_left_out() -> None:
    counts = counted(("a", "installed", None), ("b", "skipped", "left-out"), ("c", "skipped", None))

    assert counts.words() == "1 of 3 hooks that this process has, 1 probe left out as asked"
    assert list(counts.missing) == ["c"]


def test_without_any_left_out_all_are_in_place() -> None:
    assert counted(("a", "installed", None), ("b", "installed", None)).words() == "all 2 hooks that this process has"
