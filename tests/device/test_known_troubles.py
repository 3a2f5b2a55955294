"""Before the first contact: a phone that listing processes is known to panic is asked for its version, and for nothing else.

No phone can be had here: ``Phone`` is a mock of a Frida device. Its answers have the shape of frida-core's own code
(query_system_parameters of frida-server, of a phone on the cable without it, and of a simulator).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import frida
import pytest

from lightleak.cli import main
from lightleak.device import connection
from lightleak.device.connection import DeviceConnection
from lightleak.device.doctor import examine
from lightleak.device.known_troubles import KNOWN_TROUBLES, Circumstances, Machine, known_troubles
from lightleak.device.system import DeviceSystem, read_system
from lightleak.device.targets import DeviceChoice, Pid
from lightleak.errors import HarmError

DOCS = Path(__file__).parents[2] / "docs" / "doctor.md"
MAC, VIRTUAL = Machine("darwin", "25.0.0", virtual=False), Machine("linux", "6.8.0-generic", virtual=True)


def server(version: str | None) -> dict[str, Any]:
    """Answer as frida-server does on a phone."""
    system = {"id": "ios", "name": "iPhone OS"} | ({} if version is None else {"version": version})
    return {
        "os": system,
        "platform": "darwin",
        "arch": "arm64",
        "access": "full",
        "name": "Ann's",
        "udid": "00008110-001A",
    }


def lockdown(version: str) -> dict[str, Any]:
    """Answer as a phone without frida-server does over the cable."""
    hardware = {"product": "iPhone14,5", "platform": "t8110", "model": "D17AP"}
    return {**server(version), "access": "jailed", "hardware": hardware}


def simulator(version: str) -> dict[str, Any]:
    """Answer as a simulator on a Mac does."""
    udid = "0DE8A8E5-1B3C-4F4E-9A61-0C5B7B1B2C3D"
    return {**server(version), "hardware": {"product": "iPhone17,1"}, "udid": udid}


class Phone:
    """A mock: it answers one question, and counts every other request as the panic that it would be."""

    id, name, type, is_lost = "1", "Ann's", "usb", False

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self.panics: list[str] = []

    async def query_system_parameters(self) -> dict[str, Any]:
        return self._parameters

    def __getattr__(self, request: str) -> Any:
        async def panic(*_: Any, **__: Any) -> Any:
            self.panics.append(request)
            raise frida.TransportError("connection closed")

        return panic


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a phone on the cable."""

    def plug(parameters: dict[str, Any]) -> Phone:
        phone = Phone(parameters)

        async def found() -> Phone:
            return phone

        monkeypatch.setattr(connection, "_usb_device", found)
        return phone

    return plug


def reach(**choice: Any) -> DeviceSystem:
    async def ask() -> DeviceSystem:
        connected = DeviceConnection(DeviceChoice(**choice))
        await connected.device()
        return connected.system

    return asyncio.run(ask())


