"""Results are written whole or not at all, on whatever file system there is."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest

from lightleak.cli._files import emit, stream
from lightleak.errors import FileError


@pytest.fixture(params=["links", "no links"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on a disk, or on a stick whose file system has no links."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    if request.param == "no links":
        monkeypatch.setattr("os.link", refuse)
    return tmp_path


def test_a_result_is_there_whole_and_for_its_owner_only(folder: Path) -> None:
    emit("one\r\ntwo\n", folder / "result")

    assert (folder / "result").read_bytes() == b"one\r\ntwo\n"
    assert stat.S_IMODE((folder / "result").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["result"]


def test_what_exists_is_kept_also_where_it_came_meanwhile(folder: Path) -> None:
    def write() -> None:
        with stream(folder / "result") as file:
            (folder / "result").write_text("someone else's")
            file.write(b"mine")

    with pytest.raises(FileError, match="exists and is not overwritten"):
        write()

    assert (folder / "result").read_text() == "someone else's"
    assert [path.name for path in folder.iterdir()] == ["result"]
    emit("mine", folder / "result", force=True)
    assert (folder / "result").read_text() == "mine"


def test_work_that_fails_leaves_nothing(folder: Path) -> None:
    def write() -> None:
        with stream(folder / "result") as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()

    assert list(folder.iterdir()) == []
