"""An app that knows it is watched, and chooses its names and values against us (docs/threat-model.md)."""

from __future__ import annotations

import csv
import io
import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

import lightleak
from lightleak.cli import main
from stories import Trace, entry_lines

STEERING = "\x1b]0;owned\x07\x1b[2J\r\n\u202efdp.exe\u2066\x9b31m</script><img src=x onerror=alert(1)>[red]:boom:"
FORMULA = "=HYPERLINK(1)"
POLICY = Path(__file__).parents[1] / "data" / "policy" / "strict.toml"

SHOWN = {
    "compare": ("compare", "s", "--report", "r.ndjson"),
    "check": ("check", "s", "--report", "r.ndjson", "--policy", POLICY),
    "check, junit": ("check", "s", "--report", "r.ndjson", "--policy", POLICY, "--format", "junit"),
    "diff": ("diff", "s", "s"),
    "export, csv": ("export", "s", "--format", "csv"),
    "inspect": ("inspect", "r.ndjson"),
    "inspect, csv": ("inspect", "r.ndjson", "--format", "csv"),
    "replay": ("replay", "s", "--speed", "max"),
    "show": ("show", "s"),
    "verify": ("verify", "s"),
}
"""Every command that shows a session or a report to a person."""


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


def hostile(name: str) -> tuple[Trace, str]:
    """Make a session and a report in which everything that an app or its maker can name is ``name``."""
    trace = Trace(app=name)
    caller = {"image": name, "offset": 1}
    trace.add(-0.5, "stack", id=1, frames=[{"image": name, "uuid": name, "offset": 1, "symbol": name}])
    trace.ready(0, name=name, reason=name)
    trace.add(0.1, "hook", probe=name, symbol=name, status="skipped", reason=name)
    trace.add(0.2, "state", value=name)
    trace.add(0.3, "mark", label=name)
    observer = {"class": name, "id": name, "image": name}
    trace.add(0.4, "observer", action="registered", observer=observer, type="change", caller=caller, stack=1)
    trace.add(1.0, "notification", observer=observer, change=name, type=name)
    seq = trace.add(1.1, "access", depth="data", symbol=name, detail={name: name}, asset=name, caller=caller, stack=1)
    trace.add(1.2, "delivery", of=seq, bytes=7, degraded=False, error=name)
    trace.add(1.3, "lost", count=1, reason=name)
    trace.add(1.4, name, value=name)
    network = {
        "type": "networkActivity",
        "bundleID": name,
        "domain": name,
        "domainOwner": name,
        "context": name,
        "hits": 1,
    }
    times = {"firstTimeStamp": "2025-10-09T08:53:21.000Z", "timeStamp": "2025-10-09T08:53:21.000Z"}
    report = entry_lines(1, 1.1, 62.0, app=name) + json.dumps(network | times) + "\n"
    return trace, report


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(name: str) -> None:
        trace, report = hostile(name)
        trace.save(tmp_path, "s")
        (tmp_path / "r.ndjson").write_text(report)

    return make


@pytest.mark.parametrize("command", SHOWN)
def test_nothing_that_an_app_says_reaches_the_terminal_as_anything_but_text(command, here, capfd):
    here(STEERING)
    run(*SHOWN[command])
    said = "".join(capfd.readouterr())
    if command == "export, csv":
        said = said.replace("\r\n", "\n")  # how CSV ends its lines (RFC 4180)
    assert "owned" in said or command in ("verify", "diff")
    forbidden = {"\x1b", "\x07", "\r", "\x9b", "\u202e", "\u2066"}
    assert forbidden & set(said) == set()


@pytest.mark.parametrize("command", ["inspect, csv", "export, csv"])
def test_a_table_that_a_spreadsheet_opens_holds_no_formula(command, here, capfd):
    here(FORMULA)
    run(*SHOWN[command])
    cells = [cell for row in csv.reader(io.StringIO(capfd.readouterr().out)) for cell in row]
    assert any(FORMULA in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))] == []


def test_the_page_runs_nothing_that_an_app_says(here, tmp_path):
    """The page's own tests open such pages in a browser (tests/page/opening.test.mjs)."""
    here(STEERING)
    run("compare", "s", "--report", "r.ndjson", "--format", "html", "-o", "p.html")
    page = (tmp_path / "p.html").read_text()
    elements = Elements()
    elements.feed(page)
    assert elements.scripts == page.count("</script>") > 0
    assert elements.handlers == []
    assert "img" not in elements.names
    assert "Content-Security-Policy" in page
    assert "onerror=alert" in elements.text  # the name is shown, as text


class Elements(HTMLParser):
    """What elements a page has as a browser reads it, without what its script makes of its data."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.handlers: list[str] = []
        self.scripts = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.scripts += tag == "script"
        self.handlers += [key for key, _ in attrs if key.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_app_cannot_name_a_file_outside_of_what_the_person_named(here, tmp_path):
    """Names of apps never become names of files."""
    here("../../../tmp/owned")
    before = set(tmp_path.parent.rglob("*"))
    run("compare", "s", "--report", "r.ndjson", "--format", "json", "-o", "v.json")
    assert set(tmp_path.parent.rglob("*")) - before == {tmp_path / "v.json"}
    assert not os.path.lexists("/tmp/owned")


def test_values_of_every_wrong_shape_neither_stop_a_comparison_nor_become_a_claim(tmp_path):
    """tests/comparator/test_comparison.py has the values one by one; this is the whole of a session made of them."""
    trace, report = hostile("org.example.app")
    for at, value in enumerate([None, [], {}, -1, 1e308, 2**53, "", True]):
        trace.add(1.5 + at / 100, "access", depth=value, symbol=value, detail=value, asset=value)
        trace.add(1.5 + at / 100, "accounting", phase=value, identifier=value, service=value)
        trace.add(1.5 + at / 100, "process", phase=value, pid=value, name=value, identifier=value)
    (tmp_path / "r.ndjson").write_text(report)
    found = lightleak.compare([trace.save(tmp_path)], lightleak.read_report(tmp_path / "r.ndjson"))
    (verdict,) = found.verdicts()
    assert verdict["match"] != "identifier"
