"""How often each command unpacks the frames of a session: counted, not timed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.text import Text

from lightleak.cli import main
from lightleak.cli._console import Console
from lightleak.comparator.timeline import session_set
from lightleak.trace import file_order, frames, read_ahead
from lightleak.trace import session as sessions
from lightleak.trace.session_file import SessionFile
from tracekit import line, session

COUNT = 4_000
FRAMES = COUNT // 100

ONE_PASS = {
    "csv": ("export", "--format", "csv", "-o", "out.csv"),
    "timesketch": ("export", "--format", "timesketch", "-o", "out.jsonl"),
    "parquet": ("export", "--format", "parquet", "-o", "out.parquet"),
    "ndjson": ("export", "--format", "ndjson", "-o", "out.ndjson"),
    "redacted": ("export", "--redact", "-o", "out.lightleak"),
    "verify": ("verify",),
    "show": ("show", "--events", "0"),
}
TWO_PASSES = {
    # Results and causes come after what they belong to.
    "perfetto": ("export", "--format", "perfetto", "-o", "out.pftrace"),
    # A name that is kept can come before the one that is hidden.
    "redacted with names": ("export", "--redact", "--names", "keep", "-o", "out.lightleak"),
    # The chart is above the events, of which there are too many to keep.
    "show all": ("show", "--events", "all"),
    "show what a filter keeps": ("show", "--events", "all", "--filter", "depth = data"),
}
"""Commands that have to know the whole file before the first line that they write."""
SLACK = 12
"""Frames that are read for themselves: the first one for the header, the last one for its seal, and those in which a search for listed events goes on."""


@pytest.fixture(autouse=True)
def in_one_process(monkeypatch, tmp_path):
    """Count in this process, and take as long what would be some hundred MB."""
    for module in (read_ahead, session_set):
        monkeypatch.setattr(module, "can_fork", lambda: False)
    monkeypatch.setattr(file_order, "_SEEN_BYTES", 1_000)
    monkeypatch.setattr(sessions, "FileOrder", lambda part, *_, **__: file_order.FileOrder(part, 60_000))
    monkeypatch.setattr(SessionFile, "stretches", property(lambda file: [[each] for each in file.frames]))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def unpacked(monkeypatch) -> list[int]:
    counted: list[int] = []
    unpack = frames.unpack

    def count(packed, unpacker):
        counted.append(len(packed))
        return unpack(packed, unpacker)

    monkeypatch.setattr(frames, "unpack", count)
    return counted


def run(name: str, path: Path, rest: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, str(path), *rest])
    assert not ended.value.code


@pytest.mark.parametrize(
    ("passes", "command"),
    [
        *(pytest.param(1, command, id=name) for name, command in ONE_PASS.items()),
        *(pytest.param(2, command, id=name) for name, command in TWO_PASSES.items()),
    ],
)
def test_a_frame_is_unpacked_as_often_as_the_command_must(tmp_path, unpacked, passes, command):
    path = session(tmp_path / "s", [line(seq, 1, depth="data") for seq in range(1, COUNT + 1)], frame=100)
    name, *rest = command
    run(name, path, tuple(rest))
    assert passes * FRAMES <= len(unpacked) <= passes * FRAMES + SLACK


@pytest.mark.parametrize("name", ["csv", "redacted"])
def test_only_a_long_file_of_several_segments_is_unpacked_twice(tmp_path, unpacked, name):
    """Which segment comes first is known when all of it was seen."""
    half = COUNT // 2
    lines = [line(1 + at // 2, 1 + at % 2, depth="data") for at in range(half)]
    lines += [line(1 + half // 2 + at, 2, depth="data") for at in range(half)]
    command, *rest = ONE_PASS[name]
    run(command, session(tmp_path / "s", lines, frame=100), tuple(rest))
    assert FRAMES + FRAMES // 2 < len(unpacked) <= 2 * FRAMES + SLACK


def test_comparing_two_sessions_reads_each_once(tmp_path, unpacked):
    lines = [line(seq, 1, depth="data") for seq in range(1, COUNT + 1)]
    one, other = (session(tmp_path / name, lines, frame=100) for name in "ab")
    run("diff", one, (str(other),))
    assert 2 * FRAMES <= len(unpacked) <= 2 * FRAMES + 2 * SLACK


@pytest.mark.parametrize("text", ["", "a" * 500, "写真 の", "no [bold]markup[/] :smile:", "two\nlines"])
def test_lines_for_a_file_are_what_rich_prints(capsys, text):
    styled = Text("  12:00  ", style="dim", overflow="fold").append(text, style="bold red")
    console = Console()
    console.print_lines([styled, text], has_width=False)
    printed = capsys.readouterr().out
    for each in (styled, text):
        console.stdout.print(each, soft_wrap=True)
    assert printed == capsys.readouterr().out
    assert sys.stdout.isatty() is False
