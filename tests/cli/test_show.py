"""``lightleak show``: the golden files hold what a person sees; LIGHTLEAK_GOLDEN=write writes them again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from lightleak.cli import main
from page.pages import crowd, hostile, long_gap, ordinary, unrecorded
from stories import APP, Trace, stamp
from tracekit import as_line, event, lines, session

GOLDEN = Path(__file__).parent.parent / "views" / "golden"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


def shown(capfd, *arguments: object) -> str:
    assert run("show", *arguments) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def busy(folder: Path) -> Path:
    """Two processes, all rows, sleep, a loss, a gap, and alike events within a second."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "state", value="active")
    observer = {"class": "Watcher", "id": "0x1"}
    trace.add(5, "observer", action="registered", observer=observer, type="change")
    touch = trace.add(9, "input", type="touch")
    trace.access(9.5, "thumbnail", cause=touch)
    for n in range(300):
        trace.access(10 + n / 100, "metadata")
    trace.add(60, "state", value="inactive")
    trace.add(65, "state", value="background")
    trace.add(70, "process", phase="suspended")
    trace.add(200, "process", phase="resumed")
    woken = trace.add(200.5, "state", value="background", reason="silent-push")
    told = trace.add(201, "notification", observer=observer, change="c", type="change", cause=woken)
    trace.add(201.5, "usage", cpu_ns=10**9, footprint_bytes=34_000_000, wakeups=None)
    trace.access(202, "data", internal=True)
    trace.access(203, "data", cause=told)
    trace.add(203.5, "property", symbol="-[PHAsset location]", count=40, assets=12, cause=told)
    trace.access(204, "write")
    trace.add(250, "lost", count=12, reason="buffer full")
    trace.access(280, "thumbnail")
    trace.add(300, "process", phase="detached", reason="connection-lost")
    trace.ready(100, 2, name="assetsd", identifier="com.apple.assetsd", role="assetsd")
    trace.access(120, "picker", 2)
    trace.ready(500, 3)
    trace.add(590, "mark", 3, label="end")
    trace.save(folder)
    return folder / "s.lightleak"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("wide-120", []),
        ("narrow-44", ["--events", "3"]),
        (
            "chosen-90",
            [
                "--app",
                "org.example.app",
                "--filter",
                "depth >= metadata or kind = usage",
                "--from",
                "16:56",
                "--to",
                "16:58",
            ],
        ),
        ("event-90", ["--event", "1:1:316", "--context", "4"]),
    ],
)
def test_a_person_sees_what_the_golden_file_holds(tmp_path, capfd, monkeypatch, name, options):
    columns = int(name.rpartition("-")[2])
    monkeypatch.setenv("COLUMNS", str(columns))
    out = shown(capfd, busy(tmp_path), *options)
    file = GOLDEN / f"show-{name}.txt"
    if os.environ.get("LIGHTLEAK_GOLDEN") == "write":
        file.write_text(out, encoding="utf-8")
    assert out == file.read_text(encoding="utf-8")
    assert max(map(len, out.splitlines())) <= columns


@pytest.mark.parametrize("reference", ["1:316", "1:1:316", "7:1:316"])
def test_an_event_that_a_verdict_cites_opens_with_all_its_keys(tmp_path, capfd, reference):
    out = shown(capfd, busy(tmp_path), "--event", reference, "--context", "0")
    assert "> 1:316" in out
    assert re.search(r"^  symbol +-\[PHImageManager data\]$", out, re.MULTILINE)
    assert re.search(r"^  cause +313$", out, re.MULTILINE)
    assert "because of notification #313" in out
    assert "1:315" not in out


def test_the_events_around_it_are_of_its_segment_only(tmp_path, capfd):
    out = shown(capfd, busy(tmp_path), "--event", "2:1", "--context", "1000")
    assert [line.split()[0] for line in out.splitlines() if re.match(r"[> ] \d:\d", line)] == [">", "2:2", "2:3", "2:4"]


@pytest.mark.parametrize(
    ("reference", "nearest"),
    [("1:9999", "the nearest is 1:3"), ("2:0", "the nearest is 2:1"), ("9:1", "the nearest is 3:4")],
)
def test_an_event_that_is_not_there_is_exit_1_with_the_nearest(tmp_path, capfd, reference, nearest):
    assert run("show", busy(tmp_path), "--event", reference) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert f"has no event {reference}: {nearest}" in " ".join(err.split())


def test_segment_and_seq_are_fields_of_the_filter(tmp_path, capfd):
    out = shown(capfd, busy(tmp_path), "--filter", "segment = 1 and seq = 316")
    assert "data: -[PHImageManager data]" in out
    assert "thumbnail: " not in out


def test_milliseconds_are_rounded_as_in_sentences(tmp_path, capfd):
    """The same event was at .985 in a list of events and at .986 in the sentence about it."""
    path = session(
        tmp_path / "s", [as_line(event(1, depth="data", symbol="x") | {"wall_ns": 1_790_000_000_985_663_500})]
    )
    assert ":20.986" in shown(capfd, path)
    assert ":20.986" in shown(capfd, path, "--filter", "depth = data")


