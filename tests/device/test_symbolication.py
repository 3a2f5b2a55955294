"""Stacks get their names on the host's time."""

from __future__ import annotations

import asyncio
from typing import Any

from lightleak.device.protocol import AgentBatch
from lightleak.device.recorder.event_codec import Symbols
from lightleak.errors import DeviceError


def stack(*frames: Any) -> dict[str, Any]:
    return {"kind": "stack", "at": [1, 2, 3, 4], "id": 1, "frames": list(frames)}


def complete(symbols: Symbols, *events: Any) -> list[Any]:
    batch = AgentBatch("A", 1, list(events))
    asyncio.run(symbols.complete(batch))
    return batch.events


def answering(asked: list[list[str]]) -> Symbols:
    async def ask(addresses: list[str]) -> list[dict[str, Any]]:
        asked.append(addresses)
        return [
            {"address": a, "image": "WeChat", "uuid": "U", "offset": int(a, 16) - 0x1000, "symbol": "f"}
            for a in addresses
        ]

    return Symbols(ask)


def test_addresses_become_frames_and_each_is_asked_for_once() -> None:
    asked: list[list[str]] = []
    symbols = answering(asked)
    [first] = complete(symbols, stack({"address": "0x1010"}, {"address": "0x1020"}, {"address": "0x1010"}))
    complete(symbols, stack({"address": "0x1020"}))

    assert first["frames"][0] == {"image": "WeChat", "uuid": "U", "offset": 16, "symbol": "f"}
    assert asked == [["0x1010", "0x1020"]]


def test_what_the_agent_knew_already_is_kept() -> None:
    [event] = complete(answering([]), stack({"address": "0x1010", "image": "Photos", "offset": 7}))

    assert event["frames"] == [{"image": "Photos", "uuid": "U", "offset": 7, "symbol": "f"}]


def test_an_agent_that_does_not_answer_costs_the_names_and_not_the_stack() -> None:
    async def refuse(_addresses: list[str]) -> None:
        raise DeviceError("asleep")

    [event] = complete(Symbols(refuse), stack({"address": "0x1010"}))

    assert event["frames"] == [{"image": None, "uuid": None, "offset": None, "symbol": None, "address": "0x1010"}]


def test_batches_without_stacks_ask_nothing_and_odd_ones_do_no_harm() -> None:
    asked: list[list[str]] = []
    odd = [{"kind": "access"}, None, {"kind": "stack"}, stack(1, {}, {"address": 5}), {"kind": "stack", "frames": 3}]
    complete(answering(asked), *odd)

    assert asked == []
