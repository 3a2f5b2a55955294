"""``lightleak fleet add``: sessions and manifests become rows, once each; what fails is a row with its reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lightleak.fleet.schema import TABLES

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import contextlib

from fleet.labs import ask, run, session


def manifest(folder: Path, *rows: str, header: str = "session,report,app,version,os,device,condition") -> Path:
    path = folder / "runs.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_session_becomes_rows_of_every_table(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    assert (
        run(
            "fleet",
            "add",
            tmp_path / "lab",
            recording,
            "--report",
            report,
            "--set",
            "condition=wifi",
            "--set",
            "batch=7",
        )
        == 0
    )
    (row,) = ask(capfd, tmp_path / "lab", "SELECT * FROM runs")
    assert row["app"] == "org.example.app"
    assert (row["version"], row["os"], row["device"]) == ("1.0", "iOS 26.1", "iPhone15,2")
    assert (row["condition"], row["batch"], row["status"], row["problem"]) == ("wifi", "7", "ok", None)
    assert (row["covered_s"], row["background_s"], row["foreground_s"]) == (3600.0, 3599.9, 0.0)
    assert (row["lost"], row["gaps"], row["places_read"]) == (0, 0, 15)
    entries = ask(capfd, tmp_path / "lab", "SELECT * FROM entries ORDER BY begin_ns")
    assert len(entries) == 3
    assert {(e["cause"], e["depth"], e["trigger"], e["trigger_by"], e["state"], e["watched"]) for e in entries} == {
        ("query", "data", "change", "link", "background", True)
    }
    acts = ask(
        capfd,
        tmp_path / "lab",
        "SELECT depth, trigger, state, image, sum(count) AS n, sum(bytes) AS bytes FROM acts GROUP BY ALL ORDER BY depth",
    )
    assert [(a["depth"], a["trigger"], a["image"], a["n"], a["bytes"]) for a in acts] == [
        ("data", "change", "App", 3, 3_000), ("metadata", "change", "Sdk", 3, 0), ("notification", "change", None, 3, 0),
    ]  # fmt: skip
    (observer,) = ask(capfd, tmp_path / "lab", "SELECT * FROM observers")
    assert (observer["class"], observer["notifications"], observer["cpu_ms"], observer["bytes"]) == (
        "Watcher",
        3,
        6.0,
        3_000,
    )


def test_the_rows_are_what_compare_says(tmp_path, capfd):
    import lightleak

    recording, report = session(tmp_path, "a", reads=5)
    run("fleet", "add", tmp_path / "lab", recording, "--report", report)
    said = {v.identifier: v for v in lightleak.compare(recording, report).verdicts()}
    rows = ask(capfd, tmp_path / "lab", "SELECT * FROM entries")
    assert len(rows) == len(said) == 5
    for row in rows:
        verdict = said[row["identifier"]]
        assert (row["cause"], row["depth"], row["match"], row["state"]) == (
            verdict.cause,
            verdict.depth,
            verdict.match,
            verdict.state,
        )
        assert (row["flags"], row["brief"]) == (verdict.flags, verdict.brief)
        assert (row["trigger"], row["trigger_by"]) == (verdict.trigger.kind, verdict.trigger.by)
    assert lightleak.open(recording).head_hash == rows[0]["run"]


def test_acts_are_the_events_of_the_ladder_counted_one_by_one(tmp_path, capfd):
    """Against a count over the events of the demo's session, with three apps, internal events and callers of all kinds."""
    import datetime as dt
    from collections import Counter

    import lightleak
    from lightleak.events import DEPTHS

    demo = Path(lightleak.__file__).parent / "assets" / "demo"
    run("fleet", "add", tmp_path / "lab", demo / "session.lightleak", "--report", demo / "report.ndjson")
    apps, expected, sizes, callers = {}, Counter(), Counter(), {}
    for event in lightleak.open(demo / "session.lightleak").events():
        if event.kind == "process" and event.get("identifier") and event.get("role") != "assetsd":
            apps[event.segment] = event["identifier"]
        app = apps.get(event.segment)
        if app is None or event.internal:
            continue
        if event.depth in DEPTHS[1:]:
            image = ((event.get("caller") or {}).get("image") or "").rpartition("/")[2] or None
            hour = (
                dt.datetime.fromtimestamp(event.wall_ns // 3_600_000_000_000 * 3600, dt.UTC)
                .replace(tzinfo=None)
                .isoformat()
            )
            key = app, hour, event.depth, image
            expected[key] += 1
            callers[event.segment, event.seq] = app, event.depth
        if event.kind == "delivery" and event.get("bytes") and (event.segment, event.get("of")) in callers:
            sizes[callers[event.segment, event["of"]]] += event["bytes"]
    assert len(expected) > 5
    rows = ask(
        capfd,
        tmp_path / "lab",
        "SELECT app, hour, depth, image, CAST(sum(count) AS BIGINT) AS n FROM acts GROUP BY ALL",
    )
    assert {(row["app"], row["hour"], row["depth"], row["image"]): row["n"] for row in rows} == expected
    rows = ask(
        capfd,
        tmp_path / "lab",
        "SELECT app, depth, CAST(sum(bytes) AS BIGINT) AS n FROM acts GROUP BY ALL HAVING n > 0",
    )
    assert {(row["app"], row["depth"]): row["n"] for row in rows} == sizes


def test_what_observers_cost_adds_up_to_what_compare_says(tmp_path, capfd):
    import lightleak

    demo = Path(lightleak.__file__).parent / "assets" / "demo"
    files = demo / "session.lightleak", demo / "report.ndjson"
    run("fleet", "add", tmp_path / "lab", files[0], "--report", files[1])
    rows = ask(
        capfd,
        tmp_path / "lab",
        "SELECT app, CAST(sum(notifications) AS BIGINT) AS n, sum(cpu_ms) AS cpu FROM observers GROUP BY app",
    )
    summary = lightleak.compare(*files).to_dict()["summary"]
    assert len(rows) >= 2
    for row in rows:
        cost = summary[row["app"]]["observer_cost"]
        assert (row["n"], round(row["cpu"], 1)) == (cost["callbacks"], round(cost["cpu_ms"], 1))


def test_adding_twice_changes_nothing(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    run("fleet", "add", tmp_path / "lab", recording, "--report", report)
    before = {p: p.read_bytes() for p in (tmp_path / "lab").rglob("*") if p.is_file()}
    renamed = recording.rename(tmp_path / "other.lightleak")
    capfd.readouterr()
    assert run("fleet", "add", tmp_path / "lab", renamed, "--report", report) == 0
    assert "1 known already" in capfd.readouterr().err
    assert {p: p.read_bytes() for p in (tmp_path / "lab").rglob("*") if p.is_file()} == before


RUNS = "SELECT app, version, condition FROM runs ORDER BY app"


def test_another_app_of_the_same_session_is_another_run(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    lab = tmp_path / "lab"
    for app in ("org.example.app", "com.other.app", "com.other.app"):
        run(
            "fleet",
            "add",
            lab,
            recording,
            "--report",
            report,
            "--set",
            f"app={app}",
            "--set",
            f"condition=for {app[:3]}",
        )
    assert [(row["app"], row["condition"]) for row in ask(capfd, lab, RUNS)] == [
        ("com.other.app", "for com"),
        ("org.example.app", "for org"),
    ]
    assert (
        "1 known already"
        in (
            run("fleet", "add", lab, recording, "--report", report, "--set", "app=com.other.app"),
            capfd.readouterr().err,
        )[1]
    )
    run("fleet", "compact", lab)
    run("fleet", "add", lab, recording, "--report", report, "--set", "app=com.other.app", "--set", "condition=new")
    assert [row["condition"] for row in ask(capfd, lab, RUNS)] == ["new", "for org"]


def test_what_is_said_of_a_run_can_be_changed_and_stays_otherwise(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    lab = tmp_path / "lab"
    add = ("fleet", "add", lab, recording, "--report", report)
    run(*add, "--set", "condition=wifi", "--set", "version=9")
    run(*add)
    assert ask(capfd, lab, RUNS) == [{"app": "org.example.app", "version": "9", "condition": "wifi"}]
    run(*add, "--set", "condition=cellular", "--set", "tester=me")
    assert ask(capfd, lab, "SELECT version, condition, tester FROM runs") == [
        {"version": "9", "condition": "cellular", "tester": "me"}
    ]
    report.write_text(report.read_text() + "\n")
    run(*add)
    assert ask(capfd, lab, RUNS) == [{"app": "org.example.app", "version": "9", "condition": "cellular"}]
    assert ask(capfd, lab, "SELECT count(*) AS n FROM entries") == [{"n": 3}]


def test_another_report_of_the_same_session_takes_the_place_of_the_first(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    longer = tmp_path / "longer.ndjson"
    from stories import entry_lines

    longer.write_text(report.read_text() + entry_lines(50, 3000, 3062, app="org.example.app"))
    store = tmp_path / "lab"
    for one, count in ((None, 0), (report, 3), (longer, 4), (report, 3)):
        run("fleet", "add", store, recording, *(["--report", one] if one else []))
        assert ask(
            capfd, store, "SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM entries) AS entries"
        ) == [{"runs": 1, "entries": count}]
    assert len(list(store.rglob("runs/*/*.parquet"))) == 1


def test_what_fails_is_a_row_with_its_reason_and_goes_when_it_succeeds(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    (tmp_path / "junk.lightleak").write_bytes(b"not a session")
    (tmp_path / "junk.ndjson").write_text("nothing\n")
    later, later_report = tmp_path / "later.lightleak", tmp_path / "later.ndjson"
    rows = [
        f"{recording.name},{report.name},org.example.app,1.0,,,",
        f"{later.name},{later_report.name},org.other.app,2.0,,,",
        f"junk.lightleak,{report.name},,,,,",
        f"{recording.name},junk.ndjson,,,,,",
        f",{report.name},,,,,",
    ]
    path = manifest(tmp_path, *rows)
    assert run("fleet", "add", tmp_path / "lab", "--manifest", path) == 0
    said = capfd.readouterr().err
    assert "added 1 session" in said
    assert "4 failed" in said
    assert "Traceback" not in said
    found = ask(capfd, tmp_path / "lab", "SELECT app, status, problem FROM runs ORDER BY app, problem")
    assert [row["status"] for row in found] == ["ok", "failed", "failed", "failed"]  # what is in the store stays in it
    assert {row["app"] for row in found} == {"org.example.app", "org.other.app", None}
    assert all(row["problem"] for row in found if row["status"] == "failed")
    made, made_report = session(tmp_path, "b", app="org.other.app", reads=1)
    made.rename(later)
    made_report.rename(later_report)
    run("fleet", "add", tmp_path / "lab", "--manifest", path)
    found = ask(capfd, tmp_path / "lab", "SELECT app, version, status FROM runs WHERE app IS NOT NULL ORDER BY app")
    assert [(row["app"], row["version"], row["status"]) for row in found] == [
        ("org.example.app", "1.0", "ok"), ("org.other.app", "2.0", "ok"),
    ]  # fmt: skip


def test_a_run_that_was_cut_says_so_in_its_row(tmp_path, capfd):
    recording, report = session(tmp_path, "a", reads=60)
    data = recording.read_bytes()
    recording.write_bytes(data[: len(data) * 3 // 4])
    run("fleet", "add", tmp_path / "lab", recording, "--report", report)
    (row,) = ask(capfd, tmp_path / "lab", "SELECT status, problem FROM runs")
    assert row["problem"]


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        (["a.lightleak,a.ndjson,x,1,,,,too many"], None, "line 2: 8 cells, where the first line has 7"),
        (["a.lightleak"], None, "line 2: 1 cells, where the first line has 7"),
        (["a.lightleak,a.ndjson,x"], "session,report,session", "two columns 'session'"),
        (["a.lightleak,a.ndjson,x"], "session,report,covered_s", "covered_s, which the store fills itself"),
        (["a.lightleak"], "session", "no column report"),
        ([], "", "no column session"),
    ],
)
def test_a_manifest_that_is_wrong_is_one_sentence(tmp_path, capfd, rows, header, said):
    path = manifest(tmp_path, *rows, **({} if header is None else {"header": header}))
    assert run("fleet", "add", tmp_path / "lab", "--manifest", path) == 1
    error = capfd.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "lab").exists()


def test_an_app_with_two_versions_in_one_session_is_a_failed_run(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    rows = [f"{recording.name},{report.name},org.example.app,{version},,," for version in ("1.0", "2.0")]
    assert run("fleet", "add", tmp_path / "lab", "--manifest", manifest(tmp_path, *rows)) == 1
    (row,) = ask(capfd, tmp_path / "lab", "SELECT app, status, problem FROM runs")
    assert (row["app"], row["status"]) == ("org.example.app", "failed")
    assert row["problem"] == "the manifest says two things of org.example.app in one session: version 1.0 and 2.0"


def test_two_apps_of_one_session_are_two_rows(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    rows = [
        f"{recording.name},{report.name},{app},{version},,,wifi"
        for app, version in (("org.example.app", "1"), ("com.other.app", "9"))
    ]
    assert run("fleet", "add", tmp_path / "lab", "--manifest", manifest(tmp_path, *rows)) == 0
    found = ask(capfd, tmp_path / "lab", "SELECT app, version, condition, covered_s > 0 AS seen FROM runs ORDER BY app")
    assert [tuple(row.values()) for row in found] == [
        ("com.other.app", "9", "wifi", False),
        ("org.example.app", "1", "wifi", True),
    ]


def test_further_columns_of_a_manifest_are_kept_next_to_runs_without_them(tmp_path, capfd):
    first, report = session(tmp_path, "a")
    second, other = session(tmp_path, "b", app="b.c")
    run("fleet", "add", tmp_path / "lab", first, "--report", report)
    path = manifest(tmp_path, f"{second.name},{other.name},west", header="session,report,site")
    run("fleet", "add", tmp_path / "lab", "--manifest", path)
    assert ask(capfd, tmp_path / "lab", "SELECT app, site FROM runs ORDER BY app") == [
        {"app": "b.c", "site": "west"}, {"app": "org.example.app", "site": None},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "app",
    ["../../etc", "a/b", "..", ".", "a\nb", "x" * 300, "50%", "a=b", "é.app", "a b", "1234", "~", "a'b", 'a"b', "照片", "x" * 300 + "'", "tail.", "C:\\x", "app=y"],
)  # fmt: skip
def test_a_hostile_name_of_an_app_comes_back_and_leads_nowhere(tmp_path, capfd, app):
    recording, report = session(tmp_path, "a", app=app, reads=1)
    store = tmp_path / "deep" / "lab"
    store.parent.mkdir()
    run("fleet", "add", store, recording, "--report", report)
    assert [row["app"] for row in ask(capfd, store, "SELECT app FROM runs")] == [app]
    assert ask(capfd, store, "SELECT count(*) AS n FROM entries") == [{"n": 1}]
    assert [p.name for p in store.parent.iterdir()] == ["lab"]
    assert {p.name for p in tmp_path.iterdir()} == {"deep", "a.lightleak", "a.lightleak.ndjson", "a.ndjson"}
    run("fleet", "compact", store)
    assert [row["app"] for row in ask(capfd, store, "SELECT app FROM runs")] == [app]


def test_the_files_are_hive_partitioned_for_other_readers(tmp_path):
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    recording, report = session(tmp_path, "a", app="a/b")
    run("fleet", "add", tmp_path / "lab", recording, "--report", report)
    for table, columns in TABLES.items():
        if (tmp_path / "lab" / table).exists():
            found = ds.dataset(tmp_path / "lab" / table, partitioning="hive").to_table()
            assert set(found.column_names) == {"app", *columns}
            assert set(found["app"].to_pylist()) == {"a/b"}
    assert pq.read_table(tmp_path / "lab" / "entries").num_rows == 3


def test_a_store_of_another_version_and_a_folder_that_is_none_are_refused(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    store = tmp_path / "lab"
    run("fleet", "add", store, recording, "--report", report)
    (store / "lightleak-fleet.json").write_text('{"format":"lightleak-fleet","version":9}')
    for words in (["add", store, recording], ["query", store, "SELECT 1"], ["status", store]):
        capfd.readouterr()
        assert run("fleet", *words) == 1
        assert "has version 9, and this lightleak reads version 1" in capfd.readouterr().err
    assert run("fleet", "query", tmp_path, "SELECT 1") == 1
    assert "is not a store of lightleak fleet" in capfd.readouterr().err
    assert run("fleet", "add", tmp_path, recording) == 1
    assert "has files and is not a store" in capfd.readouterr().err
    assert run("fleet", "status", tmp_path / "nothing") == 1


def test_wrong_usage_is_one_sentence(tmp_path, capfd):
    recording, _report = session(tmp_path, "a")
    for words in (
        [], [recording, "--manifest", "x.csv"], ["--manifest", "x.csv", "--set", "a=b"], [recording, "--set", "a"],
        [recording, "--set", "covered_s=1"], [recording, "--set", "a=1", "--set", "A=2"],
        [recording, "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], [recording, "--workers", "0"],
    ):  # fmt: skip
        capfd.readouterr()
        assert run("fleet", "add", tmp_path / "lab", *words) == 2, words
        assert "Traceback" not in capfd.readouterr().err


def test_a_kill_in_the_middle_leaves_a_store_that_is_whole(tmp_path, capfd):
    """Kill -9 at many moments; each time the store can be read, and at its end adding again gives what one run gives."""
    files = [session(tmp_path, f"s{n}", app=f"org.app{n % 3}", version=str(n), reads=2) for n in range(12)]
    path = manifest(tmp_path, *(f"{one.name},{report.name},,,,," for one, report in files))
    store = tmp_path / "lab"
    command = [sys.executable, "-m", "lightleak", "fleet", "add", str(store), "--manifest", str(path)]
    for wait_s in (0.1, 0.3, 0.5, 0.6, 0.7, 0.8):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait_s)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if (store / "lightleak-fleet.json").exists():
            bad = "SELECT count(*) AS n FROM entries WHERE run NOT IN (SELECT run FROM runs)"
            assert ask(capfd, store, bad) == [{"n": 0}]
    assert run("fleet", "add", store, "--manifest", path) == 0
    assert run("fleet", "add", tmp_path / "whole", "--manifest", path) == 0
    for table, order in (("runs", "app, run"), ("entries", "app, run, identifier"), ("acts", "ALL")):
        sql = f"SELECT * FROM {table} ORDER BY {order}"
        assert ask(capfd, store, sql) == ask(capfd, tmp_path / "whole", sql)


def test_files_of_a_writer_that_was_killed_do_not_count(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    store = tmp_path / "lab"
    run("fleet", "add", store, recording, "--report", report)
    (runs,) = store.rglob("runs/*/*.parquet")
    runs.unlink()
    assert ask(capfd, store, "SELECT count(*) AS n FROM entries") == [{"n": 0}]


def test_two_writers_at_once_lose_nothing(tmp_path, capfd):
    files = [session(tmp_path, f"s{n}", app=f"org.app{n % 2}", version=str(n), reads=1) for n in range(8)]
    path = manifest(tmp_path, *(f"{one.name},{report.name},,,,," for one, report in files))
    store = tmp_path / "lab"
    command = [sys.executable, "-m", "lightleak", "fleet", "add", str(store), "--manifest", str(path)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.wait() for process in writers] == [0, 0], [w.stderr.read() for w in writers]
    assert ask(capfd, store, "SELECT count(*) AS n, count(DISTINCT run) AS runs FROM runs") == [{"n": 8, "runs": 8}]
    assert ask(capfd, store, "SELECT count(*) AS n FROM entries") == [{"n": 8}]


def test_one_run_is_added_without_reading_the_others(tmp_path, capfd, monkeypatch):
    from lightleak.fleet import objects

    store = tmp_path / "lab"
    first, report = session(tmp_path, "a")
    run("fleet", "add", store, first, "--report", report)
    for path in store.rglob("*.parquet"):
        path.write_bytes(b"")  # reading it fails
    listed = []
    monkeypatch.setattr(objects.StoreObjects, "names", lambda self, folder="": listed.append(folder) or [])
    second, other = session(tmp_path, "b", version="2.0")
    assert run("fleet", "add", store, second, "--report", other) == 0
    assert listed == []


def test_compaction_keeps_every_row_and_can_be_stopped_anywhere(tmp_path, capfd, monkeypatch):
    from lightleak.fleet import objects

    store = tmp_path / "lab"
    files = [session(tmp_path, f"s{n}", app=f"org.app{n % 2}", version=str(n), reads=2) for n in range(6)]
    path = manifest(tmp_path, *(f"{one.name},{report.name},,,,," for one, report in files))
    run("fleet", "add", store, "--manifest", path)
    questions = [f"SELECT * FROM {table} ORDER BY ALL" for table in ("entries", "acts", "observers", "problems")]
    questions.append("SELECT * EXCLUDE (unseen) FROM runs ORDER BY ALL")
    before = [ask(capfd, store, sql) for sql in questions]
    calls = 0

    class StoppedError(Exception):
        pass

    for name in ("put", "remove"):
        real = getattr(objects.StoreObjects, name)

        def stopping(self, *arguments, real=real, **options):
            nonlocal calls
            calls -= 1
            if calls == 0:
                raise StoppedError
            return real(self, *arguments, **options)

        monkeypatch.setattr(objects.StoreObjects, name, stopping)
    from lightleak.fleet.compact import compact_store
    from lightleak.fleet.store import FleetStore

    for at in range(2, 40, 3):
        calls = at
        with contextlib.suppress(StoppedError):
            compact_store(FleetStore.open(str(store)), force=True)
        calls = 0
        assert [ask(capfd, store, sql) for sql in questions] == before
    assert run("fleet", "compact", store, "--force") == 0
    assert [ask(capfd, store, sql) for sql in questions] == before
    assert len(list(store.rglob("*.parquet"))) <= 2 * 5
    # A run in a set is replaced, and the set is written again.
    recording, report = files[0]
    report.write_text(report.read_text() + "\n")
    run("fleet", "add", store, recording, "--report", report)
    assert ask(capfd, store, "SELECT count(*) AS n FROM runs") == [{"n": 6}]
    assert ask(capfd, store, "SELECT count(*) AS n FROM entries") == [{"n": 12}]
    run("fleet", "compact", store)
    assert ask(capfd, store, "SELECT count(*) AS n FROM entries") == [{"n": 12}]


def test_a_second_compaction_waits_its_turn(tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    store = tmp_path / "lab"
    run("fleet", "add", store, recording, "--report", report)
    (store / "compacting.json").write_text(f'{{"since_s":{time.time():f}}}')
    assert run("fleet", "compact", store) == 1
    assert "another compaction" in capfd.readouterr().err
    assert run("fleet", "compact", store, "--force") == 0


def test_a_later_state_of_a_session_takes_the_place_of_the_earlier_one(tmp_path, capfd):
    """A recording that goes on has another head hash later: it must not count twice."""
    from tracekit import line
    from tracekit import session as write

    first, later, store = tmp_path / "first.lightleak", tmp_path / "later.lightleak", tmp_path / "lab"
    who = {"pid": 7, "name": "App", "identifier": "com.example.app", "role": "app"}
    events = [line(1, kind="process", phase="attached", **who), line(2, kind="process", phase="ready", **who)]
    events += [line(n, depth="metadata", symbol="+[PHAsset x]") for n in range(3, 40)]
    write(first, events[:20])
    write(later, events)
    for compacted in (False, True):
        run("fleet", "add", store, first)
        if compacted:
            run("fleet", "compact", store)
        run("fleet", "add", store, later)
        assert ask(capfd, store, "SELECT events FROM runs") == [{"events": 39}]
        assert run("fleet", "add", store, first) == 0
        assert ask(capfd, store, "SELECT events FROM runs") == [{"events": 39}]
        assert ask(capfd, store, "SELECT sum(count) AS n FROM acts") == [{"n": 37}]


def test_a_failed_run_that_was_compacted_goes_when_it_succeeds(tmp_path, capfd):
    store = tmp_path / "lab"
    paths = [tmp_path / f"{name}.lightleak" for name in "ab"]
    for path in paths:
        path.write_bytes(b"junk")
        run("fleet", "add", store, path)
    run("fleet", "compact", store)
    assert ask(capfd, store, "SELECT count(*) AS n FROM runs") == [{"n": 2}]
    made, _ = session(tmp_path, "x")
    made.rename(paths[0])
    assert run("fleet", "add", store, paths[0]) == 0
    rows = "SELECT status, count(*) AS n FROM runs GROUP BY ALL ORDER BY ALL"
    assert ask(capfd, store, rows) == [{"status": "failed", "n": 1}, {"status": "ok", "n": 1}]
    run("fleet", "compact", store)
    assert ask(capfd, store, rows) == [{"status": "failed", "n": 1}, {"status": "ok", "n": 1}]


def test_another_app_or_another_label_of_a_known_session_is_added_and_the_rest_stays(tmp_path, capfd):
    trace, report = session(tmp_path, "s", app="org.example.a")
    add = ("fleet", "add", tmp_path / "lab", trace, "--report", report)
    rows = "SELECT app, version, condition FROM runs ORDER BY app"

    def said() -> list[tuple[str, str, str | None]]:
        return [tuple(row.values()) for row in ask(capfd, tmp_path / "lab", rows)]

    assert run(*add, "--set", "app=org.example.a", "--set", "condition=wifi") == 0
    assert run(*add, "--set", "app=com.other.app", "--set", "version=7") == 0
    both = [("com.other.app", "7", None), ("org.example.a", "1.0", "wifi")]
    assert said() == both
    assert run("fleet", "compact", tmp_path / "lab") == 0
    assert run(*add) == 0  # says nothing new
    assert said() == both
    assert run(*add, "--set", "app=org.example.a", "--set", "condition=mobile") == 0
    assert said() == [("com.other.app", "7", None), ("org.example.a", "1.0", "mobile")]
    capfd.readouterr()
    assert run(*add, "--set", "app=org.example.a", "--set", "condition=mobile") == 0
    assert "1 known already" in capfd.readouterr().err
