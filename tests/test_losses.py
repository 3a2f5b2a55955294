"""What is missing is counted once and said in one way, wherever a person reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lightleak.cli import main
from lightleak.losses import CUT_SHORT, Losses, cut_short, lost_count, total
from lightleak.trace.hook_status import HookCounts, status_of
from lightleak.views.live.state import LiveState
from stories import Trace, entry_lines

NS = 10**9


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        (Losses(), "no events lost"),
        (Losses(1), "1 event lost"),
        (Losses(1_200), "1,200 events lost"),
        (Losses(0, 1, 340_000_000), "1 process cut short: up to 0.4 s may be missing"),
        (Losses(2, 3, 61 * NS), "2 events lost, 3 processes cut short: up to 61.0 s may be missing"),
        (Losses(0, 1, 600 * NS), "1 process cut short: up to 10 min may be missing"),
        (Losses(0, 1, 0), "1 process cut short: up to 0.1 s may be missing"),
    ],
)
def test_what_is_missing_is_said_in_the_right_number_and_never_as_0(losses, said):
    assert losses.words() == said
    assert bool(losses) == (said != "no events lost")


def test_up_to_is_never_less_than_it_was():
    assert [cut_short(ns) for ns in (300_000_001, 300_000_000, None)] == [
        "cut short: up to 0.4 s may be missing",
        "cut short: up to 0.3 s may be missing",
        "cut short: its last moments may be missing",
    ]


@pytest.mark.parametrize(
    ("count", "reason", "number"),
    [(7, "x", 7), (1, CUT_SHORT, 1), (0, CUT_SHORT, 0), (None, "x", 1), ("7", "x", 1), (True, "x", 1), (-3, None, 1)],
)
def test_only_an_end_that_was_not_seen_counts_no_event(count, reason, number):
    assert lost_count(count, reason) == number


def test_the_sum_has_all_parts():
    assert total([Losses(1, 2, 3), Losses(4, 5, 6)]) == Losses(5, 7, 9)


def killed(folder: Path) -> Trace:
    """An app that was killed 0.34 s after its last sign of life."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(10.34, "lost", count=0, reason=CUT_SHORT)
    trace.add(10.34, "process", phase="exited", reason="killed", name="App", identifier="org.example.app", role="app")
    trace.ready(100, 2)
    trace.add(200, "mark", 2, label="end")
    trace.save(folder)
    (folder / "report.ndjson").write_text(entry_lines(1, 10, 71))
    (folder / "policy.toml").write_text('version = 1\n[[rule]]\nrule = "no-read"\ndepth = "data"\n')
    return trace


SHORT = "cut short: up to 0.4 s may be missing"


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("verify", []),
        ("show", []),
        ("replay", ["--speed", "max"]),
        ("compare", ["--report", "report.ndjson"]),
        ("check", ["--report", "report.ndjson", "--policy", "policy.toml"]),
    ],
)
def test_an_app_that_was_killed_is_cut_short_in_every_command(tmp_path, monkeypatch, capsys, command, options):
    """A reader of "0 events lost" and "1 lost" of one file trusted neither."""
    killed(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main([command, "s.lightleak", *options])
    out = " ".join(capsys.readouterr().out.split())
    assert SHORT in out
    for wrong in (" 0 lost", " 0 events", "1 lost", "1 event lost", "1 events", "sign of life"):
        assert wrong not in out
    # verify also says it of each segment, and the second one is whole.
    assert ("no events lost" in out) == (command == "verify")


def test_the_live_view_and_json_count_the_same(tmp_path, monkeypatch, capsys):
    trace = killed(tmp_path)
    from lightleak.events import Event

    state = LiveState()
    state.feed(map(Event, trace.events))
    assert state.losses == Losses(0, 1, 340_000_000)
    assert any(line.endswith(SHORT) for line in state.lines())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["compare", "s.lightleak", "--report", "report.ndjson", "--format", "json"])
    (session,) = json.loads(capsys.readouterr().out)["sessions"]
    assert (session["lost"], session["cut_short"]) == (0, {"processes": 1, "unseen_ms": 340.0})
    assert session["gaps"][0]["reason"] == "cut short"


def hook(probe: str, status: str, **keys: object) -> dict[str, object]:
    return {"kind": "hook", "probe": probe, "symbol": f"-[A {probe}]", "status": status, **keys}


@pytest.mark.parametrize(
    ("hooks", "processes", "said"),
    [
        ([hook("a", "installed"), hook("b", "installed")], 1, "all 2 hooks that this process has"),
        ([hook("a", "installed"), hook("b", "skipped", code="no-class")], 1,
         "1 hook that this process has (1 more is of classes or methods that it does not have)"),
        ([hook("a", "installed"), hook("b", "skipped", absent=True), hook("c", "skipped", code="no-method")], 2,
         "1 hook that these processes have (2 more are of classes or methods that they do not have)"),
        ([hook("a", "installed"), hook("b", "failed", reason="too short")], 1, "1 of 2 hooks that this process has"),
        ([hook("a", "skipped", code="no-class"), hook("a", "installed")], 2, "1 hook that these processes have"),
        ([], 1, "no hooks that this process has"),
    ],
)  # fmt: skip
def test_hooks_that_a_process_has_nothing_for_are_no_failures(hooks, processes, said):
    """After each success "38 hooks not installed" read as a recording that is a quarter broken."""
    counts = HookCounts()
    for each in hooks:
        counts.feed(each)
    assert counts.words(processes) == said
    assert counts.missing.keys() == {"b"} & {h["probe"] for h in hooks if status_of(h) == "missing"}
