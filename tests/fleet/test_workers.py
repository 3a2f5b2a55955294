"""``fleet add`` on processes and clusters: the same rows, whatever runs them and whichever worker dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("distributed")

from fleet.labs import ask, run, session

QUESTIONS = [f"SELECT * FROM {table} ORDER BY ALL" for table in ("entries", "acts", "observers", "problems")]
QUESTIONS.append("SELECT * EXCLUDE (unseen) FROM runs ORDER BY ALL")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """A real scheduler and real workers, each a process of its own."""

    def __init__(self, workers: int) -> None:
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2])
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> None:
        self.workers.append(
            self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        )

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"]
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"DASK_DISTRIBUTED__WORKER__PRELOAD": "[]"},
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster(2)
    try:
        yield made
    finally:
        made.stop()


def lab(folder: Path, count: int) -> Path:
    files = [session(folder, f"s{n}", app=f"org.app{n % 3}", version=str(n), reads=3) for n in range(count)]
    path = folder / "runs.csv"
    rows = [f"{one.name},{report.name},,,,," for one, report in files]
    path.write_text(
        "\n".join(["session,report,app,version,os,device,condition", *rows, "gone.lightleak,s0.ndjson,,,,,"]) + "\n"
    )
    return path


@pytest.mark.slow
def test_workers_of_this_machine_write_the_same_rows(tmp_path, capfd):
    path = lab(tmp_path, 8)
    assert run("fleet", "add", tmp_path / "one", "--manifest", path) == 0
    assert run("fleet", "add", tmp_path / "two", "--manifest", path, "--workers", "2") == 0
    said = capfd.readouterr().err
    assert said.count("added 8 sessions") == 2
    for sql in QUESTIONS:
        assert ask(capfd, tmp_path / "two", sql) == ask(capfd, tmp_path / "one", sql)


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_changes_no_answer(tmp_path, capfd, cluster):
    path = lab(tmp_path, 40)
    store = tmp_path / "cluster"
    killed: list[int] = []

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(list(store.rglob("runs/*/*.parquet"))) < 8:
            time.sleep(0.01)
        killed.append(len(list(store.rglob("runs/*/*.parquet"))))
        cluster.workers[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    assert run("fleet", "add", store, "--manifest", path, "--scheduler", cluster.address) == 0
    killer.join()
    assert 8 <= killed[0] < 40, "the worker died before or after the work"
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert run("fleet", "add", tmp_path / "one", "--manifest", path) == 0
    for sql in QUESTIONS:
        assert ask(capfd, store, sql) == ask(capfd, tmp_path / "one", sql)


@pytest.mark.slow
def test_a_session_that_kills_each_worker_is_a_failed_run_and_the_others_are_added(tmp_path, capfd, monkeypatch):
    path = lab(tmp_path, 4)
    monkeypatch.setenv("PYTHONPATH", f"{Path(__file__).parents[1]}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setattr("lightleak.fleet.workers.add_some", deadly)
    monkeypatch.setattr("lightleak.fleet.workers._IN_FLIGHT", 1)  # so that jobs come in twos
    assert run("fleet", "add", tmp_path / "lab", "--manifest", path, "--workers", "2") == 0
    rows = ask(capfd, tmp_path / "lab", "SELECT status, problem FROM runs ORDER BY status, problem")
    assert [row["status"] for row in rows] == ["failed", "failed", "ok", "ok", "ok"]
    assert any("each worker that read this session died" in row["problem"] for row in rows[:2])


def deadly(place: str, jobs: list) -> list:
    from lightleak.fleet.add import add_runs

    if any("s2.lightleak" in job.name for job in jobs):
        os.kill(os.getpid(), signal.SIGKILL)
    return list(add_runs(place, jobs))


def test_a_scheduler_that_is_not_there_is_one_sentence(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("lightleak.fleet.workers._WAIT_S", 1)
    recording, report = session(tmp_path, "a")
    for address in (f"tcp://127.0.0.1:{free_port()}", "nonsense://x", "127.0.0.1:1:2"):
        capfd.readouterr()
        assert run("fleet", "add", tmp_path / "lab", recording, "--report", report, "--scheduler", address) == 1
        said = capfd.readouterr().err
        assert "no Dask scheduler answers at" in said
        assert said.count("\n") == 1


@pytest.mark.slow
def test_a_scheduler_without_workers_is_one_sentence(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("lightleak.fleet.workers._WAIT_S", 5)
    alone = Cluster(0)
    try:
        time.sleep(3)
        recording, report = session(tmp_path, "a")
        assert run("fleet", "add", tmp_path / "lab", recording, "--report", report, "--scheduler", alone.address) == 1
        assert "has no worker" in capfd.readouterr().err
    finally:
        alone.stop()


@pytest.mark.slow
def test_ctrl_c_in_the_middle_is_no_failure_and_leaves_a_whole_store(tmp_path, capfd):
    path = lab(tmp_path, 60)
    store = tmp_path / "lab"
    for more in ([], ["--workers", "2"]):
        command = [sys.executable, "-m", "lightleak", "fleet", "add", str(store), "--manifest", str(path), *more]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
        before = len(list(store.rglob("runs/*/*.parquet")))
        while len(list(store.rglob("runs/*/*.parquet"))) < before + 5:
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=60)[1]
        assert process.returncode == 0, said
        assert "stopped before" in said
        assert "Traceback" not in said
        assert ask(capfd, store, "SELECT count(*) AS n FROM entries WHERE run NOT IN (SELECT run FROM runs)") == [
            {"n": 0}
        ]
