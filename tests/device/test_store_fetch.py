"""A store is fetched whole through Frida, under its own names, and nothing that a device says leads out of the folder."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from device.rig import Portal
from lightleak.defaults import PHONE_STORE
from lightleak.device.helpers import store_fetch
from lightleak.device.helpers.store_fetch import CHUNK_BYTES, pull_store
from lightleak.device.targets import DeviceChoice
from lightleak.errors import DeviceError
from lightleak.report import read_report
from report.stored import write
from report.written import moment

LOCAL = DeviceChoice()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return the folder of a store on "the device": more than one chunk, three streams."""
    entries = [moment(n, n * 9000, 5000) for n in range(2000)]
    entries += [moment(5000, 1, 1, category="location"), moment(5001, 1, 1, out_of_process=True)]
    return write(tmp_path / "phone", entries)


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_comes_over_byte_for_byte(store: Path, into: Path) -> None:
    pulled = pull_store(LOCAL, str(store), into, lambda _: None)
    assert contents(into) == contents(store)
    assert max(map(len, contents(into).values())) > CHUNK_BYTES
    assert (len(pulled.files), pulled.bytes, pulled.changing) == (3, sum(map(len, contents(store).values())), [])
    assert len(read_report(into).entries) == 2002
    assert {path.stat().st_mode & 0o077 for path in into.rglob("*")} == {0}


def test_links_are_left_alone(store: Path, into: Path) -> None:
    (store / "out").symlink_to("/etc")
    (store / "passwd").symlink_to("/etc/passwd")
    assert len(pull_store(LOCAL, str(store), into, lambda _: None).files) == 3


def test_a_folder_that_is_not_there_is_named_with_what_to_do(into: Path) -> None:
    with pytest.raises(DeviceError, match="No such file") as raised:
        pull_store(LOCAL, "/no/such/store", into, lambda _: None)
    assert "App Privacy Report" in raised.value.hint


def test_without_a_process_of_fridas_own_the_daemon_reads(store: Path, into: Path, tmp_path: Path) -> None:
    daemon = shutil.copy(shutil.which("sleep") or "", tmp_path / "privacyaccountingd")
    portal = Portal()
    with subprocess.Popen([daemon, "300"]) as process:
        try:
            while Path(f"/proc/{process.pid}/wchan").read_text() != "hrtimer_nanosleep":
                time.sleep(0.005)
            portal.join(process.pid)
            said: list[str] = []
            pull_store(DeviceChoice(kind="remote", host=f"127.0.0.1:{portal.control}"), str(store), into, said.append)
            assert "in privacyaccountingd" in said[0]
            assert contents(into) == contents(store)
        finally:
            process.kill()
            portal.close()


class Remote:
    """A device that answers as it likes."""

    def __init__(
        self, names: Any, content: Callable[[int], bytes] = lambda _: b"", size: Callable[[], int] = lambda: 0
    ):
        self._names, self._content, self._size = names, content, size

    async def list(self, _: str) -> Any:
        return {"names": self._names}

    async def look(self, _: str) -> Any:
        return {"size": self._size(), "start": []}

    async def read(self, _path: str, offset: int, _count: int) -> bytes:
        return self._content(offset)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", "a\0b", "a\\..\\b"])
def test_unsafe_file_names_are_refused(name: str, into: Path) -> None:
    with pytest.raises(DeviceError, match="unsafe file name"):
        asyncio.run(store_fetch._copy(Remote([name]), "/store", into))
    assert contents(into) == {}


@pytest.mark.parametrize("names", [{"x": 1}, ["a", 1], None])
def test_an_answer_that_is_no_list_is_refused(into: Path, names: Any) -> None:
    with pytest.raises(DeviceError, match="something else"):
        asyncio.run(store_fetch._copy(Remote(names), "/store", into))


def test_an_endless_file_is_given_up(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_fetch, "MAX_BYTES", 100)
    with pytest.raises(DeviceError, match="exceed"):
        asyncio.run(store_fetch._copy(Remote(["a"], lambda _: b"x" * 60), "/store", into))


def test_a_file_that_never_holds_still_is_kept_and_named(into: Path) -> None:
    sizes = iter(range(100))
    remote = Remote(["a"], lambda offset: b"abc" if offset == 0 else b"", lambda: next(sizes))
    pulled = asyncio.run(store_fetch._copy(remote, "/store", into))
    assert pulled.changing == ["a"]
    assert contents(into) == {"a": b"abc"}


def test_a_file_that_was_written_once_is_read_again(into: Path) -> None:
    sizes = iter([1, 2, 2, 2])
    remote = Remote(["a"], lambda offset: b"abc" if offset == 0 else b"", lambda: next(sizes))
    assert asyncio.run(store_fetch._copy(remote, "/store", into)).changing == []


def test_the_default_is_the_place_on_a_phone() -> None:
    assert PurePosixPath(PHONE_STORE).name == "Biome"