def test_a_terminal_without_unicode_gets_ascii(tmp_path):
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    command = [sys.executable, "-m", "lightleak", "show", busy(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert done.stdout.isascii()
    assert b"events in a column: . 1  : 2-3" in done.stdout


def test_a_file_or_a_pipe_gets_no_colour_and_no_bar(tmp_path, capfd):
    assert "\x1b" not in shown(capfd, busy(tmp_path))


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colour_unless_no_color_is_set(tmp_path, environment, coloured):
    script = pytest.importorskip("pty")
    reader, writer = script.openpty()
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = [sys.executable, "-m", "lightleak", "show", busy(tmp_path), "--events", "0"]
    child = subprocess.Popen(
        command, stdout=writer, env=kept | {"TERM": "xterm-256color", "COLUMNS": "80"} | environment
    )
    os.close(writer)
    out = b""
    try:
        while piece := os.read(reader, 65536):
            out += piece
    except OSError:  # the terminal is gone with its last writer
        pass
    os.close(reader)
    assert child.wait() == 0
    assert (re.search(rb"\x1b\[(1;)?3[1-6]m", out) is not None) == coloured


def test_the_apps_names_cannot_steer_the_terminal(tmp_path, capfd):
    hostile(tmp_path)
    assert run("show", tmp_path / "s.lightleak", "--filter", "not kind = x") == 0
    out, err = capfd.readouterr()
    assert all(c.isprintable() or c == "\n" for c in out + err)
    assert "\\x1b[31m\\u202eevil" in out


@pytest.mark.parametrize("story", [ordinary, long_gap, crowd])
@pytest.mark.parametrize("columns", [30, 80, 400])
def test_it_stays_readable_however_wide_the_terminal_and_odd_the_session(tmp_path, capfd, monkeypatch, story, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    story(tmp_path)
    out = shown(capfd, tmp_path / "s.lightleak")
    assert max(map(len, out.splitlines())) <= columns
    assert len(re.findall(r"^  watched ", out, re.MULTILINE)) == (100 if story is crowd else 1)


def test_nothing_and_one_moment_are_shown_as_they_are(tmp_path, capfd):
    unrecorded(tmp_path)
    assert shown(capfd, tmp_path / "s.lightleak") == "The session holds no events.\n"
    one = session(tmp_path / "one", [as_line(event(1, depth="data", symbol="x"))])
    assert "data" in shown(capfd, one)


def test_counts_are_whole_whatever_is_listed(tmp_path, capfd):
    path = busy(tmp_path)
    assert re.search(r"metadata .* 300$", shown(capfd, path, "--events", "0"), re.MULTILINE)
    listed = shown(capfd, path, "--events", "all")
    assert "... and 99 more like it" in listed
    assert "lists them" not in listed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--app", "zzz"], "they know com.apple.assetsd, org.example.app"),
        (["--from", "tomorrow"], "cannot parse --from tomorrow as a time"),
        (["--from", "17:30", "--to", "17:00"], "before --from"),
        (["--events", "many"], "neither a number nor all"),
        (["--filter", "depht = data"], "^"),
        (["--event", "abc"], "--event abc is not an event"),
        (["--event", "1:2:3:4"], "write SEGMENT:SEQ"),
        (["--context", "3"], "--context requires --event"),
        (["--event", "1:1", "--app", APP], "--event cannot be combined"),
    ],
)
def test_wrong_usage_is_said(tmp_path, capfd, options, said):
    assert run("show", busy(tmp_path), *options) == 2
    assert said in capfd.readouterr().err


def test_a_damaged_session_is_shown_with_a_warning(tmp_path, capfd):
    path = session(tmp_path / "s", lines(25))
    path.write_bytes(path.read_bytes()[:-20])
    assert run("show", path) == 0
    out, err = capfd.readouterr()
    assert "metadata" in out
    assert "no closing seal" in err


def test_an_empty_lane_never_says_of_the_app_what_only_the_filter_or_a_gap_did(tmp_path, capfd):
    file = busy(tmp_path)
    assert "no access was seen" not in shown(capfd, file, "--filter", "kind = acces")
    late = shown(capfd, file, "--from", stamp(400), "--to", stamp(450))
    assert "was not watched in this span" in late
    assert "no access was seen" not in late
    watched = shown(capfd, file, "--from", stamp(510), "--to", stamp(580), "--app", APP)
    assert "no access was seen" in watched


LONG = (
    "-[_TtC11GalleryCore"
    + "VeryLongSwiftClassName" * 9
    + " photoLibraryDidChange:"
    + "withOptions:" * 5
    + "andTheEnd:]"
)


def long_symbol(folder: Path, symbol: str = LONG) -> Path:
    trace = Trace()
    trace.ready(0)
    trace.add(1, "access", depth="data", symbol=symbol)
    trace.add(2, "lost", count=12, reason="the buffer was full " * 6)
    trace.access(3, "metadata")
    trace.save(folder)
    return folder / "s.lightleak"


@pytest.mark.parametrize("symbol", [LONG, "-[日本語の写真" * 25 + " andTheEnd:]"])
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_long_symbol_stays_in_its_column(tmp_path, capfd, monkeypatch, columns, symbol):
    assert len(symbol) > 180
    monkeypatch.setenv("COLUMNS", str(columns))
    out = shown(capfd, long_symbol(tmp_path, symbol))
    events = out[out.index("segment 1, ") :].splitlines()[1:]
    assert all(cell_len(line) <= columns for line in events)
    assert all(re.match(r"  \d\d:\d\d:\d\d\.\d{3}  \w+ +|" + " " * 28, line[:28]) for line in events)
    assert not any(line[28:29] == " " for line in events)
    data = "".join(
        line[28:] for line in events[2 : next(n for n, line in enumerate(events) if "12 events lost" in line)]
    )
    whole = f"data: {symbol}"
    head, _, tail = data.partition("…")
    assert whole.startswith(head) if "…" in data else data == whole
    assert whole.endswith(tail or "andTheEnd:]")


def test_a_pipe_gets_a_long_symbol_whole_and_on_one_line(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "lightleak", "show", long_symbol(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, env=environment | {"PYTHONIOENCODING": "utf-8"})
    assert f"  data: {LONG}\n" in done.stdout.decode()
