"""Sessions and reports are recognised by their content, whatever their names and order."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest

from lightleak.cli import main
from lightleak.report import looks_like_report
from stories import Trace, entry_lines


def compared(capfd, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["compare", *map(str, arguments), "--json"])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A session ``s`` and a report ``r`` whose names say nothing."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "data")
    trace.add(80, "mark", label="end")
    trace.save(tmp_path)
    (tmp_path / "s.lightleak").rename(tmp_path / "s")
    (tmp_path / "r").write_text(entry_lines(1, 11, 12))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [["r", "s"], ["s", "--report", "r"], ["--report", "r", "s"], ["r", "--report", "s"], ["s", "r", "r", "s"]],
)
def test_order_and_option_do_not_matter(capfd, folder, arguments):
    code, out, _ = compared(capfd, "s", "r")
    assert code == 0
    assert len(json.loads(out)["entries"]) == 1
    assert compared(capfd, *arguments) == (code, out, "")


def test_several_reports_of_both_ways_are_all_read(capfd, folder):
    (folder / "q").write_text(entry_lines(2, 21, 22))
    assert len(json.loads(compared(capfd, "q", "s", "--report", "r")[1])["entries"]) == 2


def test_packed_reports_and_folders_are_reports(capfd, folder):
    (folder / "g").write_bytes(gzip.compress((folder / "r").read_bytes()))
    (folder / "f").mkdir()
    shutil.copy(folder / "r", folder / "f" / "r.ndjson")
    shutil.make_archive("z", "zip", "f")
    for name in ("g", "f", "z.zip"):
        assert len(json.loads(compared(capfd, "s", name)[1])["entries"]) == 1


@pytest.mark.parametrize(
    "start", [b"\xef\xbb\xbf", b"\n\n", b'{"_marker":"<metadata>"}\n', b"damaged\n", b'{"type":"mystery"}\n']
)
def test_a_report_with_an_odd_beginning_is_still_a_report(capfd, folder, start):
    (folder / "r").write_bytes(start + (folder / "r").read_bytes())
    assert len(json.loads(compared(capfd, "s", "r")[1])["entries"]) == 1


@pytest.mark.parametrize(
    "content",
    [b"hello\n", b"\x00\x01\x02", b'{"facts":{}}', b"[]", b"version = 1\n", b"PARQUET1", gzip.compress(b"x", mtime=0)],
)
def test_what_is_neither_is_named(capfd, folder, content):
    (folder / "odd").write_bytes(content)
    code, out, err = compared(capfd, "s", "r", "odd")
    assert (code, out) == (1, "")
    assert err.startswith("error: odd is neither a session nor a privacy report: ")


def test_an_empty_file_and_a_trace_say_what_they_are(capfd, folder):
    (folder / "empty").touch()
    assert "empty is empty: the recorder was killed before writing" in compared(capfd, "empty", "r")[2]
    (folder / "t").write_text('{"kind":"header","format":"lightleak-trace","version":2}\n')
    assert "lightleak import t -o FILE" in compared(capfd, "t", "r")[2]
    assert "nowhere cannot be read (No such file or directory)" in compared(capfd, "nowhere", "r")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no session given"),
        (["r"], "no session given"),
        (["s"], "no privacy report given"),
        (["--report", "s"], "no privacy"),
    ],
)
def test_a_missing_kind_is_wrong_usage(capfd, folder, arguments, said):
    code, out, err = compared(capfd, *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_what_is_given_as_a_report_is_read_whatever_it_begins_with(capfd, folder):
    (folder / "r").write_bytes(b"damaged\n" * 1000 + (folder / "r").read_bytes())
    assert "r is neither a session nor a privacy report" in compared(capfd, "s", "r")[2]
    code, out, _ = compared(capfd, "s", "--report", "r")
    assert (code, len(json.loads(out)["entries"])) == (0, 1)


@pytest.mark.parametrize(("at", "is_report"), [(0, True), (52, True), (1, False)])
def test_a_segment_of_a_store_is_a_report(tmp_path, at, is_report):
    (tmp_path / "segment").write_bytes(bytes(at) + b"SEGB" + bytes(60))
    assert looks_like_report(tmp_path / "segment") is is_report
