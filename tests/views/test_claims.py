"""What a person reads first: how far the maker's claim holds, counted as the summary counts it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightleak.cli import main
from lightleak.comparator.explain.claims import answer, breakdown, counted, trigger_words
from lightleak.views.terminal import usage as usage_view
from stories import APP, Trace, entry_lines, ident, judge

GOLDEN = Path(__file__).parent / "golden"


def entry(
    kind: str | None,
    by: str = "link",
    depth: str = "metadata",
    cause: str = "query",
    *,
    match: str = "identifier",
    also: str | None = None,
    limit: str | None = None,
) -> dict:
    """Return a verdict. also: what set off another read under the entry; limit: the code of a clause."""
    trigger = None if kind is None else {"kind": kind, "by": by}
    clauses = [] if limit is None else [{"code": limit}]
    triggers = {"change": 1} if also is None else {also: 1}
    return {
        "cause": cause, "depth": depth, "match": match, "trigger": trigger, "triggers": triggers, "clauses": clauses,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([], "No entry is known to be in the background: the claim is not tested."),
        ([entry(None, cause="picker")], "No entry is known to be in the background: the claim is not tested."),
        (
            [entry("launch", cause="open")],
            "The claim is not tested: in the background the app only opened the library.",
        ),
        (
            [entry("change"), entry("change"), entry("launch", cause="open")],
            (
                "The claim holds for what was recorded: of 3 entries in the background, 2 were set off by change notifications "
                "only, and the rest only opened the library."
            ),
        ),
        (
            [entry("change"), entry("change", "time")],
            "The claim is likely for what was recorded: 1 of 2 entries in the background fit by time only.",
        ),
        (
            [entry("change"), entry("change", match="time")],
            "The claim is likely for what was recorded: 1 of 2 entries in the background fit by time only.",
        ),
        (
            [entry("change"), entry("wake", match="time")],
            "The claim is in doubt: 1 of 2 entries in the background was likely set off by something else.",
        ),
        (
            [entry("change"), entry("unknown", "none"), entry(None, cause="unobserved")],
            "The claim is not proven: for 2 of 3 entries in the background it is not known what set them off.",
        ),
        (
            [entry("change"), entry("wake", "time"), entry("touch", "time")],
            "The claim is in doubt: 2 of 3 entries in the background were likely set off by something else.",
        ),
        (
            [entry("change"), entry("none", "none"), entry("wake", "time")],
            (
                "The claim does not explain 1 of 3 entries in the background: no change notification was seen to set it off, "
                "by link or shortly before."
            ),
        ),
        (
            [entry("none", "none"), entry("none", "none"), entry("unknown", "none")],
            (
                "The claim does not explain 2 of 3 entries in the background: no change notification was seen to set them off, "
                "by link or shortly before."
            ),
        ),
        (
            [entry("change"), entry("wake"), entry("none", "none"), entry(None, cause="unexplained")],
            "The claim does not hold: 1 of 4 entries in the background is linked to something else.",
        ),
        (
            [entry("change"), entry("change", also="none"), entry("launch", cause="open", also="unknown")],
            "The claim is not proven: under 2 of 3 entries in the background the app also read for another or an unknown reason.",
        ),
        (
            [entry("none", "none", limit="origins-not-watched"), entry("none", "none", limit="watched-briefly")],
            "The claim is not proven: for 2 of 2 entries in the background no trigger was seen, and not all was watched.",
        ),
        (
            [entry("none", "none", limit="handoff-not-followed"), entry("none", "none", limit="partly-watched")],
            (
                "The claim does not explain 1 of 2 entries in the background: no change notification was seen to set it off, "
                "by link or shortly before."
            ),
        ),
    ],
)
def test_the_answer_claims_no_more_than_was_seen(entries, said):
    assert answer(counted(entries)) == said


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([entry("change"), entry("change", "time"), entry("wake", "time")], "not proven: for 2 of 3"),
        ([entry("change"), entry("none", "none"), entry("wake", "time")], "does not explain 1 of 3"),
        ([entry("change"), entry("wake", "link"), entry("wake", "time")], "does not hold: 1 of 3"),
        ([entry("change")], "holds"),
    ],
)
def test_what_may_be_chance_neither_proves_nor_contradicts(entries, said):
    assert said in answer(counted(entries, is_by_chance=True))


def test_what_may_be_chance_is_not_said_to_be_likely():
    entries = [entry("change", "time"), entry("wake", "time"), entry("wake")]
    assert "1 set off by a change notification (1 may be chance)" in breakdown(
        counted(entries, is_by_chance=True), "in all states"
    )
    assert "likely" not in breakdown(counted(entries, is_by_chance=True), "in all states")
    assert trigger_words(entries[0], is_by_chance=True) == "change notification, may be chance"
    assert trigger_words(entries[2], is_by_chance=True) == "wake-up, linked"


def test_the_parts_are_said_with_how_sure_they_are_and_the_deepest_of_those_that_fit():
    entries = [
        entry("change", depth="thumbnail"), entry("change", "time"), entry("wake", depth="data"), entry("touch", "time"),
        entry("touch", "time"), entry("none", "none"), entry("unknown", "none"), entry("launch", cause="open"),
        entry(None, cause="picker", depth="data"),
    ]  # fmt: skip
    assert breakdown(counted(entries), "in the background") == (
        "In the background: of 8 entries, 2 set off by a change notification (1 linked, 1 likely), 4 by something else "
        "(2 by a touch or key, likely; 1 by a wake-up, linked; 1 by nothing that was watched), "
        "1 undecided and 1 only opened the library; the deepest of those set off by a change went as far as a thumbnail."
    )


def test_a_trigger_is_a_name_and_how_sure_it_is():
    triggers = [entry("change"), entry("touch", "time"), entry("none", "none"), entry("unknown", "none"), entry(None)]
    assert [trigger_words(one) for one in triggers] == [
        "change notification, linked", "touch or key, likely", "nothing seen", "not known", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("active", "return to the foreground, linked"),
        ("inactive", "change of app state, linked"),
        ("background", "change of app state, linked"),
        (None, "change of app state, linked"),
    ],
)
def test_only_becoming_active_is_a_return_to_the_foreground(state, name):
    one = entry("activation") | {"clauses": [{"code": "set-off-by", "state": state}]}
    assert trigger_words(one) == name
    # Of several, or of a run, no state is known.
    assert trigger_words(entry("activation")) == "change of app state, linked"
    assert "1 by a change of the app's state, linked" in breakdown(counted([one]), "in all states")


def used(trace: Trace, at_s: float, so_far: int) -> None:
    """Add a measure: seconds of CPU, wake-ups and MB read so far; energy is not told."""
    trace.add(
        at_s, "usage", cpu_ns=so_far * 10**9, footprint_bytes=95_000_000, energy_nj=None, wakeups=so_far,
        disk_read_bytes=so_far * 10**6,
    )  # fmt: skip


def story() -> tuple[Trace, str]:
    """One app: entries because of a change (linked and by time), a touch, a push, and nothing; and what it used."""
    trace = Trace()
    trace.ready(0, reason="launch")
    trace.add(0.1, "state", value="active", reason=None)
    observer = {"class": "Library\nWatcher", "id": "0x1"}
    trace.add(1, "observer", action="registered", observer=observer, type="change")
    touch = trace.add(20, "input", type="touch")
    rows = [(1, 20.1, touch, "data"), (2, 100.1, None, "metadata"), (3, 200.2, "told", "thumbnail")]
    rows += [
        (4, 300.2, "told", "data"),
        (5, 400.2, "late", "metadata"),
        (6, 500.2, "push", "data"),
        (7, 600, None, "data"),
    ]
    lines = ""
    for n, at, because, depth in rows:
        if n == 3:
            trace.add(150, "state", value="background", reason=None)
            used(trace, 150, 25)
        cause = because if isinstance(because, int) else None
        if because in ("told", "late"):
            told = trace.add(at - 0.1, "notification", observer=observer, change="c", type="change")
            cause = told if because == "told" else None
        elif because == "push":
            cause = trace.add(at - 0.1, "state", value="background", reason="silent-push")
        trace.access(at, "metadata", cause=cause)
        trace.add(at + 0.05, "accounting", phase="begin", identifier=ident(n), service="photos")
        if depth != "metadata":
            trace.access(at + 0.1, depth, cause=cause)
        used(trace, at + 9, 10 * n)
        lines += entry_lines(n, at + 0.1, at + 60)
    trace.add(700, "process", phase="detached", reason="application-requested")
    return trace, lines + entry_lines(8, 720, 730) + entry_lines(9, 650, 660, outOfProcess=True)


@pytest.mark.parametrize("columns", [110, 60])
def test_the_table_begins_with_the_claim(tmp_path, capfd, monkeypatch, columns):
    trace, lines = story()
    trace.save(tmp_path)
    (tmp_path / "report.ndjson").write_text(lines)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["compare", "s.lightleak", "--report", "report.ndjson"])
    out, _ = capfd.readouterr()
    assert ended.value.code == 0
    file = GOLDEN / f"compare-{columns}.txt"
    if os.environ.get("LIGHTLEAK_GOLDEN") == "write":
        file.write_text(out, encoding="utf-8")
    assert out == file.read_text(encoding="utf-8")
    assert max(map(len, out.splitlines())) <= columns


def test_the_counts_are_those_of_the_summary(tmp_path):
    trace, lines = story()
    found = judge(tmp_path, trace, lines).to_dict()
    (claim,) = found["summary"][APP]["claims"]
    counts = counted(one for one in found["entries"] if one["state"] == "background")
    assert claim == {
        "claim": "background-only-on-change", "entries": counts.entries, "opens": counts.opens,
        "fits_by_link": counts.fits_by_link, "fits_by_time": counts.fits_by_time, "contradicts": counts.contradicts,
        "undecided": counts.undecided, "deepest_fitting": counts.deepest_fitting,
    }  # fmt: skip
    assert (counts.fits_by_link, counts.fits_by_time, counts.contradicts) == (2, 1, 2)


@pytest.mark.parametrize(("reads", "times"), [(1, "once"), (3, "3 times")])
def test_reads_in_the_background_under_no_entry_keep_the_claim_from_holding(reads, times):
    """Each entry fits, but a push set off a read of photos that wrote no entry: the claim was said to hold."""
    for entries in ([entry("change")], [entry("change", "time")], [entry("launch", cause="open")]):
        said = answer(counted(entries, unlinked_reads=reads))
        assert said.startswith(
            f"The claim is not proven: in the background the app also queried or read {times} under no entry"
        )
    assert "does not hold" in answer(counted([entry("wake")], unlinked_reads=reads))
    assert "not tested" in answer(counted([], unlinked_reads=reads))


def in_background() -> tuple[Trace, str]:
    """Return an app in the background that queries because of a change, and the report's lines about it."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "state", value="background", reason=None)
    changed = trace.add(100, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.access(100.1, "metadata", cause=changed)
    trace.add(100.2, "accounting", phase="begin", identifier=ident(1), service="photos")
    return trace, entry_lines(1, 100.3, 110)


@pytest.mark.parametrize(
    ("kind", "at", "reads"),
    [("push", 500, 2), ("push", 5000, 2), ("change", 500, 0), ("active", 500, 0), ("under", 105, 0)],
)
def test_unlinked_reads_are_counted_of_the_whole_recording(tmp_path, kind, at, reads):
    """Also after the report's end, where no run under no entry is looked for; not those of a change, and not in the foreground."""
    trace, lines = in_background()
    cause = {
        "push": lambda: trace.add(at, "state", value="background", reason="silent-push"),
        "active": lambda: trace.add(at, "state", value="active", reason=None),
        "change": lambda: trace.add(at, "notification", observer={"class": "A", "id": "1"}, change="c", type="change"),
        "under": lambda: None,
    }[kind]()
    trace.access(at + 0.1, "metadata", cause=cause)
    trace.access(at + 0.2, "data", cause=cause)
    trace.access(at + 0.3, "open", cause=cause)
    trace.add(6000, "mark", label="end")
    found = judge(tmp_path, trace, lines, entry_lines(2, 3000, 3001, app="org.other")).to_dict()
    assert found["summary"][APP]["unlinked_reads"] == reads


KINDS = st.one_of(st.none(), st.sampled_from(["change", "touch", "wake", "launch", "activation", "none", "unknown"]))


@settings(max_examples=200)
@given(
    st.lists(
        st.builds(
            entry,
            KINDS,
            st.sampled_from(["link", "time", "none"]),
            st.sampled_from(["none", "metadata", "data", "upload"]),
            st.sampled_from(["query", "open", "picker", "notification", "unexplained"]),
        )
    )
)
def test_the_parts_add_up_and_every_text_is_one_line(entries):
    counts = counted(entries)
    assert counts.entries == counts.opens + counts.fits + counts.contradicts + counts.undecided
    assert counts.entries == sum(one["cause"] != "picker" for one in entries)
    for text in (answer(counts), breakdown(counts, "in all states")):
        assert text.endswith(".")
        assert text.isprintable()
    assert ("holds" in answer(counts)) <= (counts.fits > 0 and not counts.contradicts and not counts.undecided)


def test_usage_says_what_is_too_small_what_was_not_counted_and_nothing_of_what_was_not_measured():
    nothing = {
        "cpu_ms": None,
        "wakeups": None,
        "disk_read_bytes": None,
        "energy_mj": None,
        "footprint_peak_bytes": None,
    }
    usage = {"seconds": 60.0, **nothing, "partly": [], "left_out_s": 0.0, "by_state": {}, "around_callbacks": {}}
    assert usage_view.render(None) == []
    assert usage_view.render(usage) == []
    told = usage | {"cpu_ms": 1500.0, "energy_mj": 2500.0, "partly": ["cpu_ms"], "left_out_s": 20.0}
    assert usage_view.render(told) == [
        "used in 60.0 s, by the agent in the app too: at least CPU 1.5 s and 2.5 J",
        "not counted, for events are missing: 20.0 s",
    ]
    side = {"intervals": 2, "seconds": 20.0, "cpu_ms": 1000.0, "footprint_change_bytes": None}
    without = {"intervals": 1, "seconds": 0.0, "cpu_ms": 10.0, "footprint_change_bytes": None}
    (line,) = usage_view.render(usage | {"around_callbacks": {"background": {"with": side, "without": without}}})
    assert line == (
        "CPU in the background: 3.0 s per minute in 2 intervals with a change notification, an unknown rate in 1 interval "
        "without a change notification; whatever else the app did in an interval is in its figure"
    )


@pytest.mark.parametrize(
    ("trace_states", "line"),
    [
        (["background"], "in the background 1,"),
        (["active", "background"], "in the background 1 (1 of them in part),"),
        (["active"], "in the background 0,"),
    ],
)
def test_the_table_says_which_entries_were_in_the_background_in_part(tmp_path, capsys, trace_states, line):
    trace = Trace()
    trace.ready(0)
    for at, state in enumerate(trace_states, 10):
        trace.add(at, "state", value=state)
        trace.access(at + 0.1, "data")
    trace.add(60, "mark", label="end")
    judge(tmp_path, trace, entry_lines(1, 10.05, 15))
    with pytest.raises(SystemExit, match="0"):
        main(["compare", str(tmp_path / "s.lightleak"), "--report", str(tmp_path / "report.ndjson")])
    assert line in capsys.readouterr().out
