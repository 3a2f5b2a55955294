"""A store at an URL: the same as in a folder, against a real S3 server on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
pytest.importorskip("s3fs")
pytest.importorskip("moto")

from fleet.labs import ask, run, session


@pytest.fixture
def bucket(monkeypatch) -> Iterator[str]:
    """An empty bucket of a server that runs as a process."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test-secret", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        s3fs.S3FileSystem().mkdir("lab")
        yield "s3://lab/fleet"
    finally:
        server.kill()
        server.wait()


def test_a_store_in_s3_has_the_same_rows(bucket, tmp_path, capfd):
    files = [session(tmp_path, f"s{n}", app=("a/b", "org.app")[n % 2], version=str(n), reads=2) for n in range(4)]
    for place in (bucket, tmp_path / "lab"):
        for recording, report in files:
            assert run("fleet", "add", place, recording, "--report", report) == 0
    questions = [f"SELECT * FROM {table} ORDER BY ALL" for table in ("entries", "acts", "observers", "problems")]
    questions.append("SELECT * EXCLUDE (unseen) FROM runs ORDER BY ALL")
    for sql in questions:
        assert ask(capfd, bucket, sql) == ask(capfd, tmp_path / "lab", sql)
    assert run("fleet", "compact", bucket) == 0
    for sql in questions:
        assert ask(capfd, bucket, sql) == ask(capfd, tmp_path / "lab", sql)
    capfd.readouterr()
    assert run("fleet", "add", bucket, files[0][0], "--report", files[0][1]) == 0
    assert "1 known already" in capfd.readouterr().err
    assert run("fleet", "status", bucket) == 0
    for sql in (
        "SELECT * FROM read_text('s3://lab/other')",
        "COPY runs TO 's3://lab/x'",
        "SELECT * FROM read_csv('/etc/passwd')",
    ):
        capfd.readouterr()
        assert run("fleet", "query", bucket, sql) == 2
        assert "test-secret" not in capfd.readouterr().err


def test_a_bucket_that_is_not_there_and_a_scheme_that_is_not_known_are_one_sentence(bucket, tmp_path, capfd):
    recording, report = session(tmp_path, "a")
    for place in ("s3://nowhere/fleet", "nonsense://x/y"):
        capfd.readouterr()
        assert run("fleet", "add", place, recording, "--report", report) == 1
        said = capfd.readouterr().err
        assert said.count("\n") == 1, said
        assert "Traceback" not in said


def test_two_worker_processes_write_to_s3(bucket, tmp_path, capfd):
    files = [session(tmp_path, f"s{n}", version=str(n), reads=1) for n in range(4)]
    path = tmp_path / "runs.csv"
    path.write_text("session,report\n" + "".join(f"{one.name},{report.name}\n" for one, report in files))
    assert run("fleet", "add", bucket, "--manifest", path, "--workers", "2") == 0
    assert ask(capfd, bucket, "SELECT count(*) AS n FROM runs") == [{"n": 4}]
    assert os.environ["AWS_ENDPOINT_URL"] not in capfd.readouterr().err
