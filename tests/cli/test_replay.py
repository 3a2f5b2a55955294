"""``lightleak replay``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from lightleak.cli import main
from tracekit import HEADER, as_line, line, lines, session

_MAIN = "from lightleak.cli import main; main()"
WRITTEN = b"".join(each + b"\n" for each in [as_line(HEADER), *lines(25)])


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("speed", [[], ["--speed", "max"], ["--speed", "1000"]])
def test_replaying_to_ndjson_gives_what_export_gives_byte_for_byte(tmp_path, capfdbinary, speed):
    path = session(tmp_path / "s", lines(25))

    assert run("replay", path, "--format", "ndjson", *speed) == 0
    assert capfdbinary.readouterr().out == WRITTEN


def test_replaying_live_shows_on_stdout_what_the_recording_showed(tmp_path, capfd):
    events = [line(1, kind="process", phase="ready", identifier="a.b"), line(2, kind="mark", label="locked the phone")]

    assert run("replay", session(tmp_path / "s", events), "--speed", "max") == 0
    out, err = capfd.readouterr()
    assert "locked the phone" in out
    assert err == ""


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "fast", ""])
def test_what_is_no_speed_is_wrong_usage(tmp_path, capfd, speed):
    path = session(tmp_path / "s", lines(1))

    assert run("replay", path, "--format", "ndjson", "--speed", speed) == 2
    assert "--speed" in capfd.readouterr().err


def test_a_recovered_session_is_replayed_with_a_warning(tmp_path, capfdbinary):
    path = session(tmp_path / "s", lines(25), closed=False)

    assert run("replay", path, "--format", "ndjson") == 0
    out, err = capfdbinary.readouterr()
    assert out == WRITTEN
    assert b"no closing seal" in err


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_a_stop_and_no_failure(tmp_path, stop):
    """The second event is due after an hour; the first one is shown at once."""
    path = session(tmp_path / "s", [line(1), line(2, mono_ns=3_600_000_000_000)])
    # Whoever starts the tests in the background hands down an ignored SIGINT.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); " + _MAIN
    with subprocess.Popen(
        [sys.executable, "-c", code, "replay", str(path), "--format", "ndjson", "--speed", "1"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == as_line(HEADER) + b"\n"
        assert process.stdout.readline() == line(1) + b"\n"
        process.send_signal(stop)
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_a_reader_that_has_had_enough_ends_it_in_peace(tmp_path):
    path = session(tmp_path / "s", lines(20_000), frame=1_000)
    with subprocess.Popen(
        [sys.executable, "-c", _MAIN, "replay", str(path), "--format", "ndjson"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()

        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def recorded(tmp_path):
    """A process whose state changes, and an access in each state."""
    who = {"phase": "attached", "pid": 7, "name": "Example", "identifier": "com.example.app"}
    return session(
        tmp_path / "s",
        [
            line(1, kind="process", **who),
            line(2, kind="state", value="active"),
            line(3, depth="data", symbol="-[A one]"),
            line(4, kind="state", value="background"),
            line(5, depth="data", symbol="-[A two]"),
        ],
    )


def test_a_filter_chooses_lines_and_keeps_them_as_they_were_recorded(tmp_path, capfdbinary):
    chosen = "state = background and depth = data"
    assert run("replay", recorded(tmp_path), "--format", "ndjson", "--filter", chosen) == 0
    assert capfdbinary.readouterr().out == b"".join(
        each + b"\n" for each in [as_line(HEADER), line(5, depth="data", symbol="-[A two]")]
    )


def test_the_live_view_shows_what_a_filter_chooses_and_still_knows_whose_it_is(tmp_path, capfd):
    assert run("replay", recorded(tmp_path), "--speed", "max", "--filter", "state = background and depth = data") == 0
    out = capfd.readouterr().out
    assert "Example  data: -[A two]" in out
    assert "-[A one]" not in out
    assert "state active" not in out


def test_a_filter_that_cannot_be_understood_is_wrong_usage_with_a_caret(tmp_path, capfd):
    assert run("replay", recorded(tmp_path), "--filter", "depth > > data") == 2
    assert capfd.readouterr().err.rstrip().endswith("^")
