"""Two sessions side by side: what went, what came, and what cannot be compared."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import lightleak
from lightleak.comparator.diff.diff import diff
from lightleak.comparator.rules.visibility import REGISTRATION, required_from
from lightleak.errors import CompareError
from lightleak.losses import CUT_SHORT
from lightleak.views.terminal.diff import render
from stories import APP, Trace, entry_lines, ident

PROBES = (*required_from("metadata"), REGISTRATION)


def version(*, without: str = "", hours: float = 1, state: str = "background", **device: str) -> Trace:
    """Watch a version of the app for some time, in one state, with everything in place but one probe."""
    trace = Trace()
    trace.header["device"] |= device
    trace.ready(0)
    for probe in PROBES:
        word = {"status": "skipped", "reason": "it cannot be hooked"} if probe == without else {"status": "installed"}
        trace.add(0, "hook", probe=probe, symbol=f"-[Some {probe}]", **word)
    trace.add(0, "state", value=state)
    trace.end_s = hours * 3600
    return trace


def observe(trace: Trace, cls: str, number: str = "0x1") -> None:
    observer = {"class": cls, "id": number, "image": "App"}
    trace.add(1, "observer", action="registered", observer=observer, type="change")


def compared(tmp_path: Path, old: Trace, new: Trace, *lines: str) -> dict[str, Any]:
    """Return the difference; with ``lines``, of OLD's and NEW's report."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    sessions = []
    for name, trace in (("old", old), ("new", new)):
        trace.add(trace.end_s, "mark", label="end")
        sessions.append(trace.save(folder, name))
    reports = {}
    for key, text in zip(("old_report", "new_report"), lines, strict=False):
        (folder / key).write_text(text)
        reports[key] = lightleak.read_report(folder / key)
    return diff(*sessions, **reports).to_dict()


def test_observers_go_come_and_stay_by_class(tmp_path):
    old, new = version(), version()
    observe(old, "Gone")
    observe(old, "Kept")
    observe(new, "Kept", "0x1")
    observe(new, "Kept", "0x2")
    observe(new, "New")
    found = compared(tmp_path, old, new)["apps"][APP]
    assert found["observers"] == {
        "gone": [{"class": "Gone", "count": 1}],
        "new": [{"class": "New", "count": 1}],
        "kept": [{"class": "Kept", "old": 1, "new": 2}],
        "comparable": True,
        "reason": None,
    }
    assert found["appeared"] == ["observer New"]


def test_reads_are_per_state_and_depth_and_per_watched_hour(tmp_path):
    old, new = version(), version(hours=4)
    for at in (10, 20):
        old.access(at, "data")
        new.access(at, "data")
    new.access(30, "metadata")
    found = compared(tmp_path, old, new)["apps"][APP]
    rows = {(row["state"], row["depth"]): (row["old"], row["new"], row["comparable"]) for row in found["reads"]}
    assert rows == {
        ("background", "data"): ({"n": 2, "per_hour": 2.0}, {"n": 2, "per_hour": 0.5}, True),
        ("background", "metadata"): ({"n": 0, "per_hour": 0.0}, {"n": 1, "per_hour": 0.25}, True),
    }
    assert found["appeared"] == ["metadata read in the state background"]


def counting(*counts: int, status: str = "installed") -> Trace:
    trace = version(hours=2)
    trace.add(0, "hook", probe="property.place", symbol="-[PHAsset location]", status=status)
    for at, count in enumerate(counts):
        trace.add(5 + at, "property", symbol="-[PHAsset location]", count=count, assets=1)
    return trace


def test_properties_are_compared_by_symbol_where_both_sides_counted_them(tmp_path):
    found = compared(tmp_path, counting(), counting(7, 3))["apps"][APP]
    (place,) = found["properties"]
    assert (place["symbol"], place["old"]["n"], place["new"], place["comparable"]) == (
        *("-[PHAsset location]", 0),
        *({"n": 10, "per_hour": 5.0}, True),
    )
    assert "property -[PHAsset location]" in found["appeared"]
    blind = compared(tmp_path, counting(status="skipped"), counting(7))["apps"][APP]
    assert not blind["properties"][0]["comparable"]
    assert "property -[PHAsset location]" not in blind["appeared"]