COMMANDS = (
    ["apps", "-U"], ["record", "com.example.app", "-U", "-o", "s.lightleak"], ["record", "-f", "com.example.app", "-U"],
    ["watch", "com.example.app", "-U", "-o", "s.lightleak"], ["probes", "com.example.app", "-U"],
    ["pull-report", "-U", "-o", "store"], ["fieldtest", "com.example.app", "-U", "-o", "f.json", "--yes"],
    ["doctor", "-U"], ["doctor", "com.example.app", "-U"], ["doctor", "com.example.app", "-U", "--bisect"],
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_no_command_touches_a_phone_that_it_might_panic(
    command: list[str], plug_in: Any, tmp_path: Path, monkeypatch: Any, capfd: Any
) -> None:
    """The documented command that changes nothing cost its user the jailbreak."""
    monkeypatch.chdir(tmp_path)
    phone = plug_in(server("26.0.1"))

    with pytest.raises(SystemExit) as ended:
        main(command)

    said = "".join(capfd.readouterr())
    assert ended.value.code == 1
    assert phone.panics == []
    assert "--i-know" in said
    assert not list(tmp_path.glob("*.lightleak"))


def test_i_know_goes_on(plug_in: Any, tmp_path: Path, capfd: Any) -> None:
    phone = plug_in(server("26.0.1"))

    with pytest.raises(SystemExit):
        main(["apps", "-U", "--i-know"])

    assert phone.panics == ["enumerate_processes"]


@pytest.mark.parametrize(
    ("parameters", "stops"),
    [
        (server("26.0"), True), (server("27.2"), True), (server(None), True),
        (server("18.7.2"), False), (server("15.4"), False),
        (lockdown("26.4"), False), (simulator("26.4"), False),
        # A later frida-server may name the hardware too: that alone makes no simulator of a phone.
        ({**server("26.0"), "hardware": {"product": "iPhone14,5"}}, True),
        ({**server("26.0"), "os": {"id": "macos", "version": "26.0"}}, False), ({}, False),
    ],
)  # fmt: skip
def test_only_jailbroken_ios_26_and_later_stops(parameters: dict[str, Any], stops: bool, plug_in: Any) -> None:
    plug_in(parameters)

    if not stops:
        reach(kind="usb")
        return
    with pytest.raises(HarmError, match="even a list of its processes can panic it"):
        reach(kind="usb")
    reach(kind="usb", i_know=True)


def test_this_machine_is_asked_and_not_refused() -> None:
    """No mock: the local device of this machine."""
    system = reach()

    assert (system.access, system.is_phone) == ("full", False)
    assert system.id not in (None, "ios")


def test_the_doctor_shows_the_panics_with_their_remedies_and_asks_nothing_more(plug_in: Any) -> None:
    phone = plug_in(server("26.0.1"))

    examination = examine(DeviceChoice(kind="usb"), Pid(1), Path())

    finding = examination.of("known-troubles")
    assert (finding.status, phone.panics) == ("problem", [])
    assert "initproc exited" in finding.why
    assert "issue 3773" in finding.why
    assert "frida-gum pull request 1150" in finding.remedy
    assert "iOS 26.0.1" in finding.found
    assert examination.of("process").found == "not asked: the phone might panic"


def test_the_doctor_goes_on_with_i_know_and_still_warns(plug_in: Any) -> None:
    phone = plug_in(server("26.0.1"))

    finding = examine(DeviceChoice(kind="usb", i_know=True), None, Path()).of("known-troubles")

    assert finding.status == "warning"
    assert phone.panics


@pytest.mark.parametrize(
    ("parameters", "machine", "names"),
    [
        (server("18.4"), MAC, []),
        (server("26.0"), MAC, ["enumeration panics", "spawn panics", "injection fails"]),
        (lockdown("15.8"), MAC, ["disk image"]),
        (lockdown("16.5"), MAC, ["Developer Mode", "disk image"]),
        (lockdown("17.2"), MAC, ["Developer Mode", "disk image"]),
        (lockdown("17.2"), Machine("linux", "6.14.2", virtual=False), ["Developer Mode", "disk image", "tunnel"]),
        (lockdown("17.4"), Machine("linux", "6.14.2", virtual=True), ["Developer Mode", "disk image"]),
        (lockdown("26.4"), MAC, ["Gadget on iOS 26", "Developer Mode", "disk image"]),
        (server("18.4"), VIRTUAL, ["USB in a virtual machine"]),
        ({}, VIRTUAL, ["USB in a virtual machine"]),
        (simulator("26.0"), MAC, []),
    ],
)
def test_each_trouble_shows_where_its_condition_holds_and_nowhere_else(
    parameters: dict[str, Any], machine: Machine, names: list[str]
) -> None:
    now = Circumstances(read_system(parameters), usb=True, machine=machine)

    assert [trouble.name for trouble in known_troubles(now)] == names


def test_a_virtual_machine_does_not_matter_without_a_cable() -> None:
    assert not list(known_troubles(Circumstances(read_system(server("18.4")), machine=VIRTUAL)))


def test_the_docs_have_the_table() -> None:
    rows = [f"| {t.name} | {t.when} | {t.seen} | {t.remedy} | {t.source} |" for t in KNOWN_TROUBLES]
    table = "\n".join(["| trouble | when | what you see | what helps | source |", "|---|---|---|---|---|", *rows])

    assert table in DOCS.read_text(), f"put this into {DOCS.name}:\n\n{table}"
