"""The name of a session file that nobody named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lightleak.cli._session_name import default_session_name
from lightleak.device.targets import Await, Either, Frontmost, Identifier, Name, Pid, SpawnFile, Target

NOW = dt.datetime(2026, 11, 28, 15, 21, 59, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.mark.parametrize(
    ("target", "stem"),
    [
        (Either("com.x"), "com.x"),
        (Identifier("com.x"), "com.x"),
        (Name("My Photos*"), "My-Photos"),
        (Name("照片"), "照片"),
        (Pid(12), "pid-12"),
        (Frontmost(), "frontmost"),
        (SpawnFile(("/usr/bin/sleep", "3")), "sleep"),
        (SpawnFile(("./",)), "session"),
        (Await("com\\.x.*"), "com-.x"),
        (Either("../../etc/passwd"), "etc-passwd"),
        (Either("-rf"), "rf"),
        (Either("a\x1b]0;b\u202ec"), "a-0-b-c"),
        (Either("***"), "session"),
        (Either("x" * 500), "x" * 60),
    ],
)
def test_a_name_says_what_and_when_and_is_safe_in_every_shell_and_folder(
    tmp_path: Path, target: Target, stem: str
) -> None:
    path = default_session_name(target, NOW, tmp_path)
    assert path == tmp_path / f"{stem}-2026-11-28T1521.lightleak"
    path.touch()


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        names.append(default_session_name(Either("x"), NOW, tmp_path).name)
        (tmp_path / names[-1]).symlink_to("nowhere")
    assert names == [f"x-2026-11-28T1521{number}.lightleak" for number in ("", "-2", "-3")]
