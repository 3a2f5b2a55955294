"""Marks over the socket, and who may send them."""

from __future__ import annotations

import asyncio
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lightleak.device.recorder import marks
from lightleak.errors import DeviceError, UsageError


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # Not below tmp_path: a socket's path has 107 characters at most.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", f"{folder}/run")
        yield Path(folder, "run", "lightleak")


def modes(folder: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())]


def record(label: str) -> dict[str, Any]:
    if label == "early":
        raise DeviceError("the recording has not started")
    return {"segment": 1, "seq": 7, "label": label}


async def send(label: str, session: Path | None = None) -> dict[str, Any]:
    return await asyncio.to_thread(marks.send_mark, label, session)


def test_a_mark_reaches_the_only_recording(tmp_path: Path) -> None:
    async def run() -> None:
        async with marks.listening(tmp_path / "a.lightleak", record):
            assert await send("locked the phone") == {"segment": 1, "seq": 7, "label": "locked the phone"}

    asyncio.run(run())


def test_several_recordings_are_told_apart_by_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        a, b = tmp_path / "a.lightleak", tmp_path / "b.lightleak"
        async with marks.listening(a, record), marks.listening(b, lambda _: {"segment": 2, "seq": 1}):
            with pytest.raises(DeviceError, match="several recordings") as caught:
                await send("x")
            assert "b.lightleak" in caught.value.hint
            monkeypatch.chdir(tmp_path)
            assert (await send("x", Path("b.lightleak")))["segment"] == 2

    asyncio.run(run())


def test_the_socket_is_for_its_owner_only_and_goes_with_the_recording(tmp_path: Path, runtime: Path) -> None:
    async def run() -> None:
        async with marks.listening(tmp_path / "a.lightleak", record):
            assert modes(runtime) == [0o700, 0o600]
        assert modes(runtime) == [0o700]

    asyncio.run(run())


def test_a_folder_that_others_can_enter_is_refused(runtime: Path) -> None:
    runtime.mkdir(parents=True)
    runtime.chmod(0o755)

    with pytest.raises(DeviceError, match="not a private folder"):
        marks.runtime_folder()


def test_without_a_recording_there_is_nothing_to_mark(tmp_path: Path, runtime: Path) -> None:
    dead = socket.socket(socket.AF_UNIX)
    marks.runtime_folder()
    dead.bind(str(runtime / "0123456789abcdef.sock"))
    dead.close()

    with pytest.raises(DeviceError, match="nothing is being recorded"):
        marks.send_mark("x", None)
    assert list(runtime.iterdir()) == []
    with pytest.raises(DeviceError, match="nothing is being recorded into"):
        marks.send_mark("x", tmp_path / "a.lightleak")


def test_a_path_that_is_too_long_for_a_socket_is_named_as_the_reason(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 100)))

    async def run() -> None:
        with pytest.raises(DeviceError, match=r"marks cannot be taken \(AF_UNIX path too long\): set XDG_RUNTIME_DIR"):
            async with marks.listening(tmp_path / "a.lightleak", record):
                pass

    asyncio.run(run())


def test_a_dead_recorders_socket_does_not_stand_in_the_way(tmp_path: Path) -> None:
    async def run() -> None:
        session = tmp_path / "a.lightleak"
        dead = socket.socket(socket.AF_UNIX)
        dead.bind(str(marks.socket_path(session)))
        dead.close()
        async with marks.listening(session, record):
            assert (await send("x"))["seq"] == 7

    asyncio.run(run())


@pytest.mark.parametrize("label", ["", "   ", "x" * 501])
def test_an_empty_or_endless_label_is_wrong_usage(label: str) -> None:
    with pytest.raises(UsageError, match="a label has"):
        marks.send_mark(label, None)


def test_what_the_recorder_says_is_passed_on(tmp_path: Path) -> None:
    async def run() -> None:
        async with marks.listening(tmp_path / "a.lightleak", record):
            with pytest.raises(DeviceError, match="has not started"):
                await send("early")

    asyncio.run(run())


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b'{"label":1}\n', b"\xff\n", b"x" * 40_000, b'{"label":""}\n'])
def test_nothing_that_is_sent_disturbs_the_recording(tmp_path: Path, line: bytes) -> None:
    async def run() -> None:
        session = tmp_path / "a.lightleak"
        async with marks.listening(session, record):
            _, writer = await asyncio.open_unix_connection(marks.socket_path(session))
            writer.write(line)
            writer.close()
            assert (await send("after"))["label"] == "after"

    asyncio.run(run())
