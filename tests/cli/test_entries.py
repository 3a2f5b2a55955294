"""``lightleak compare`` of many entries: a line for each, and some of them by filter and time.

The golden files hold what a person sees; LIGHTLEAK_GOLDEN=write writes them again.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from lightleak.cli import main
from stories import Trace, entry_lines, ident, stamp

GOLDEN = Path(__file__).parent.parent / "views" / "golden"
DAY_S = 86_400


def many(folder: Path) -> list[str]:
    """Three days of two apps: 24 entries of one, 4 of the other; read at night, in part unwatched, one without a begin."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "state", value="active")
    lines = []
    for n in range(24):
        at_s = 100 + n * 9_000
        lines.append(entry_lines(n, at_s, at_s + 61.5))
        if n == 20:
            trace.add(at_s - 50, "lost", count=3, reason="buffer full")
        trace.add(at_s - 30, "state", value="background" if n % 2 else "active")
        origin = trace.add(
            at_s - 20, "notification", observer={"class": "Watcher", "id": "0x1"}, change="c", type="change"
        )
        cause = {"cause": origin} if n % 3 == 0 else {}
        trace.access(at_s - 0.01, "metadata", **cause)
        trace.add(at_s, "accounting", phase="begin", identifier=ident(n), service="photos")
        if n % 4 == 1:
            trace.access(at_s + 1, "data")
    trace.add(3 * DAY_S, "mark", label="end")
    trace.save(folder)
    lines.append(entry_lines(40, None, 50))
    lines += [entry_lines(50 + n, 500 + n * 100, 560 + n * 100, app="org.example.other") for n in range(4)]
    (folder / "report.ndjson").write_text("".join(lines))
    apps = ["--app", "org.example.app", "--app", "org.example.other"]
    return [str(folder / "s.lightleak"), "--report", str(folder / "report.ndjson"), *apps]


@pytest.fixture
def paths(tmp_path) -> list[str]:
    return many(tmp_path)


def compared(capfd, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["compare", *arguments])
    out, err = capfd.readouterr()
    assert ended.value.code == 0, err
    return out


def refused(capfd, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["compare", *arguments])
    out, err = capfd.readouterr()
    assert (ended.value.code, out) == (2, "")
    return " ".join(err.split())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lines-120", []),
        ("lines-80", []),
        ("lines-60", []),
        ("chosen-80", ["--filter", "depth = data and state = background"]),
        ("why-100", ["--filter", "identifier ~ 0AC or identifier ~ 0AD", "--why"]),
    ],
)
def test_a_person_sees_what_the_golden_file_holds(paths, capfd, monkeypatch, name, options):
    columns = int(name.rpartition("-")[2])
    monkeypatch.setenv("COLUMNS", str(columns))
    out = compared(capfd, *paths, *options)
    file = GOLDEN / f"compare-{name}.txt"
    if os.environ.get("LIGHTLEAK_GOLDEN") == "write":
        file.write_text(out, encoding="utf-8")
    assert out == file.read_text(encoding="utf-8")
    assert max(map(len, out.splitlines())) <= columns


def chosen(capfd, paths: list[str], *options: str) -> list[dict]:
    found = json.loads(compared(capfd, *paths, *options, "--format", "json"))
    assert found["selection"]["entries"] == len(found["entries"])
    assert found["selection"]["of"] == 29
    assert sum(app["entries"] for app in found["summary"].values()) == len(found["entries"])
    return found["entries"]


def everything(capfd, paths: list[str]) -> list[dict]:
    return json.loads(compared(capfd, *paths, "--format", "json"))["entries"]


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("depth = data and state = background", lambda e: e["depth"] == "data" and e["state"] == "background"),
        ("depth >= metadata", lambda e: e["depth"] in ("metadata", "thumbnail", "data", "upload")),
        ("depth = none", lambda e: e["depth"] == "none"),
        ("cause = query and not match = time", lambda e: e["cause"] == "query" and e["match"] != "time"),
        ("app ~ other", lambda e: e["app"].endswith("other")),
        ("trigger = change and trigger.by = link", lambda e: (e["trigger"] or {}).get("by") == "link"),
        ("trigger != change", lambda e: (e["trigger"] or {}).get("kind") != "change"),
        ("flags = partly-observed", lambda e: "partly-observed" in e["flags"]),
        ("flags != partly-observed", lambda e: "partly-observed" not in e["flags"]),
        ("evidence = 1:1:7", lambda e: "1:1:7" in e["evidence"]),
        ("time < 06:00", lambda e: (e["begin"] or e["end"])[11:16] < "06:00"),
        ("begin < 06:00", lambda e: bool(e["begin"]) and e["begin"][11:16] < "06:00"),
        ("time >= 2025-10-10", lambda e: (e["begin"] or e["end"]) >= "2025-10-10"),
        ("time >= 2025-10-10T00:00:00+00:00", lambda e: (e["begin"] or e["end"]) >= "2025-10-10T08:00"),
        ("length > 60.5", lambda e: bool(e["begin"] and e["app"].endswith("app"))),
        ("length <= 60", lambda e: e["app"].endswith("other")),
        ("reads = 2", lambda e: sum(e["triggers"].values()) == 2),
        ("reads >= 1", lambda e: sum(e["triggers"].values()) >= 1),
        (f"identifier = {ident(3)}", lambda e: e["identifier"] == ident(3)),
        ("category = photos", lambda _: True),
        ("category = contacts", lambda _: False),
    ],
)
def test_an_expression_chooses_entries_as_it_chooses_events(paths, capfd, expression, holds):
    found = chosen(capfd, paths, "--filter", expression)
    assert found == [entry for entry in everything(capfd, paths) if holds(entry)]


