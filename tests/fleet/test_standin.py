"""Real sessions of the stand-in phone, on a real Dask cluster of which one worker is killed: the answers are those of one process."""

from __future__ import annotations

import json
import signal
import threading
import time
import uuid
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("distributed")

import lightleak
from demo import Play
from fleet.labs import ask, run
from fleet.test_workers import QUESTIONS, Cluster
from lightleak.trace.ndjson import import_trace

COPIES = 12

pytestmark = [pytest.mark.standin, pytest.mark.slow]


@pytest.fixture(scope="module")
def recorded(built: None, tmp_path_factory) -> list[tuple[Path, Path]]:
    """Two recordings of real processes by the real agent, and copies of them under other session numbers."""
    found = []
    for name in ("demo", "quiet"):
        play = Play(tmp_path_factory.mktemp(name), quiet=True)
        play.run(name)
        found.append((play.session, play.report))
        trace = play.out / "trace.ndjson"
        lightleak.export(play.session, trace)
        header, _, events = trace.read_text(encoding="utf-8").partition("\n")
        for number in range(COPIES):
            copy = json.loads(header) | {"session": str(uuid.uuid4())}
            copy["target"] = (copy.get("target") or {}) | {"version": f"1.{number % 3}"}
            source = play.out / f"copy{number}.ndjson"
            source.write_text(json.dumps(copy) + "\n" + events, encoding="utf-8")
            import_trace(source, play.out / f"copy{number}.lightleak")
            found.append((play.out / f"copy{number}.lightleak", play.report))
    return found


def test_a_cluster_that_loses_a_worker_gives_the_answers_of_one_process(recorded, tmp_path, capfd):
    manifest = tmp_path / "runs.csv"
    manifest.write_text("session,report\n" + "".join(f"{session},{report}\n" for session, report in recorded))
    cluster, store = Cluster(2), tmp_path / "cluster"
    killed: list[int] = []

    def kill_one() -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and len(list(store.rglob("added/*/*.json"))) < 4:
            time.sleep(0.005)
        killed.append(len(list(store.rglob("added/*/*.json"))))
        cluster.workers[1].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    try:
        killer.start()
        assert run("fleet", "add", store, "--manifest", manifest, "--scheduler", cluster.address) == 0
        killer.join()
        assert 4 <= killed[0] < len(recorded)
        assert cluster.workers[1].wait() == -signal.SIGKILL
    finally:
        cluster.stop()
    assert run("fleet", "add", tmp_path / "one", "--manifest", manifest) == 0
    for sql in QUESTIONS:
        assert ask(capfd, store, sql) == ask(capfd, tmp_path / "one", sql)
    rows = ask(
        capfd, store, "SELECT count(DISTINCT run) AS runs, count(*) FILTER (status = 'failed') AS failed FROM runs"
    )
    assert rows == [{"runs": len(recorded), "failed": 0}]
    for by in ("app", "version"):
        reports = []
        for place in (store, tmp_path / "one"):
            capfd.readouterr()
            assert run("fleet", "report", place, "--by", by, "--json") == 0
            reports.append(json.loads(capfd.readouterr().out) | {"store": ""})
        assert reports[0] == reports[1]
        assert reports[0]["cells"]


def test_the_rows_of_a_real_session_are_the_verdicts_of_compare(recorded, tmp_path, capfd):
    session, report = recorded[0]
    assert run("fleet", "add", tmp_path / "lab", session, "--report", report) == 0
    said = {verdict.identifier: verdict for verdict in lightleak.compare(session, report).verdicts()}
    rows = ask(capfd, tmp_path / "lab", "SELECT * FROM entries")
    assert len(rows) == len(said) > 3
    for row in rows:
        verdict = said[row["identifier"]]
        found = (row["app"], row["cause"], row["depth"], row["match"], row["state"], row["brief"])
        assert found == (verdict.app, verdict.cause, verdict.depth, verdict.match, verdict.state, verdict.brief)
    images = ask(capfd, tmp_path / "lab", "SELECT DISTINCT image FROM acts WHERE image IS NOT NULL")
    assert images
