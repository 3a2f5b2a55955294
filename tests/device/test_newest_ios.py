"""An iOS that nobody has read about: said once, and nothing is guessed from its number."""

from __future__ import annotations

import asyncio
import re

import pytest

from device.real import FETCH, new_rig, recording
from device.rig import Rig
from lightleak.device.newest_ios import newest_known, note_on_ios
from lightleak.device.system import DeviceSystem
from standin import Phone


@pytest.mark.parametrize("version", [None, "", "15", "18.4.1", "26.x-beta", "27", "27.0", "27.0-beta2"])
def test_of_an_ios_that_the_catalogue_reaches_nothing_is_said(version: str | None) -> None:
    assert newest_known() == "27.0"
    assert note_on_ios(version) is None


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("27.0.1", "has iOS 27.0.1, and the catalogue of probes ends with iOS 27.0"),
        ("27.2", "has iOS 27.2, and"),
        ("28", "has iOS 28, and"),
        ("9" * 5000, "has iOS 9"),
        ("beta", "its iOS is beta, which is no version"),
        ("\x1b[J\nwatched: all", r"its iOS is \x1b[J\nwatched: all, which"),
    ],
)
def test_of_one_that_it_does_not_reach_it_is_said_what_follows(version: str, said: str) -> None:
    note = note_on_ios(version) or ""
    assert said in note
    assert "\n" not in note
    assert len(note) < 300


@pytest.mark.parametrize("version", [None, "", "beta", "-26"])
def test_a_phone_without_a_version_may_have_any(version: str | None) -> None:
    """What must not be done on an iOS must not be done on a phone that does not say which it has."""
    assert DeviceSystem(id="ios", version=version).ios_within("26")
    assert not DeviceSystem(id="ios", version="18.4").ios_within("26")


async def hooks(phone: Phone) -> tuple[Rig, dict[str, tuple[str, str]]]:
    """Record an app that fetches; return the recorder, and each hook's status and reason."""
    app = phone.launch("quicksend")
    rig = new_rig()
    async with recording(rig, app):
        app.order("fetch")
        await rig.until(lambda: rig.memory.of("access", symbol=FETCH))
    return rig, {
        event["symbol"]: (event["status"], re.sub("0x[0-9a-f]+", "ADDRESS", event["reason"] or ""))
        for event in rig.memory.of("hook")
    }


@pytest.mark.standin
@pytest.mark.parametrize("version", ["27.2", "28", "26.x-beta", "beta", "15"])
def test_the_version_decides_no_hook_and_no_table(version: str) -> None:
    """The frameworks are those of 27, whatever the kernel calls itself."""
    with Phone(ios="27") as phone:
        _, expected = asyncio.run(hooks(phone))
    with Phone(ios="27", os_version=version) as phone:
        rig, found = asyncio.run(hooks(phone))

    assert found == expected
    assert {event["type"] for event in rig.memory.of("observer", action="found")} == {"change"}
    said = [text for text in rig.heard.said if "iOS" in text]
    assert len(said) == (version in ("27.2", "28", "beta"))
    assert rig.memory.header["device"]["os_version"] == version
    assert rig.recording.statistics.faults == 0
