"""Durations with units, as people type them."""

from __future__ import annotations

import click
import pytest

from lightleak.cli import main
from lightleak.cli._options.durations import Duration, read_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90), ("0.5", 0.5), (".5", 0.5), ("0", 0), ("90s", 90), ("500ms", 0.5), ("20m", 1200), ("20min", 1200),
        ("1h30m", 5400), ("1.5h", 5400), ("2d", 172_800), ("1m30s", 90), ("1s500ms", 1.5), ("20M", 1200), (" 3s ", 3),
    ],
)  # fmt: skip
def test_a_duration_is_seconds(text: str, seconds: float) -> None:
    assert read_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    ["", "nan", "inf", "-1", "-3s", "+3", "1e9", "soon", "m", "30m1h", "1h30", "3 s", "3x", "1m1m", "٣", "9" * 10, "."],
)
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_duration(text)


@pytest.mark.parametrize(
    ("least_s", "text", "said"),
    [(0.0, "0", "more than 0 s"), (0.1, "50ms", "0.1 s or more"), (0.0, "nan", "write 90, 500ms, 20m or 1h30m")],
)
def test_a_refusal_says_what_to_write(least_s: float, text: str, said: str) -> None:
    with pytest.raises(click.BadParameter, match=said):
        Duration(least_s).convert(text, None, None)


@pytest.mark.parametrize(
    "arguments",
    [
        ["record", "x", "-t", "nan"], ["record", "x", "-t", "0s"], ["record", "x", "-t", "soon"],
        ["watch", "x", "--rotate-mb", "nan"], ["watch", "x", "--rotate-hours", "inf"], ["watch", "x", "-t", "-1"],
        ["fieldtest", "x", "--idle", "inf"], ["compare", "s", "r", "--lag", "3x"], ["compare", "s", "r", "--lag", "nan"],
    ],
)  # fmt: skip
def test_every_option_that_takes_a_time_or_a_size_refuses_what_is_not_one(capfd, arguments) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "Traceback" not in capfd.readouterr().err
