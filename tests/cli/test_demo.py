"""``lightleak demo``: what it shows is what really happened, and the same each time."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

import lightleak
from lightleak.cli import main
from lightleak.errors import LightleakError

TRUTH = Path(__file__).parents[1] / "data" / "demo" / "truth.json"
NEW_PHOTO = "new-photo"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def shown(tmp_path, monkeypatch, capfd):
    """What the demo says, and the folder it made."""
    monkeypatch.chdir(tmp_path)
    assert run("demo") == 0
    return capfd.readouterr().out, tmp_path / "lightleak-demo"


def test_every_verdict_is_what_really_happened(shown):
    _, folder = shown
    real = {entry["identifier"]: entry for entry in json.loads(TRUTH.read_text())["entries"]}
    verdicts = json.loads((folder / "verdicts.json").read_text())["entries"]
    assert {v["identifier"] for v in verdicts} == real.keys()
    for verdict in verdicts:
        entry = real[verdict["identifier"]]
        assert (verdict["cause"], verdict["depth"]) == (entry["cause"], entry["depth"])


def test_every_trigger_is_what_really_set_the_act_off(shown):
    _, folder = shown
    real = {entry["identifier"]: entry["trigger"] for entry in json.loads(TRUTH.read_text())["entries"]}
    verdicts = json.loads((folder / "verdicts.json").read_text())["entries"]
    judged = [v for v in verdicts if v["trigger"] is not None and real[v["identifier"]] is not None]
    assert {(v["app"].rsplit(".", 1)[1], v["trigger"]["kind"]) for v in judged} >= {
        ("refetch", "change"), ("scanner", "change"), ("scanner", "none"), ("gallery", "touch"), ("gallery", "activation"),
    }  # fmt: skip
    for verdict in judged:
        assert verdict["trigger"]["kind"] == real[verdict["identifier"]]
        assert verdict["trigger"]["by"] == ("none" if verdict["trigger"]["kind"] == "none" else "link")


def test_the_sentence_holds_for_one_app_and_not_for_the_other(shown):
    said, folder = shown
    summary = json.loads((folder / "verdicts.json").read_text())["summary"]
    claims = {app.rsplit(".", 1)[1]: found["claims"][0] for app, found in summary.items()}
    assert claims["refetch"]["fits_by_link"] > 0
    assert claims["refetch"]["contradicts"] == 0
    assert claims["refetch"]["deepest_fitting"] == "metadata"
    assert claims["scanner"]["fits_by_link"] > 0
    assert claims["scanner"]["contradicts"] > 1
    assert claims["gallery"]["entries"] == 0
    assert "The claim" in said


def test_the_story_is_true_two_were_notified_one_queried_one_read_pixels_and_two_rows_look_alike(shown):
    _, folder = shown
    (first, *_) = (step for step in json.loads(TRUTH.read_text())["steps"] if step["do"] == NEW_PHOTO)
    moment_ns = first["wall_ns"]
    events = [
        e for e in lightleak.open(folder / "session.lightleak").events() if 0 <= e.wall_ns - moment_ns < 1_000_000_000
    ]
    assert len({e.segment for e in events if e.kind == "notification"}) == 2

    entries = json.loads((folder / "verdicts.json").read_text())["entries"]
    truth_of = {e["identifier"]: e["begin_ns"] for e in json.loads(TRUTH.read_text())["entries"]}
    rows = [e for e in entries if 0 <= truth_of[e["identifier"]] - moment_ns < 1_000_000_000]
    assert sorted((row["app"].rsplit(".", 1)[1], row["depth"]) for row in rows) == [
        ("refetch", "metadata"),
        ("scanner", "data"),
    ]
    assert all(row["cause"] == "query" and row["state"] == "background" for row in rows)
    assert all("lone-access" in row["flags"] for row in rows)
    by_cause = {cause for entry in entries for cause in [entry["cause"]]}
    assert by_cause == {"open", "query", "picker", "unobserved", "unexplained"}


def test_it_says_the_same_each_time_and_overwrites_only_when_told_to(shown, capfd):
    first, folder = shown
    files = {path.name: path.read_bytes() for path in folder.iterdir()}

    assert run("demo") == 1
    assert "already there: open lightleak-demo/page.html in a browser, or add --force" in capfd.readouterr().err

    assert run("demo", "--force") == 0
    assert capfd.readouterr().out == first
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_its_files_are_the_persons_own_and_can_be_used_by_hand(shown, capfd):
    said, folder = shown
    assert {path.name for path in folder.iterdir()} == {
        "session.lightleak",
        "report.ndjson",
        "verdicts.json",
        "page.html",
    }
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert run("compare", folder / "session.lightleak", folder / "report.ndjson") == 0
    assert capfd.readouterr().out in said
    assert run("verify", folder / "session.lightleak") == 0


@pytest.mark.parametrize("arguments", [["mine"], ["-o", "mine"]])
def test_the_folder_can_be_named_with_and_without_an_option(tmp_path, monkeypatch, capfd, arguments):
    monkeypatch.chdir(tmp_path)
    assert run("demo", *arguments) == 0
    assert (tmp_path / "mine" / "page.html").exists()
    assert run("demo", *arguments, "-o", "other") == (2 if arguments == ["mine"] else 0)


def test_it_writes_nothing_where_the_page_is_not_built(tmp_path, monkeypatch, capfd):
    """A hollow installation printed 60 lines, then failed, and left a folder that stopped the second try."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("lightleak.views.page.build.TEMPLATE", "not-there.html")
    assert run("demo") == 1
    out, err = capfd.readouterr()
    assert (out, "the page is not built" in err) == ("", True)
    assert not list(tmp_path.iterdir())


def test_the_table_comes_before_the_page_is_made(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)

    def fail(_comparison: object, **_options: object) -> str:
        raise LightleakError("no page today")

    monkeypatch.setattr("lightleak.views.page.build.render", fail)
    assert run("demo") == 1
    assert "The claim" in capfd.readouterr().out
