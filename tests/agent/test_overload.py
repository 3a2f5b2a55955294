"""The recorder under more calls than it can take."""

from __future__ import annotations

import asyncio

import pytest

from agent.test_load import flood
from device.real import new_rig, recording
from device.rig import is_gapless
from standin import Phone

pytestmark = pytest.mark.standin


def test_a_recording_under_overload_says_how_many_were_lost(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("bench")
        rig = new_rig()
        async with recording(rig, app):
            made = await asyncio.to_thread(flood, app, 400_000)
        memory = rig.memory
        seen = len(memory.of("authorization"))
        lost = sum(event["count"] for event in memory.of("lost"))
        assert lost > 0
        # The agent's own events can be lost too: after each loss that has a hook's event in it, it sends all of them again.
        assert made <= seen + lost <= made + 2_000
        assert is_gapless(memory.events)

    asyncio.run(run())
