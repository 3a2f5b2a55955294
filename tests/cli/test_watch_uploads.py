"""Uploads by the system from end to end: ``watch`` with the real agent, an extension that the system starts, the phone's report, the verdict."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lightleak.trace.session import open_session
from standin import Phone
from standin.waiting import records, until

pytestmark = pytest.mark.standin

APP, UPLOAD = "org.lightleak.uploader", "org.lightleak.uploader.upload"
NO_BYTE = "no byte of such an upload passes through its process"


class Command:
    """A running command, and what it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.heard: list[str] = []

    def hear(self, count: int, words: str) -> None:
        """Read on until some words were said so many times."""
        assert self.process.stderr is not None
        while sum(words in line for line in self.heard) < count:
            self.heard.append(self.process.stderr.readline())
            assert self.process.poll() is None, "".join(self.heard)


@contextmanager
def command(*arguments: object) -> Iterator[Command]:
    """Run a recording, and stop it with Ctrl-C."""
    line = [sys.executable, "-m", "lightleak", *map(str, arguments)]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Command(process)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            rest = process.stderr.read()
            assert process.wait(30) == 0, rest
            assert "Traceback" not in rest
        finally:
            process.kill()


def compared(session: Path, report: Path, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "lightleak", "compare", str(session), "--report", str(report), *map(str, arguments)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def phone() -> Iterator[Phone]:
    with Phone(idle_s=0.5, leeway=0.0, ios="27") as phone:
        yield phone


def test_the_upload_extension_is_watched_while_its_app_does_not_run(phone: Phone, tmp_path: Path) -> None:
    session = tmp_path / "s.lightleak"
    with command("watch", "uploader", "-o", session) as watching:
        watching.hear(1, "waiting for uploader to start")
        # The system starts it: the app does not run.
        extension = phone.launch(
            "uploader", extension="upload", background=True, STANDIN_WAIT="1", UPLOAD_TO="up.example"
        )
        watching.hear(1, " ready")
        extension.order("process")
        until(lambda: len(records(phone, 3)) >= 1)  # its entry has ended
        extension.terminate()
        app = phone.launch("uploader")
        watching.hear(2, " ready")
        phone.finish_uploads()
        phone.add_network_row(app, "up.example", hits=4)
        phone.add_network_row(app, "else.example")
        app.order("fetch")
        again = phone.launch(
            "uploader", extension="upload", background=True, STANDIN_WAIT="1", UPLOAD_TO="later.example"
        )
        watching.hear(3, " ready")
        again.order("process")
        watching.hear(2, " upload: ")
        again.kill()  # in the middle: what it asked for stays
        watching.hear(2, "exited")
    report = phone.export_report(tmp_path)

    events = list(open_session(session).events())
    ready = [
        (event["role"], event["identifier"])
        for event in events
        if event.kind == "process" and event["phase"] == "ready"
    ]
    assert ready == [("extension", UPLOAD), ("app", APP), ("extension", UPLOAD)]
    hosts = [(event.segment, event["detail"]) for event in events if event.get("depth") == "upload"]
    assert hosts == [(1, {"host": "up.example"}), (3, {"host": "later.example"})]
    assert not [event for event in events if "secret" in json.dumps(event) or "anna" in json.dumps(event)]

    found: dict[str, Any] = json.loads(compared(session, report, "--format", "json"))
    entry, *_ = [entry for entry in found["entries"] if entry["app"] == UPLOAD and entry["cause"] == "query"]
    assert (entry["match"], entry["depth"]) == ("identifier", "upload")
    assert f"in that time the app asked iOS once to upload photos to up.example: {NO_BYTE}" in entry["why"]
    assert f"by the report, {APP} also contacted up.example 4 times" in entry["why"]
    assert "a coincidence in time, which does not show that a photo was sent" in entry["why"]
    assert "else.example" not in entry["why"]
    assert "asked iOS to upload" in entry["brief"]
    assert {entry["depth"] for entry in found["entries"] if entry["app"] == APP} <= {"none", "open", "metadata"}
    later, upload = found["summary"][UPLOAD]["uploads"]
    assert (later["host"], later["network"]) == ("later.example", [])
    assert (upload["host"], upload["asked"]) == ("up.example", 1)
    assert [(row["app"], row["hits"]) for row in upload["network"]] == [(APP, 4)]
    assert found["summary"][APP]["uploads"] == [later, upload]

    compared(session, report, "--format", "html", "-o", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "upload-asked" in page
    assert "no byte of such an upload passes through its process" in page
    assert "up.example" in page
