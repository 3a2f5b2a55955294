"""What a device gives away of its kind, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from device.scripted import describe
from lightleak.device.device_kind import device_kind
from lightleak.device.system import DeviceSystem, read_system

IOS, MAC, SIMULATOR = 2, 1, 7
"""Source: mach-o/loader.h."""


def jailed(product: object, board: object) -> DeviceSystem:
    """Return what a phone's lockdown service answers."""
    return read_system(
        {"os": {"id": "ios", "name": "iPhone OS", "version": "26.4"}, "platform": "darwin", "access": "jailed",
         "hardware": {"product": product, "platform": "t8110", "model": board}, "udid": "00008110-0001"}
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"guest": 1, "model": "iPhone17,3", "board": "D47AP"},
        {"model": "iPhone99,11"},
        {"model": "iPad99,1"},
        {"model": "VirtualMac2,1", "built_for": MAC},
        {"model": "iPhone17,3", "board": "VPHONE600AP"},
        {"model": "iPhone17,3", "board": "vresearch101ap", "guest": 0},
    ],
)
def test_one_sign_of_a_virtual_machine_is_enough(said: dict[str, Any]) -> None:
    assert device_kind(describe(**said), DeviceSystem()) == "virtual"


@pytest.mark.parametrize(("product", "board"), [("iPhone99,11", "D47AP"), ("iPhone17,3", "VPHONE600AP")])
def test_the_phone_itself_is_asked_first(product: str, board: str) -> None:
    assert device_kind(describe(), jailed(product, board)) == "virtual"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"model": "iPhone17,3", "board": "D47AP", "guest": 0, "built_for": IOS},
        {"model": "iPhone17,99", "board": "D99AP"},
        {"model": "iPhone9,911"},
        {"model": "iPhone99,", "board": "VPHONE"},
        {"model": "my iPhone99,11", "board": "XVPHONE600AP"},
        {"guest": 2},
    ],
)
def test_that_it_is_a_phone_is_never_guessed(said: dict[str, Any]) -> None:
    """A virtual phone can be given every one of these names, and a kernel that denies the virtual machine."""
    assert device_kind(describe(**said), jailed("iPhone17,3", "D47AP")) is None


@pytest.mark.parametrize("odd", [None, 7, ["iPhone99,11"], {"product": "iPhone99,11"}])
def test_names_that_are_no_texts_say_nothing(odd: object) -> None:
    assert device_kind(describe(), jailed(odd, odd)) is None


def test_a_simulator_is_named_by_its_device_or_by_its_process() -> None:
    assert device_kind(describe(), DeviceSystem(id="ios", access="full", simulator=True)) == "simulator"
    assert device_kind(describe(built_for=SIMULATOR), DeviceSystem()) == "simulator"


def test_a_simulator_on_a_virtual_mac_is_a_simulator() -> None:
    """The machines of CI services are virtual, and the kernel of a simulator's process is the Mac's."""
    said = {"built_for": SIMULATOR, "guest": 1, "model": "arm64", "board": "VirtualMac2,1"}
    assert device_kind(describe(**said), DeviceSystem(id="macos")) == "simulator"


def test_a_process_on_another_system_runs_on_the_stand_in() -> None:
    assert device_kind(describe(platform="linux", model="iPhone99,11", guest=1), DeviceSystem()) == "stand-in"
