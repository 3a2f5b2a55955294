"""``why`` is made to be quoted, so it says itself what the flags ``ambiguous`` and ``twin`` say."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from lightleak.events import NS_PER_MS, NS_PER_S
from stories import NS, T0_S, Trace, entry_lines, judge


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


def two_processes(asleep: tuple[int, int], first: list[int], second: list[int]) -> Trace:
    """Two processes of an app are notified at these times; the first one sleeps from one time to another."""
    trace = Trace()
    trace.ready(0)
    trace.ready(0, segment=2)
    event = {"kind": "notification", "observer": {"class": "A", "id": "1"}, "change": "c", "type": "change"}
    for at in sorted({*first, *asleep}):
        if at in asleep:
            phase = "suspended" if at == asleep[0] else "resumed"
            trace.add(at, "process", phase=phase, pid=101, name="App", role="app", identifier="org.example.app")
        elif not asleep[0] < at < asleep[1]:
            trace.add(at, **event)
    for at in second:
        trace.add(at, segment=2, **event)
    for segment in (1, 2):
        trace.add(90, "mark", segment=segment, label="end")
    return trace


SECONDS = st.integers(2, 60)


@settings(max_examples=60, deadline=None)
@given(
    asleep=st.tuples(SECONDS, SECONDS).map(sorted).filter(lambda pair: pair[1] > pair[0]).map(tuple),
    first=st.lists(SECONDS, max_size=4, unique=True).map(sorted),
    second=st.lists(SECONDS, max_size=4, unique=True).map(sorted),
    begins=st.lists(SECONDS, min_size=2, max_size=5, unique=True).map(sorted),
)
def test_where_one_process_sleeps_while_another_runs_an_entry_shares_only_what_is_near_both(
    asleep: tuple[int, int], first: list[int], second: list[int], begins: list[int]
) -> None:
    """What is near an entry need not be neighbours in time then, and the entries that share it are counted all the same."""
    lines = [entry_lines(n, at + 0.5, at + 0.6) for n, at in enumerate(begins)]
    with TemporaryDirectory() as name:
        (app,) = judge(Path(name), two_processes(asleep, first, second), *lines).apps
    timeline = app.timeline
    reach_ns = timeline.reach_ns(3 * NS_PER_S)
    near = [
        {int(at) for at, wall, reach in zip(timeline.at, timeline.wall_ns, reach_ns, strict=True)
         if wall < begin + NS_PER_MS and begin <= reach}
        for begin in (T0_S * NS + at * NS + NS // 2 for at in begins)
    ]  # fmt: skip
    expected = [sum(bool(mine & other) for at, other in enumerate(near) if at != n) for n, mine in enumerate(near)]
    assert app.results.near_others.tolist() == expected
