"""``lightleak fleet query`` and ``status``, and the store in Python: reading, and nothing but reading."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

import lightleak
from fleet.labs import ask, run, session
from lightleak.fleet.schema import TABLES


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    for n, app in enumerate(("org.example.app", "a/b")):
        recording, report = session(folder, f"s{n}", app=app, reads=2 + n)
        run("fleet", "add", folder / "lab", recording, "--report", report)
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    return folder / "lab"


REFUSED = [
    "COPY runs TO '{out}/x.csv'",
    "COPY runs TO '{store}/x.parquet'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE '{out}/db'",
    "ATTACH '{out}/x.db'",
    "CREATE TABLE t AS SELECT 1",
    "CREATE VIEW runs AS SELECT 1",
    "DROP VIEW runs",
    "INSERT INTO runs SELECT * FROM runs",
    "UPDATE runs SET app = 'x'",
    "DELETE FROM runs",
    "SELECT * FROM read_csv('{out}/secret.csv')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '{out}/secret.csv'",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_blob('{store}/../secret.csv')",
    "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{out}/x.duckdb_extension'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "SET allowed_directories = ['/']",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "VACUUM",
    "CHECKPOINT",
    "USE memory",
    "BEGIN",
    "PREPARE x AS SELECT 1",
    "EXPLAIN ANALYZE COPY runs TO '{store}/x'",
    "EXPLAIN ANALYZE SELECT 1",
    "explain analyse copy runs to '{store}/x'",
    "COPY (PIVOT entries ON cause USING count(*)) TO '{store}/x.csv'",
    "WITH a AS (PIVOT entries ON cause USING count(*)) SELECT * FROM a; COPY runs TO '{store}/x.csv'",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY runs TO '{out}/x.csv'",
    "",
    "   ;",
    "SELEC 1",
    "SELECT * FROM nothing",
    "SELECT * FROM store",
    "SELECT 1 / 'x'",
    "FROM query('COPY runs TO ''/tmp/x''')",
    "CREATE SECRET (TYPE s3)",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_sql_that_does_more_than_read_the_store_is_one_sentence(store, capfd, sql):
    before = set(store.parent.rglob("*"))
    capfd.readouterr()
    assert run("fleet", "query", store, sql.format(store=store, out=store.parent)) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert set(store.parent.rglob("*")) == before


@pytest.mark.parametrize(
    "sql",
    ["SELECT count(*) FROM runs", "FROM runs", "WITH a AS (SELECT 1) SELECT * FROM a", "VALUES (1)", "DESCRIBE runs", "SHOW TABLES",
     "SUMMARIZE runs", "EXPLAIN SELECT * FROM runs", "PIVOT entries ON cause USING count(*)", "SELECT 1;", "/* a note */ SELECT 1"],
)  # fmt: skip
def test_sql_that_reads_the_store_runs(store, capfd, sql):
    assert run("fleet", "query", store, sql) == 0
    assert capfd.readouterr().out


def test_the_tables_have_the_columns_of_the_contract(store, capfd):
    for table, columns in TABLES.items():
        found = [row["column_name"] for row in ask(capfd, store, f"DESCRIBE {table}")]
        assert found == ["app", *columns]


def test_formats(store, capfd, tmp_path):
    sql = "SELECT app, flags, begin_ns, NULL AS nothing, 1.5 AS x, TIMESTAMP '2026-01-01' AS t, run AS app FROM entries ORDER BY ALL LIMIT 1"
    assert run("fleet", "query", store, sql, "--format", "json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["version"] == 1
    assert [column["name"] for column in found["columns"]] == ["app", "flags", "begin_ns", "nothing", "x", "t", "app_2"]
    (row,) = found["rows"]
    assert (row["app"], row["flags"], row["nothing"], row["x"], row["t"]) == (
        "a/b",
        ["lone-access"],
        None,
        1.5,
        "2026-01-01T00:00:00",
    )
    assert run("fleet", "query", store, sql, "-o", tmp_path / "x.csv") == 0
    lines = (tmp_path / "x.csv").read_text().splitlines()
    assert lines[0] == "app,flags,begin_ns,nothing,x,t,app"
    assert lines[1].startswith('a/b,"[""lone-access""]",')
    capfd.readouterr()
    assert run("fleet", "query", store, "SELECT '=1+1' AS x, E'a\\nb' AS y", "--format", "csv") == 0
    assert capfd.readouterr().out.splitlines()[1] == "'=1+1,a\\nb"
    assert run("fleet", "query", store, "SELECT E'a\\nb' AS y") == 0
    assert capfd.readouterr().out.splitlines()[1].strip() == "a\\nb"


def test_status_says_what_is_there(store, capfd, tmp_path):
    assert run("fleet", "status", store, "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["runs"], found["failed"], found["covered_hours"]) == (2, 0, 2.0)
    assert [(app["app"], app["entries"], app["acts"]) for app in found["apps"]] == [
        ("a/b", 3, 9),
        ("org.example.app", 2, 6),
    ]
    assert run("fleet", "status", store) == 0
    said = capfd.readouterr().out
    assert "2 runs, 0 failed, 2.0 h watched" in said


def test_the_store_in_python(store):
    from lightleak import fleet

    with fleet.open(store) as lab:
        assert lab.runs.aggregate("count(*)").fetchall() == [(2,)]
        assert sorted(lab.entries.to_pandas()["app"].unique()) == ["a/b", "org.example.app"]
        assert lab.acts.to_polars().height == len(lab.acts.to_pandas())
        assert lab.query("SELECT sum(count) FROM acts").fetchall() == [(15,)]
        assert len(lab.entries.to_dask().compute(scheduler="sync")) == 5
        assert lab.entries.to_dask().npartitions == 2
        assert (
            len(lab.table("problems").to_dask().compute(scheduler="sync"))
            == lab.problems.aggregate("count(*)").fetchall()[0][0]
        )
        for wrong in ("COPY runs TO '/tmp/x'", "SELECT * FROM read_csv('/etc/passwd')"):
            with pytest.raises(lightleak.LightleakError):
                lab.query(wrong).fetchall()
        with pytest.raises(lightleak.LightleakError, match="has no table"):
            lab.table("nothing")
    with pytest.raises(lightleak.LightleakError, match="is not a store"):
        fleet.open(store.parent)


def test_fleet_needs_no_second_import(store):
    program = f"import lightleak; print(lightleak.fleet.open({str(store)!r}).runs.aggregate('count(*)').fetchall())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[(2,)]"


def test_without_duckdb_one_sentence_says_what_to_install(store, capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert run("fleet", "query", store, "SELECT 1") == 1
    assert "duckdb is not installed: pip install 'lightleak[fleet]'" in capfd.readouterr().err


def test_ctrl_c_ends_a_query_that_takes_long(store):
    """DuckDB works outside of Python, where Ctrl-C is not looked at: it must be interrupted."""
    sql = "SELECT count(*) FROM range(10_000_000) a, range(10_000_000) b WHERE (a.range * b.range) % 7 = 3"
    command = [sys.executable, "-m", "lightleak", "fleet", "query", store, sql]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asked:
        # Starting takes less than a second of processor time: then it is in the query.
        while processor_s(asked.pid) < 4:
            assert asked.poll() is None
            time.sleep(0.05)
        asked.send_signal(signal.SIGINT)
        try:
            output, errors = asked.communicate(timeout=30)
        finally:
            asked.kill()
    assert (asked.returncode, output, errors.strip()) == (0, "", "")  # as every command that is stopped so


def processor_s(pid):
    """Read how much processor time a process has used, s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