def test_night_is_that_of_the_summary(paths, capfd):
    whole = json.loads(compared(capfd, *paths, "--format", "json"))
    assert (
        len(chosen(capfd, paths, "--filter", "night = yes")) == sum(a["night"] for a in whole["summary"].values()) > 0
    )


def test_from_and_to_take_both_ends_and_a_time_of_day_is_on_the_first_day(paths, capfd):
    begun = [entry["begin"] or entry["end"] for entry in everything(capfd, paths)]
    first, last = min(begun), sorted(begun)[9]
    found = chosen(capfd, paths, "--from", first[11:16], "--to", last)
    assert sorted(entry["begin"] or entry["end"] for entry in found) == sorted(begun)[:10]
    assert chosen(capfd, paths, "--from", stamp(200_000), "--to", stamp(1)) == []


def test_figures_of_some_entries_are_never_mixed_with_figures_of_all(paths, capfd):
    """A reader of "3 entries, observers 4, handed over 2 MB" took the megabytes for those of the three entries."""
    chosen_of = json.loads(compared(capfd, *paths, "--filter", "cause = query", "--format", "json"))
    whole = json.loads(compared(capfd, *paths, "--format", "json"))
    only_of_all = {"observers", "notifications", "bytes", "cpu_ms", "claims", "observer_cost", "usage"}
    assert "unreported" not in chosen_of
    for app, figures in chosen_of["summary"].items():
        assert not only_of_all & figures.keys()
        mine = [entry for entry in chosen_of["entries"] if entry["app"] == app]
        assert figures["entries"] == len(mine)
        assert sum(figures["by_depth"].values()) == len(mine)
        assert only_of_all <= whole["summary"][app].keys()
    table = compared(capfd, *paths, "--filter", "trigger = change")
    assert "The claim" not in table
    assert "Selected: " in table
    assert "Selected" not in compared(capfd, *paths)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--filter", "depht = data"], "fields are app, cause, depth"),
        (["--filter", "state = sleeping"], "state is one of active"),
        (["--filter", "reads = many"], "reads is a number"),
        (["--filter", "match > time"], "match has no order"),
        (["--filter", "reads ~ 1"], "reads is not text"),
        (["--from", "tomorrow"], "cannot parse --from tomorrow as a time"),
        (["--filter", "depth = data", "-o", "page.html"], "a page cannot be made of some entries"),
    ],
)
def test_wrong_usage_is_said(paths, capfd, options, said):
    assert said in refused(capfd, *paths, *options)


def test_verdicts_are_rows_of_a_table_with_the_columns_of_the_data_frame(paths, capfd, tmp_path):
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    entries = chosen(capfd, paths, "--filter", "app ~ app")
    rows = list(csv.DictReader(io.StringIO(compared(capfd, *paths, "--filter", "app ~ app", "--format", "csv"))))
    assert [(row["identifier"], row["begin"], row["depth"]) for row in rows] == [
        (entry["identifier"], entry["begin"] or "", entry["depth"]) for entry in entries
    ]
    assert [row["evidence"].split() for row in rows] == [entry["evidence"] for entry in entries]
    compared(capfd, *paths, "-o", str(tmp_path / "v.parquet"))
    table = pq.read_table(tmp_path / "v.parquet")
    assert table.column_names == list(rows[0])
    assert len(table) == 29
    assert table.column("trigger").to_pylist() == [(e["trigger"] or {}).get("kind") for e in everything(capfd, paths)]
    assert str(table.schema.field("begin").type) == "timestamp[ns, tz=UTC]"


def test_few_entries_are_paragraphs_and_why_always_is(paths, capfd):
    few = compared(capfd, *paths, "--filter", "app ~ other")
    assert "Cause unknown" in few
    assert "  begin " not in few
    assert "  begin " in compared(capfd, *paths)
    assert "  begin " not in compared(capfd, *paths, "--why")


def test_what_limits_many_entries_is_said_once(paths, capfd):
    out = " ".join(compared(capfd, *paths, "--why").split())
    assert out.count("says nothing about reads") == 1
    assert out.count("also: [1]") > 10


def test_many_reads_under_no_entry_are_counted_and_the_first_are_listed(tmp_path, capfd):
    """A hundred runs filled two screens, each of one event with its time written twice."""
    trace = Trace()
    trace.ready(0)
    for n in range(30):
        trace.access(1000 + n * 600, "thumbnail")
    trace.access(29_000, "data")
    trace.access(29_002, "data")
    trace.add(30_000, "mark", label="end")
    trace.save(tmp_path)
    (tmp_path / "report.ndjson").write_text(entry_lines(1, 10, 70) + entry_lines(2, 29_900, 29_960))
    out = compared(capfd, str(tmp_path / "s.lightleak"), "--report", str(tmp_path / "report.ndjson"))
    assert "not covered by an entry of the report: 31\n" in out
    assert f"{stamp(1000).replace('T', ' ')}  org.example.app  thumbnail, 1 event" in out
    assert out.count("thumbnail, 1 event") == 20
    assert "and 11 more; --format json lists them all" in out
