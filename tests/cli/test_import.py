"""``lightleak import``."""

from __future__ import annotations

import pytest

import lightleak
from lightleak.cli import main
from tracekit import line, lines, trace


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


def test_a_trace_becomes_a_session_and_what_was_read_is_told_on_stderr(tmp_path, capfd):
    path = trace(tmp_path / "t.ndjson", [*lines(3), *lines(1), line(4, kind="weather")])

    assert run("-v", "import", path, "-o", tmp_path / "s") == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "4 events, 1 repeated and kept once" in err
    assert "access: 4" in err
    assert "kept events of unknown kinds: weather (1)" in err
    assert len(list(lightleak.open(tmp_path / "s").lines())) == 4


def test_a_bad_trace_is_one_sentence_and_leaves_nothing(tmp_path, capfd):
    path = trace(tmp_path / "t.ndjson", [*lines(3), b"nonsense"])

    assert run("import", path, "-o", tmp_path / "s") == 1
    _, err = capfd.readouterr()
    assert err.count("\n") == 1
    assert f"{path}, line 5: not JSON" in err
    assert [each.name for each in tmp_path.iterdir()] == ["t.ndjson"]


def test_an_existing_file_is_refused_unless_forced(tmp_path, capfd):
    path = trace(tmp_path / "t.ndjson", lines(3))
    (tmp_path / "s").write_text("mine")

    assert run("import", path, "-o", tmp_path / "s") == 1
    assert "--force" in capfd.readouterr().err
    assert (tmp_path / "s").read_text() == "mine"
    assert run("import", path, "-o", tmp_path / "s", "--force") == 0
    assert lightleak.open(tmp_path / "s").closed


def test_without_an_output_it_is_wrong_usage(tmp_path):
    assert run("import", tmp_path / "t") == 2
