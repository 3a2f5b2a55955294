"""A time zone that is not known is said once, and times are in UTC, in every command."""

from __future__ import annotations

import pytest

import lightleak
from lightleak.cli import main
from lightleak.comparator import compare
from report.written import lines as report_lines
from report.written import moment, text
from tracekit import HEADER, line, session


def run(capfd, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0), *capfd.readouterr()


def recorded(folder, zone):
    header = {**HEADER, "device": {**HEADER["device"], "time_zone": zone}}
    first = line(1, kind="process", phase="ready", identifier="com.example.app", role="app")
    return session(folder / "s", [first, line(2, depth="data", symbol="-[A b]")], header=header)


COMMANDS = (
    ["show"],
    ["show", "--filter", "time > 10:00", "--from", "00:00"],
    *(
        ["export", "--filter", "time > 10:00", "--format", form]
        for form in ("csv", "ndjson", "timesketch", "perfetto", "parquet")
    ),
    ["replay", "--speed", "max", "--filter", "time > 10:00"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_unknown_zone_is_said_once_and_is_utc(tmp_path, capfd, command):
    """`show` and `export --filter` ended with a traceback for a zone that this machine's table does not have."""
    path = recorded(tmp_path, "Mars/Olympus")
    code, _, err = run(capfd, command[0], path, *command[1:])
    assert code == 0
    assert err.count("the time zone Mars/Olympus") == 1
    assert "UTC" in err


def test_a_comparison_says_it_once_too(tmp_path):
    (tmp_path / "r").write_text(text(report_lines(moment(1, 0, 5000))))
    found = compare(lightleak.open(recorded(tmp_path, "Mars/Olympus")), lightleak.read_report(tmp_path / "r"))
    assert sum("the time zone Mars/Olympus" in notice for notice in found.notices) == 1


@pytest.mark.parametrize("zone", ["GMT+0200", "+02:00", "UTC+2"])
def test_an_offset_is_a_zone_for_every_command(tmp_path, capfd, zone):
    """`compare` knew it, `show` ended with a traceback."""
    _, out, err = run(capfd, "show", recorded(tmp_path, zone))
    assert "time zone" not in err
    assert "+02:00" in out
    _, out, _ = run(capfd, "export", tmp_path / "s", "--format", "csv", "--filter", "time > 15:00")
    assert "+02:00" in out


@pytest.mark.parametrize(
    "bounds", [["--from", "0001-01-01"], ["--to", "9999-12-30"], ["--from", "0001-01-01", "--to", "9999-12-30"]]
)
def test_a_timeline_reaches_from_the_first_year_to_the_last(tmp_path, capfd, bounds):
    """Nanoseconds in 64 bits do not: `show` ended with a traceback."""
    code, out, _ = run(capfd, "show", recorded(tmp_path, "UTC"), *bounds)
    assert (code, "-[A b]" in out) == (0, True)
