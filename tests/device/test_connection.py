"""Reaching devices: real portals with tokens and certificates, and ports where nothing or something else answers."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.rig import Portal, free_port, sleeper
from lightleak.device.connection import DeviceConnection, list_devices
from lightleak.device.processes import list_processes
from lightleak.device.targets import DeviceChoice
from lightleak.errors import DeviceError


async def names_on(**choice: object) -> list[str]:
    connection = DeviceConnection(DeviceChoice(**choice))
    try:
        return [process.name for process in await list_processes(await connection.device())]
    finally:
        await connection.close()


def refusal(**choice: object) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        asyncio.run(names_on(**choice))
    return caught.value


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    portal = Portal(token="secret")
    yield f"127.0.0.1:{portal.control}"
    portal.close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("right", "wrong"):
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=phone"]
        files = ["-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"]
        subprocess.run([*command, *files], check=True, capture_output=True)
    return folder


def test_a_token_opens_a_remote_device() -> None:
    async def run() -> None:
        portal = Portal(token="secret")
        with sleeper() as process:
            portal.join(process.pid)
            assert await names_on(kind="remote", host=f"127.0.0.1:{portal.control}", token="secret") == ["sleep"]

    asyncio.run(run())


def test_a_wrong_token_is_named_and_never_shown(guarded: str) -> None:
    problem = refusal(kind="remote", host=guarded, token="hunter2")

    assert "the token is wrong" in problem.message
    assert "hunter2" not in str(problem)


def test_a_missing_token_is_asked_for(guarded: str) -> None:
    problem = refusal(kind="remote", host=guarded)

    assert "requires a token" in problem.message
    assert "--token" in problem.hint


def test_the_right_certificate_opens_and_a_wrong_one_is_named(certificates: Path) -> None:
    both = (certificates / "right.key").read_text() + (certificates / "right.pem").read_text()
    portal = Portal(certificate=both)
    host = f"127.0.0.1:{portal.control}"

    assert asyncio.run(names_on(kind="remote", host=host, certificate=str(certificates / "right.pem"))) == []
    wrong = refusal(kind="remote", host=host, certificate=str(certificates / "wrong.pem"))
    assert "certificate is not the one expected" in wrong.message
    assert "it may want TLS" in refusal(kind="remote", host=host).hint
    missing = refusal(kind="remote", host=host, certificate=str(certificates / "none.pem"))
    assert "certificate cannot be read" in missing.message


def test_nothing_there_is_said_at_once() -> None:
    assert "no Frida server answers there" in refusal(kind="remote", host=f"127.0.0.1:{free_port()}").message


def test_a_host_that_is_not_known_is_named() -> None:
    assert "host name is not known" in refusal(kind="remote", host="phone.invalid").message


def test_a_server_that_says_nothing_is_given_up_within_five_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "no answer within 4 s" in refusal(kind="remote", host=f"127.0.0.1:{silent.getsockname()[1]}").message


def test_a_server_of_another_kind_is_told_apart() -> None:
    async def run() -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        with pytest.raises(DeviceError) as caught:
            await names_on(kind="remote", host=f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        return caught.value.hint

    assert "frida-server" in asyncio.run(run())


def test_an_unknown_device_is_answered_with_those_there_are() -> None:
    problem = refusal(kind="id", id="nosuch")

    assert problem.message == "there is no device nosuch"
    assert "local" in problem.hint


def test_no_phone_on_the_cable_is_said() -> None:
    assert refusal(kind="usb").message == "no USB device is connected"


def test_this_machine_is_among_the_devices_and_debugger_stubs_are_not() -> None:
    ids = [device.id for device in asyncio.run(list_devices())]

    assert "local" in ids
    assert "barebone" not in ids