def test_cost_is_normalised_too(tmp_path):
    old, new = version(), version(hours=2)
    for trace in (old, new):
        of = trace.access(10, "data")
        trace.add(11, "return", of=of, duration_ns=5, cpu_ns=4_000_000)
        trace.add(12, "delivery", of=of, bytes=1000, degraded=False, error=None)
    cost = {row["measure"]: row for row in compared(tmp_path, old, new)["apps"][APP]["cost"]}
    assert (cost["cpu_ms"]["old"]["per_hour"], cost["cpu_ms"]["new"]["per_hour"]) == (4.0, 2.0)
    assert (cost["bytes"]["old"]["per_hour"], cost["bytes"]["new"]["per_hour"]) == (1000.0, 500.0)


@pytest.mark.parametrize(
    ("probe", "depth", "comparable"),
    [
        ("image-manager.request-image-for-asset", "data", False),
        ("image-manager.request-image-for-asset", "thumbnail", False),
        ("asset.fetch-assets-with-options", "metadata", False),
        ("asset.fetch-assets-with-options", "data", True),
    ],
)
def test_what_a_probe_of_one_side_only_could_see_is_not_compared(tmp_path, probe, depth, comparable):
    old, new = version(without=probe), version()
    new.access(10, depth)
    found = compared(tmp_path, old, new)["apps"][APP]
    assert found["probes"] == [{"probe": probe, "old": "missing", "new": "installed"}]
    (row,) = found["reads"]
    assert (row["comparable"], bool(found["appeared"])) == (comparable, comparable)
    assert (probe in (row["reason"] or "")) is not comparable


def test_a_probe_that_only_some_segments_had_compares_nothing_even_when_both_sides_are_alike(tmp_path):
    probe = "image-manager.request-image-for-asset"
    old, new = version(), version()
    for trace in (old, new):
        trace.add(100, "process", phase="exited", reason=None)
        trace.ready(200, 2)
        for other in PROBES:
            trace.add(200, "hook", 2, probe=other, status="skipped" if other == probe else "installed", reason="no")
    new.access(10, "data")
    found = compared(tmp_path, old, new)["apps"][APP]
    assert (found["reads"][0]["comparable"], found["appeared"], found["probes"]) == (False, [], [])


def test_observers_are_not_compared_where_one_side_could_not_see_them(tmp_path):
    new = version()
    observe(new, "New")
    found = compared(tmp_path, version(without=REGISTRATION), new)["apps"][APP]
    assert (found["observers"]["comparable"], found["appeared"]) == (False, [])


def test_a_state_that_one_side_was_never_in_proves_nothing_new(tmp_path):
    new = version()
    new.access(10, "data")
    found = compared(tmp_path, version(state="active"), new)["apps"][APP]
    assert (found["reads"][0]["comparable"], found["appeared"]) == (False, [])
    assert "never watched in the state background in OLD" in found["reads"][0]["reason"]


def test_an_app_that_only_one_side_watched_is_told_and_not_compared(tmp_path):
    old, new = version(), version()
    for event in old.events:
        if event.get("identifier") == APP:
            event["identifier"] = "org.other"
    new.access(10, "data")
    apps = compared(tmp_path, old, new)["apps"]
    assert list(apps) == [APP, "org.other"]
    assert (apps[APP]["reads"][0]["reason"], apps[APP]["appeared"]) == ("the app was not watched in OLD", [])
    assert apps[APP]["reads"][0]["old"]["per_hour"] is None


