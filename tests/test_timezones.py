"""The device's time zone: whatever a header says, every command shows times, in that zone or in UTC."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak import timezones
from lightleak.cli import main
from tracekit import HEADER, WALL_NS, lines, session

OFFSETS = {
    "+08:00": 8 * 3600,
    "+0800": 8 * 3600,
    "GMT+0800": 8 * 3600,
    "GMT-0330": -(3 * 3600 + 1800),
    "UTC+8": 8 * 3600,
    "GMT-11": -11 * 3600,
    "Asia/Shanghai": 8 * 3600,
    "UTC": 0,
}
UNKNOWN = [
    "Mars/Olympus", "", "../../etc/passwd", "/etc/passwd", "Europe", "Europe/../Paris", "x" * 100_000, "a\0b", "\ud800",
    "+99:00", "UTC+8:99", "+1e9", None, 8, True, ["Europe/Paris"], {"name": "Europe/Paris"},
    "localtime", "posixrules", "Factory", "right/UTC", "posix/Europe/Paris",
]  # fmt: skip


def header(zone: object) -> dict:
    return {**HEADER, "device": {**HEADER["device"], "time_zone": zone}}


@pytest.mark.parametrize(("name", "offset"), OFFSETS.items())
def test_a_name_or_an_offset_is_read(name, offset):
    assert timezones.offset_s(header(name), WALL_NS) == offset
    moment = dt.datetime.fromtimestamp(WALL_NS // 10**9, timezones.device_zone(header(name)))
    assert moment.utcoffset() == dt.timedelta(seconds=offset)


@pytest.mark.parametrize("name", UNKNOWN, ids=lambda name: repr(name)[:20])
def test_what_is_not_known_is_utc_and_reported_as_unknown(name):
    assert timezones.device_zone(header(name)) is dt.UTC
    assert timezones.known_zone(header(name)) is None
    assert timezones.offset_s(header(name), WALL_NS) is None


@pytest.mark.parametrize("device", [None, 7, "phone", [], {}])
def test_a_header_without_a_device_is_utc(device):
    assert timezones.device_zone({"device": device}) is dt.UTC
    assert timezones.device_zone({}) is dt.UTC


@given(st.text() | st.integers() | st.none() | st.binary())
def test_no_value_ends_in_an_error(name):
    timezones.Zone.of(header(name)).format(WALL_NS)


@pytest.mark.parametrize(("name", "written"), [("+08:00", "+08:00"), ("Asia/Shanghai", "Asia/Shanghai"), ("no", "UTC")])
def test_a_zone_has_a_name_for_tables(name, written):
    assert timezones.name_of(timezones.device_zone(header(name))) == written


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


SHOWN = [("+08:00", "+08:00"), ("GMT+0800", "+08:00"), ("Mars/Olympus", "+00:00"), ("../../etc/passwd", "+00:00"), (8, "+00:00")]  # fmt: skip


@pytest.mark.parametrize(("name", "offset"), SHOWN)
def test_the_commands_show_times_in_it(name, offset, tmp_path: Path, capfd):
    path = session(tmp_path / "s.lightleak", lines(5), header=header(name))
    assert run("show", path) == 0
    assert offset in capfd.readouterr().out
    assert run("export", path, "--format", "csv", "-o", tmp_path / "s.csv") == 0
    assert f"{offset}," in (tmp_path / "s.csv").read_text()
    assert run("replay", path, "--filter", "time > 2020-01-01") == 0
    if name != 8:
        pytest.importorskip("pyarrow")
        assert run("export", path, "--format", "parquet", "-o", tmp_path / "s.parquet") == 0


def test_every_reader_takes_a_time_without_offset_for_the_same_moment(tmp_path: Path, capfd):
    path = session(tmp_path / "s.lightleak", lines(5), header=header("GMT+0800"))
    at = dt.datetime.fromtimestamp(WALL_NS // 10**9, dt.timezone(dt.timedelta(hours=8)))
    assert run("replay", path, "--filter", f"time >= {at:%Y-%m-%dT%H:%M}") == 0
    assert "fetchAssets" in capfd.readouterr().out
