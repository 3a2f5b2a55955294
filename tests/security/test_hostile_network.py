"""Somebody on the way between machine and phone, and the promise that nothing is sent anywhere (docs/threat-model.md).

Tokens and certificates are held by tests/device/test_connection.py, answers of a foreign server by
tests/device/test_protocol.py, test_sequencer.py and test_pull.py, the page by tests/page/opening.test.mjs.
"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lightleak.cli import main
from lightleak.device.targets import choose_device

DEMO = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "demo"
SESSION, REPORT = DEMO / "session.lightleak", DEMO / "report.ndjson"

QUIET = {
    "demo": ("demo",),
    "compare": ("compare", SESSION, "--report", REPORT, "--format", "html", "-o", "page.html"),
    "inspect": ("inspect", REPORT),
    "verify": ("verify", SESSION),
    "replay": ("replay", SESSION, "--speed", "max"),
    "export": ("export", SESSION, "--format", "ndjson"),
    "show": ("show", SESSION),
    "probes": ("probes",),
    "version": ("--version",),
}


@pytest.mark.parametrize("command", QUIET)
def test_reading_and_comparing_speak_with_nobody(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def refuse(*_: object) -> None:
        raise AssertionError("this command must not use the network")

    for way in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, way, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in QUIET[command]])
    assert not ended.value.code


def test_a_token_and_a_certificate_are_never_shown_by_what_describes_a_device():
    choice = choose_device(host="192.0.2.1", token="s3cret", certificate="-----BEGIN")
    assert "s3cret" not in repr(choice) + str(choice)
    assert "BEGIN" not in repr(choice) + str(choice)
