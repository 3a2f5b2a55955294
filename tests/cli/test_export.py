"""``lightleak export``."""

from __future__ import annotations

import pytest

from lightleak.cli import main
from tracekit import HEADER, as_line, lines, session


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


WRITTEN = b"".join(each + b"\n" for each in [as_line(HEADER), *lines(25)])


@pytest.mark.parametrize("output", [[], ["-o", "-"]])
def test_without_a_file_it_goes_to_stdout(tmp_path, capfdbinary, output):
    assert run("export", session(tmp_path / "s", lines(25)), "--format", "ndjson", *output) == 0
    out, err = capfdbinary.readouterr()
    assert (out, err) == (WRITTEN, b"")


def test_a_file_is_written_whole_with_mode_0600(tmp_path, capfd):
    assert run("export", session(tmp_path / "s", lines(25)), "--format", "ndjson", "-o", tmp_path / "t") == 0
    assert (tmp_path / "t").read_bytes() == WRITTEN
    assert (tmp_path / "t").stat().st_mode & 0o777 == 0o600
    assert capfd.readouterr().out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s", "t"]


def test_an_existing_file_is_refused_unless_forced(tmp_path, capfd):
    path = session(tmp_path / "s", lines(25))
    (tmp_path / "t").write_text("mine")

    assert run("export", path, "--format", "ndjson", "-o", tmp_path / "t") == 1
    assert "--force" in capfd.readouterr().err
    assert (tmp_path / "t").read_text() == "mine"
    assert run("export", path, "--format", "ndjson", "-o", tmp_path / "t", "--force") == 0
    assert (tmp_path / "t").read_bytes() == WRITTEN


def test_a_session_that_breaks_while_it_is_read_leaves_no_file(tmp_path, monkeypatch):
    def breaks(_session, file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lightleak.views.export.ndjson.export", breaks)
    assert run("export", session(tmp_path / "s", lines(25)), "--format", "ndjson", "-o", tmp_path / "t") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_what_is_recovered_is_exported_with_a_warning(tmp_path, capfdbinary):
    path = session(tmp_path / "s", lines(25))
    path.write_bytes(path.read_bytes()[:-20])

    assert run("-q", "export", path, "--format", "ndjson") == 0
    out, err = capfdbinary.readouterr()
    assert out == WRITTEN
    assert b"no closing seal" in err


def test_a_foreign_file_is_one_sentence(tmp_path, capfd):
    (tmp_path / "s").write_text("foreign")

    assert run("export", tmp_path / "s", "--format", "ndjson") == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1


def test_an_unknown_format_is_wrong_usage(tmp_path):
    assert run("export", tmp_path / "s", "--format", "xml") == 2


@pytest.mark.parametrize("form", ["csv", "parquet", "perfetto", "timesketch"])
def test_every_format_is_written_whole_with_mode_0600_and_never_over_another_file(tmp_path, form):
    path = session(tmp_path / "s", lines(25))
    assert run("export", path, "--format", form, "-o", tmp_path / "t") == 0
    assert (tmp_path / "t").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "t").stat().st_size > 100
    assert run("export", path, "--format", form, "-o", tmp_path / "t") == 1


@pytest.mark.parametrize(("name", "start"), [("t.csv", b"message,datetime,"), ("t.jsonl", b'{"message":'), ("t", b"{")])
def test_timesketch_is_csv_or_jsonl_by_the_files_name(tmp_path, name, start):
    path = session(tmp_path / "s", lines(25))
    assert run("export", path, "--format", "timesketch", "-o", tmp_path / name) == 0
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_filter_chooses_lines_byte_for_byte(tmp_path, capfdbinary):
    path = session(tmp_path / "s", lines(25))
    assert run("export", path, "--format", "ndjson", "--filter", "kind = nothing") == 0
    assert capfdbinary.readouterr().out == as_line(HEADER) + b"\n"
    assert run("export", path, "--format", "ndjson", "--filter", "depth >= metadata") == 0
    assert capfdbinary.readouterr().out == WRITTEN


@pytest.mark.parametrize("form", ["parquet", "perfetto"])
def test_nothing_binary_goes_to_a_terminal_unless_it_is_asked_for(tmp_path, capfdbinary, monkeypatch, form):
    path = session(tmp_path / "s", lines(25))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert run("export", path, "--format", form) == 2
    out, err = capfdbinary.readouterr()
    assert (out, f"{form} is binary".encode() in err, b"-o FILE" in err) == (b"", True, True)
    assert run("export", path, "--format", form, "-o", "-") == 0
    assert len(capfdbinary.readouterr().out) > 100
    assert run("export", path, "--format", "csv") == 0


def test_json_is_ndjson_here(tmp_path, capfdbinary):
    assert run("export", session(tmp_path / "s", lines(25)), "--json") == 0
    assert capfdbinary.readouterr().out == WRITTEN


def test_a_redacted_session_is_a_file(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("export", session(tmp_path / "s", lines(25)), "--redact", "-o", "-") == 2
    assert "--redact needs an output file" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["s"]
