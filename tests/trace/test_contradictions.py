"""Two files of one session that contradict each other are refused by everything that takes both, in any order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lightleak
from lightleak.cli import main
from lightleak.comparator import compare
from lightleak.comparator.diff.diff import diff
from lightleak.errors import TraceError
from lightleak.trace import grouped
from report.written import lines as report_lines
from report.written import moment, text
from tracekit import line, lines, session

POLICY = Path(__file__).parent.parent / "data" / "policy" / "strict.toml"
SAYS_WHICH = r"(a and \S+b|b and \S+a) are of one session and differ in segment 1, seq 3"


def ready() -> bytes:
    return line(1, kind="process", phase="ready", identifier="com.example.app", role="app")


@pytest.fixture
def pair(tmp_path) -> list[Path]:
    """One session twice: what was read at seq 3 is a mark in the other file. Each is whole for ``verify``."""
    both = [
        session(tmp_path / "a", [ready(), line(2, depth="metadata"), line(3, depth="data")]),
        session(tmp_path / "b", [ready(), line(2, depth="metadata"), line(3, kind="mark", label="nothing")]),
    ]
    (tmp_path / "r.ndjson").write_text(text(report_lines(moment(1, 0, 5000))))
    return both


def run(capfd, *arguments: object) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0), capfd.readouterr().err


@pytest.mark.parametrize("turned", [False, True])
def test_no_command_takes_both_in_any_order(pair, tmp_path, capfd, turned):
    """With one order a rule was broken, with the other it was held: the first file was believed."""
    one, other = reversed(pair) if turned else pair
    report = ["--report", tmp_path / "r.ndjson"]
    for command in (
        ["compare", one, other, *report, "--app", "com.example.app"],
        ["compare", one, other, *report, "--format", "html", "-o", tmp_path / "page.html"],
        ["check", one, other, *report, "--policy", POLICY],
        ["diff", one, other],
    ):
        code, err = run(capfd, *command)
        assert (code, len(err.strip().splitlines())) == (1, 1)
        assert re.search(SAYS_WHICH, err)


def test_the_library_refuses_both_too(pair, tmp_path):
    report = lightleak.read_report(tmp_path / "r.ndjson")
    sessions = [lightleak.open(path) for path in pair]
    with pytest.raises(TraceError, match="differ in segment 1, seq 3"):
        compare(sessions, report)
    with pytest.raises(TraceError, match="differ in segment 1, seq 3"):
        diff(*sessions)
    with pytest.raises(TraceError, match="differ in segment 1, seq 3"):
        list(grouped(sessions)[0].events())


def test_what_both_say_alike_counts_once_in_any_order_of_files_and_keys(tmp_path):
    """A copy that was made while the recording went on is no contradiction, and neither is another order of keys."""
    first, second, third = ready(), line(2, depth="metadata"), line(3, depth="data")
    turned = b'{"depth":"metadata",' + second.replace(b',"depth":"metadata"', b"")[1:]
    early = session(tmp_path / "early", [first, turned], closed=False)
    late = session(tmp_path / "late", [first, second, third])
    (tmp_path / "r.ndjson").write_text(text(report_lines(moment(1, 0, 5000))))
    report = lightleak.read_report(tmp_path / "r.ndjson")
    for paths in ((early, late), (late, early)):
        found = compare([lightleak.open(path) for path in paths], report)
        assert len(found.sessions.loaded[0].columns) == 3
        assert len(list(grouped(map(lightleak.open, paths))[0].events())) == 3


def test_one_file_that_contradicts_itself_is_refused_and_one_that_repeats_itself_counts_once(tmp_path):
    (tmp_path / "r.ndjson").write_text(text(report_lines(moment(1, 0, 5000))))
    report = lightleak.read_report(tmp_path / "r.ndjson")
    torn = lightleak.open(session(tmp_path / "torn", [ready(), line(2, depth="data"), line(2, kind="mark")]))
    for read in (lambda: list(torn.events()), lambda: compare(torn, report)):
        with pytest.raises(TraceError, match="torn has two different events with segment 1, seq 2"):
            read()
    twice = lightleak.open(session(tmp_path / "twice", [ready(), line(2, depth="data"), line(2, depth="data")]))
    assert len(list(twice.events())) == 2
    assert len(compare(twice, report).sessions.loaded[0].columns) == 2


def test_an_honest_session_is_decoded_once(tmp_path, monkeypatch):
    """To look for contradictions costs nothing where no event comes twice."""
    from lightleak.trace import contradictions

    monkeypatch.setattr(contradictions, "_differences", lambda *_: pytest.fail("it was read again"))
    (tmp_path / "r.ndjson").write_text(text(report_lines(moment(1, 0, 5000))))
    compare(
        lightleak.open(session(tmp_path / "s", [ready(), *lines(30)[1:]])), lightleak.read_report(tmp_path / "r.ndjson")
    )