def test_verdicts_count_entries_that_began_while_the_app_was_watched(tmp_path):
    old, new = version(), version()
    new.add(10, "accounting", phase="begin", identifier=ident(1))
    before = entry_lines(9, -100, -90)
    found = compared(tmp_path, old, new, before, before + entry_lines(1, 10.1, 12))["apps"][APP]
    assert [(row["cause"], row["old"]["n"], row["new"]["n"]) for row in found["verdicts"]] == [("query", 0, 1)]
    assert found["appeared"] == ["entry of cause query"]
    assert compared(tmp_path, version(), version())["apps"][APP]["verdicts"] is None


def test_another_system_and_the_same_recording_are_said(tmp_path):
    old, new = version(os_version="17.0"), version(os_version="18.1")
    assert "17.0" in compared(tmp_path, old, new)["notices"][0]
    same = version()
    twin = version()
    twin.header["session"] = same.header["session"]
    assert "same recording" in compared(tmp_path, same, twin)["notices"][0]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    old, new = version(), version(without="asset.fetch-assets-with-options")
    sessions = [trace.save(tmp_path, name) for trace, name in ((old, "a"), (new, "b"))]
    assert diff(*sessions).to_json() == diff(*sessions).to_json()


def test_sessions_that_name_no_app_need_one_named(tmp_path):
    with pytest.raises(CompareError, match="--app"):
        diff(Trace(app=None).save(tmp_path, "a"), Trace(app=None).save(tmp_path, "b"))


def test_an_observer_that_is_told_again_is_one(tmp_path):
    old, new = version(), version()
    for trace, times in ((old, 1), (new, 3)):
        for _ in range(times):
            observe(trace, "A")
    (app,) = compared(tmp_path, old, new)["apps"].values()
    assert app["observers"]["kept"] == [{"class": "A", "old": 1, "new": 1}]


@pytest.mark.parametrize("where", ["old", "new"])
def test_what_can_have_been_lost_from_the_old_session_is_said(tmp_path, where):
    old, new = version(), version()
    (old if where == "old" else new).add(1, "lost", count=3, reason="overload")
    notices = compared(tmp_path, old, new)["notices"]
    assert [notice.startswith(f"Of {APP} is missing from OLD: 3 events lost.") for notice in notices] == (
        [True] if where == "old" else []
    )


def test_a_process_that_was_cut_short_is_no_lost_event(tmp_path):
    """The table said "lost 0 → 0 events" of an app that was killed while it was recorded."""
    old = version()
    old.add(1, "lost", count=0, reason=CUT_SHORT)
    found = compared(tmp_path, old, version())
    (app,) = found["apps"].values()
    assert (app["old"]["lost"], app["old"]["cut_short"], app["new"]["cut_short"]) == (0, 1, 0)
    assert "1 process cut short: up to" in found["notices"][0]
    console = Console(file=io.StringIO(), width=120)
    console.print(render(found))
    shown = console.file.getvalue()
    assert "missing from OLD: 1 process cut short" in shown
    assert "lost 0" not in shown
    assert "missing from NEW" not in shown


LINKED = (
    ("handoff", "dispatch_async"),
    ("input.event", "-[UIApplication sendEvent:]"),
    ("wake.application-delegate", "-[UIApplication setDelegate:]"),
)


def followed(*, without: str = "", **keys: Any) -> Trace:
    """Watch a version with all that can set a read off in place, but one thing by its symbol."""
    trace = version(**keys)
    for probe, symbol in LINKED:
        word = {"status": "skipped", "reason": "it cannot be hooked"} if symbol == without else {"status": "installed"}
        trace.add(0, "hook", probe=probe, symbol=symbol, **word)
    return trace


def wake(trace: Trace, at_s: float, depth: str = "metadata") -> None:
    trace.access(at_s + 0.1, depth, cause=trace.add(at_s, "state", value="background", reason="silent-push"))


def change(trace: Trace, at_s: float, depth: str = "metadata") -> None:
    observer = {"class": "A", "id": "0x1", "image": "App"}
    trace.access(
        at_s + 0.1, depth, cause=trace.add(at_s, "notification", observer=observer, change="0x2", type="change")
    )


