"""``lightleak record APP --with assetsd``, run as a person runs it, with the real agent in both processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lightleak.trace.session import open_session
from standin import Phone
from standin.waiting import account, records, until

pytestmark = pytest.mark.standin

APP = "org.lightleak.quicksend"
OWN_SET = {
    "accounting",
    "accounting.begin",
    "accounting.coalesce",
    "accounting.expire",
    "assetsd.bind",
    "assetsd.picker",
    "assetsd.report",
    "regulatory.reading",
    "regulatory.transmitting",
    "regulatory.location",
}


def test_assetsd_is_recorded_with_the_app_and_says_for_whom_it_opens_the_library(phone: Phone, tmp_path: Path) -> None:
    app = phone.launch("quicksend", wait=True)
    output = tmp_path / "both.lightleak"
    command = [sys.executable, "-m", "lightleak", "record", str(app.pid), "--with", str(phone.assetsd.pid)]
    with subprocess.Popen([*command, "-o", str(output)], stderr=subprocess.PIPE, text=True) as recorder:
        assert recorder.stderr is not None
        heard: list[str] = []
        while sum(" ready" in line for line in heard) < 2:
            heard.append(recorder.stderr.readline())
            assert recorder.poll() is None, "".join(heard)
        app.go()
        begun = until(lambda: [entry for entry in records(phone, 2) if entry["writer_pid"] == phone.assetsd.pid])
        phone.new_photo()
        until(lambda: account(phone, app, "notification"))
        until(lambda: records(phone, 3))
        recorder.send_signal(signal.SIGINT)
        rest = recorder.stderr.read()
        assert recorder.wait(30) == 0, rest
    assert "Traceback" not in rest
    assert f"the observers of {APP} cost 1 callbacks" in rest

    events = list(open_session(output).events())
    [segment] = {event.segment for event in events if event.get("role") == "assetsd"}
    mine = [event for event in events if event.segment == segment]
    assert {event["probe"] for event in mine if event.kind == "hook"} == OWN_SET
    installed = {event["probe"] for event in mine if event.kind == "hook" and event["status"] == "installed"}
    assert {"accounting", "assetsd.bind", "assetsd.picker"} <= installed
    bound = [event for event in mine if event.kind == "access"]
    assert [(event["depth"], event["detail"]) for event in bound] == [("open", {"client": APP})]
    assert bound[0]["symbol"] == "-[PLPrivacy logPhotosAccessWithClientAuthorization:]"
    opened = {event["identifier"] for event in mine if event.kind == "accounting" and event["phase"] == "begin"}
    assert opened == {entry["identifier"] for entry in begun}
    compared = compare(phone, output, tmp_path)
    [entry] = [one for one in compared["entries"] if one["identifier"] in opened]
    assert (entry["cause"], entry["match"]) == ("open", "identifier")


def compare(phone: Phone, session: Path, folder: Path) -> dict[str, object]:
    """Hold the session against the report that the phone exports."""
    report = phone.export_report(folder)
    command = [sys.executable, "-m", "lightleak", "compare", str(session), "--report", str(report), "--app", APP]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)
