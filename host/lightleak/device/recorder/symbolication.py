"""Name the frames of stacks outside the hooked calls: the agent sends addresses, and each is asked for once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from lightleak.device.protocol import AgentBatch, Frame, decode_frames
from lightleak.errors import DeviceError

ASKED_AT_ONCE = 2_000
_KNOWN_MAX = 200_000
"""Addresses of one process that are kept; beyond that, all are asked for again."""


class Symbols:
    """The known frames of one process; ``ask(addresses)`` is the agent's ``symbolicate``."""

    def __init__(self, ask: Callable[[list[str]], Awaitable[Any]]) -> None:
        self._ask = ask
        self._known: dict[str, Frame] = {}

    async def complete(self, batch: AgentBatch) -> None:
        """Replace addresses by frames, in place; one that cannot be named keeps its address, and null for the rest."""
        frames = list(_frames(batch.events))
        unknown = list({frame["address"]: None for frame in frames if _is_unknown(frame, self._known)})
        for start in range(0, len(unknown), ASKED_AT_ONCE):
            await self._learn(unknown[start : start + ASKED_AT_ONCE])
        for frame in frames:
            self._name(frame)

    async def _learn(self, addresses: list[str]) -> None:
        try:
            answer = decode_frames(await self._ask(addresses))
        except DeviceError:
            return
        if len(self._known) > _KNOWN_MAX:
            self._known.clear()
        self._known |= {frame.address: frame for frame in answer}

    def _name(self, frame: dict[str, Any]) -> None:
        address = frame.get("address")
        known = self._known.get(address) if isinstance(address, str) else None
        named = {key: frame.get(key, getattr(known, key, None)) for key in ("image", "uuid", "offset", "symbol")}
        frame.clear()
        frame.update(named)
        if named["image"] is None and named["symbol"] is None:
            frame["address"] = address


def _frames(events: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for event in events:
        if isinstance(event, dict) and event.get("kind") == "stack" and isinstance(event.get("frames"), list):
            yield from (frame for frame in event["frames"] if isinstance(frame, dict))


def _is_unknown(frame: dict[str, Any], known: dict[str, Frame]) -> bool:
    address = frame.get("address")
    return isinstance(address, str) and "symbol" not in frame and address not in known
