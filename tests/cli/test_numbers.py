"""Options that take a number have bounds, and say them: no time is negative, endless or no number."""

from __future__ import annotations

import re

import pytest

from lightleak.cli import main
from tracekit import lines, session

ODD = ["nan", "inf", "-inf", "-1", "1e300", "1e-300", "x", ""]


def refused(capfd, *arguments: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert ended.value.code == 2
    return str(capfd.readouterr().err)


@pytest.mark.parametrize("value", [*ODD, "0", "0.001", "10000000"])
def test_a_replay_has_a_speed_that_ends(tmp_path, capfd, value):
    """With 1e-300 it ended with a traceback: no system sleeps that long."""
    said = refused(capfd, "replay", session(tmp_path / "s", lines(2)), f"--speed={value}")
    assert "--speed must be between 0.01 and 1,000,000" in said


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    "command",
    [
        ["record", "1", "-o", "x", "--time={}"],
        ["watch", "1", "-o", "x", "--rotate-mb={}"],
        ["watch", "1", "-o", "x", "--rotate-hours={}"],
        ["watch", "1", "-o", "x", "--time={}"],
        ["fieldtest", "1", "-o", "x", "--idle={}"],
        ["record", "1", "-o", "x", "--keepalive-interval={}"],
        ["record", "-o", "x", "--attach-pid={}"],
    ],
    ids=lambda command: f"{command[0]} {command[-1]}",
)
def test_a_recording_has_bounds(capfd, command, value):
    if (command[-1], value) == ("--keepalive-interval={}", "-1"):
        pytest.skip("-1 leaves it to the transport")
    said = refused(capfd, *command[:-1], command[-1].format(value))
    assert re.search(r" between | is not a duration: | is too (short|long): ", said)


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "3601", "1e300"])
def test_a_lag_has_bounds(tmp_path, capfd, value):
    from report.written import lines as report_lines
    from report.written import moment, text

    (tmp_path / "r").write_text(text(report_lines(moment(1, 0, 5000))))
    path = session(tmp_path / "s", lines(2))
    said = refused(capfd, "compare", path, "--report", tmp_path / "r", f"--lag={value}")
    assert re.search(r"--lag must be between 0 and 3600 seconds|is neither a duration such as ", said)


@pytest.mark.parametrize("value", ["nan", "-1", "1.5", "1e3", "9999999999"])
def test_a_number_of_events_is_a_whole_number(tmp_path, capfd, value):
    assert "--events" in refused(capfd, "show", session(tmp_path / "s", lines(2)), f"--events={value}")