def test_what_sets_reads_off_is_compared_per_watched_hour(tmp_path):
    old, new = followed(), followed(hours=4)
    for at in (10, 500):
        change(old, at)
        wake(new, at)
    wake(new, 1000)
    new.access(2000, "metadata")
    found = compared(tmp_path, old, new)["apps"][APP]
    assert [(row["trigger"], row["old"], row["new"], row["comparable"]) for row in found["triggers"]] == [
        ("change", {"n": 2, "per_hour": 2.0, "by_time": 0}, {"n": 0, "per_hour": 0.0, "by_time": 0}, True),
        ("wake", {"n": 0, "per_hour": 0.0, "by_time": 0}, {"n": 3, "per_hour": 0.75, "by_time": 0}, True),
        ("none", {"n": 0, "per_hour": 0.0, "by_time": 0}, {"n": 1, "per_hour": 0.25, "by_time": 0}, True),
    ]
    read = "metadata read in the state background, set off by"
    assert found["appeared"] == [f"{read} a wake-up", f"{read} nothing that was watched"]
    assert found["vanished"] == [f"{read} a change notification"]


def test_time_alone_makes_nothing_appear(tmp_path):
    old, new = followed(), followed()
    old.access(100, "metadata")
    new.add(99, "state", value="background", reason="silent-push")
    new.access(100, "metadata")
    found = compared(tmp_path, old, new)["apps"][APP]
    assert [(row["trigger"], row["new"]["by_time"]) for row in found["triggers"]] == [("wake", 1), ("none", 0)]
    assert (found["appeared"], found["vanished"]) == ([], [])


def test_a_read_that_only_time_explains_still_appears_as_a_read(tmp_path):
    new = followed()
    new.add(99, "state", value="background", reason="silent-push")
    new.access(100, "metadata")
    found = compared(tmp_path, followed(), new)["apps"][APP]
    assert found["appeared"] == ["metadata read in the state background"]


@pytest.mark.parametrize("side", ["OLD", "NEW"])
@pytest.mark.parametrize("without", [symbol for _, symbol in LINKED])
def test_triggers_are_compared_only_where_both_sides_followed_them(tmp_path, side, without):
    old, new = (followed(without=without if name == side else "") for name in ("OLD", "NEW"))
    wake(new, 10)
    found = compared(tmp_path, old, new)["apps"][APP]
    (row,) = found["triggers"]
    assert (row["comparable"], without in row["reason"], side in row["reason"]) == (False, True, True)
    assert found["appeared"] == ["metadata read in the state background"]


def test_what_set_a_read_off_is_not_compared_when_it_is_not_known(tmp_path):
    new = followed()
    new.access(10, "metadata", cause_lost=True)
    (row,) = compared(tmp_path, followed(), new)["apps"][APP]["triggers"]
    assert (row["trigger"], row["comparable"]) == ("unknown", False)


def test_what_one_side_did_not_measure_is_null_and_not_compared(tmp_path):
    from lightleak.views.terminal import diff as view

    old, new = Trace(), Trace()
    for trace in (old, new):
        trace.ready(0)
        read = trace.access(10, "data")
        trace.add(3600, "mark", label="end")
    new.add(3601, "delivery", of=read, bytes=70, degraded=False, error=None)
    found = diff(old.save(tmp_path, "old"), new.save(tmp_path, "new")).to_dict()
    bytes_row = next(row for row in found["apps"][APP]["cost"] if row["measure"] == "bytes")
    assert (bytes_row["old"], bytes_row["new"]["n"]) == ({"n": None, "per_hour": None}, 70)
    assert (bytes_row["comparable"], bytes_row["reason"]) == (False, "it was not measured in OLD")
    shown = io.StringIO()
    Console(width=200, file=shown).print(view.render(found))
    assert "bytes: not measured → 70" in shown.getvalue()
