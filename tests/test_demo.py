"""The demo as a test: real agent, real Frida, real processes; verdicts against what really happened."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import lightleak
from demo import LIGHTLEAK, Play
from lightleak.comparator import compare

pytestmark = pytest.mark.standin


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """One run of the demo's scenario: (play, truth, verdicts as JSON)."""
    top = Path(__file__).parent.parent
    subprocess.run([top / "scripts" / "build-agent"], check=True)
    subprocess.run([top / "scripts" / "build-standin"], check=True)
    play = Play(tmp_path_factory.mktemp("demo"), quiet=True)
    truth = json.loads(play.run("demo").read_text())
    apps = {entry["app"] for entry in truth["entries"]}
    report = lightleak.read_report(play.report)
    return play, truth, compare([lightleak.open(play.session)], report, apps=apps).to_dict()


def test_every_line_of_the_report_is_explained_as_it_really_was(played):
    _, truth, verdicts = played
    real = {entry["identifier"]: entry for entry in truth["entries"]}
    found = {entry["identifier"]: entry for entry in verdicts["entries"]}
    assert found.keys() == real.keys()
    wrong = {
        identifier: (found[identifier]["cause"], found[identifier]["depth"], entry["cause"], entry["depth"])
        for identifier, entry in real.items()
        if entry["cause"] is not None
        and (found[identifier]["cause"], found[identifier]["depth"]) != (entry["cause"], entry["depth"])
    }
    assert wrong == {}


def test_the_story_holds_every_cause_that_it_promises(played):
    _, _, verdicts = played
    causes = Counter(entry["cause"] for entry in verdicts["entries"])
    assert {"open", "query", "picker", "unobserved", "unexplained"} <= causes.keys()


def test_what_set_each_query_off_is_what_really_did(played):
    _, truth, verdicts = played
    real = {entry["identifier"]: entry["trigger"] for entry in truth["entries"] if entry["trigger"] is not None}
    found = {
        entry["identifier"]: entry["trigger"]
        for entry in verdicts["entries"]
        if entry["identifier"] in real and entry["trigger"] is not None
    }
    assert {identifier: trigger["kind"] for identifier, trigger in found.items()} == {
        identifier: kind for identifier, kind in real.items() if identifier in found
    }
    assert {trigger["kind"] for trigger in found.values()} == {"change", "touch", "launch", "activation", "none"}
    assert {trigger["by"] for trigger in found.values()} == {"link", "none"}


def test_the_makers_sentence_holds_for_one_app_and_not_for_another(played):
    _, _, verdicts = played
    claims = {app.rsplit(".", 1)[1]: found["claims"][0] for app, found in verdicts["summary"].items()}
    assert claims["scanner"]["fits_by_link"] > 0
    assert claims["scanner"]["contradicts"] > 0
    assert claims["gallery"]["entries"] == 0


def test_reads_are_seen_once_each_with_their_bytes(played):
    """What the watched apps say they did on purpose is what the trace holds: no echo of a framework, none missing."""
    play, truth, _ = played
    events = list(lightleak.open(play.session).events())
    pid_of = {e.segment: e["pid"] for e in events if e.kind == "process" and e["phase"] == "ready"}
    ready = {pid_of[e.segment]: e.wall_ns for e in events if e.kind == "process" and e["phase"] == "ready"}
    seen = Counter(
        (pid_of[e.segment], e["depth"])
        for e in events
        if e.kind == "access" and e["depth"] in {"metadata", "thumbnail", "data"}
    )
    real = Counter(
        (call["pid"], call["depth"])
        for call in truth["calls"]
        if call["pid"] in ready
        and call["wall_ns"] > ready[call["pid"]]
        and call.get("depth") in {"metadata", "thumbnail", "data"}
    )
    assert seen == real
    delivered = sum(e["bytes"] or 0 for e in events if e.kind == "delivery")
    assert delivered > 0


def test_background_reads_are_told_from_foreground_ones(played):
    _, _, verdicts = played
    states = {(entry["app"].rsplit(".", 1)[1], entry["state"]) for entry in verdicts["entries"]}
    assert ("scanner", "background") in states
    assert ("refetch", "background") not in states


def test_what_was_recorded_is_whole_and_replays_to_the_same_bytes(played):
    play, _, _ = played
    verified = subprocess.run([*LIGHTLEAK, "verify", play.session], capture_output=True, check=False)
    assert verified.returncode == 0, verified.stdout
    replayed = subprocess.run(
        [*LIGHTLEAK, "replay", play.session, "--format", "ndjson", "--speed", "max"], capture_output=True, check=True
    )
    lines = b"".join(line + b"\n" for line in lightleak.open(play.session).lines())
    assert replayed.stdout.endswith(lines)


def test_the_command_line_says_the_same_as_the_library(played, tmp_path):
    play, truth, verdicts = played
    apps = [part for entry in truth["entries"] for part in ("--app", entry["app"])]
    command = [sys.executable, "-m", "lightleak", "compare", play.session, "--report", play.report, *apps]
    said = subprocess.run([*command, "--format", "json"], capture_output=True, check=True)
    assert json.loads(said.stdout)["entries"] == verdicts["entries"]
    table = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert "unexplained" in table
