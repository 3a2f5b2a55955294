"""``why`` is made to be quoted, so it says itself what the flags ``ambiguous`` and ``twin`` say."""

from __future__ import annotations

from pathlib import Path

from stories import Trace, entry_lines, judge


def notified(*at_s: float) -> Trace:
    trace = Trace()
    trace.ready(0)
    for at in at_s:
        trace.add(at, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.add(90, "mark", label="end")
    return trace


def whys(folder: Path, trace: Trace, *lines: str) -> list[str]:
    verdicts = list(judge(folder, trace, *lines).verdicts())
    for verdict in verdicts:
        assert ("ambiguous" in verdict["flags"]) == ("which of them it belongs to is not known" in verdict["why"])
        assert ("twin" in verdict["flags"]) == ("another entry of this app begins within 2 s" in verdict["why"])
    return [str(verdict["why"]) for verdict in verdicts]


def test_one_event_near_two_entries_is_said_of_both(tmp_path: Path) -> None:
    """One notification explained two rows, and each sentence read as if there were no other."""
    first, second = whys(tmp_path, notified(10), entry_lines(1, 10.2, 10.3), entry_lines(2, 12.5, 12.6))
    for said in (first, second):
        assert (
            "what was seen near its start is near another entry too, so which of them it belongs to is not known"
            in said
        )


def test_the_number_of_the_others_is_said(tmp_path: Path) -> None:
    lines = [entry_lines(n, 10.1 + n, 10.2 + n) for n in range(3)]
    found = whys(tmp_path, notified(10.05), *lines, entry_lines(8, 50, 51))
    assert ["near 2 other entries too" in said for said in found] == [True, True, True, False]


def test_neighbours_in_a_chain_count_only_those_that_share_an_event(tmp_path: Path) -> None:
    """Of three entries, the first and the last share nothing."""
    found = whys(tmp_path, notified(10, 12.5), *(entry_lines(n, 10.1 + 2.5 * n, 10.2 + 2.5 * n) for n in range(3)))
    assert ["near another entry too" in said for said in found] == [True, False, True]
    assert "near 2 other entries too" in found[1]


def test_a_twin_is_said(tmp_path: Path) -> None:
    first, second, third = whys(
        tmp_path, notified(50), entry_lines(1, 10, 11), entry_lines(2, 12, 13), entry_lines(3, 50.1, 51)
    )
    assert "both can come from one act" in first
    assert "both can come from one act" in second
    assert "both can come from one act" not in third
