"""``lightleak verify``."""

from __future__ import annotations

import json

import pytest

import lightleak
from lightleak.cli import main
from tracekit import as_line, event, line, lines, session


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


def test_a_whole_session_is_0_and_its_head_hash_is_told(tmp_path, capfd):
    path = session(tmp_path / "s", lines(25))

    assert run("verify", path) == 0
    assert f"head hash {lightleak.open(path).head_hash}" in capfd.readouterr().out


def test_recorded_losses_are_0(tmp_path, capfd):
    path = session(tmp_path / "s", [line(1), line(2, kind="lost", count=4, reason="outbox full"), line(3)])

    assert run("verify", path) == 0
    assert "4 events, outbox full" in capfd.readouterr().out


@pytest.mark.parametrize("broken", ["hole", "seal", "tail"])
def test_what_is_broken_is_1_in_words_and_in_json(tmp_path, capfd, broken):
    path = session(tmp_path / "s", [line(1), line(3)] if broken == "hole" else lines(25), closed=broken != "seal")
    if broken == "tail":
        path.write_bytes(path.read_bytes()[:-1])

    assert run("verify", path) == 1
    # A recorder that was killed leaves a file that is whole, and only not closed.
    said = capfd.readouterr().out
    assert ("usable, but not closed" if broken == "seal" else "broken: ") in said
    assert "lost, as far as the file could be read" in said
    assert run("verify", path, "--format", "json") == 1
    document = json.loads(capfd.readouterr().out)
    assert (document["version"], document["ok"]) == (1, False)
    assert document["problems"]


def test_a_foreign_file_is_one_sentence(tmp_path, capfd):
    (tmp_path / "s").write_text("foreign")

    assert run("verify", tmp_path / "s") == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_what_an_app_said_cannot_steer_the_terminal_or_forge_a_line(tmp_path, capfd):
    evil = "\x1b[2J\u202eevil\n  broken: nothing"
    path = session(tmp_path / "s", [line(1), line(2, kind="lost", count=1, reason=evil)])

    assert run("verify", path) == 0
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert not any(each.startswith("  broken") for each in out.splitlines())


def test_a_cause_that_names_nothing_is_a_note_and_no_damage(tmp_path, capfd):
    acts = [as_line(event(1, kind="input", type="touch")), as_line(event(2, cause=1)), as_line(event(3, cause=2))]
    path = session(tmp_path / "s", acts)
    assert run("verify", path) == 0
    assert "note: 1 event names a cause that is not an origin before it" in capfd.readouterr().out
