"""Messages of the agent's, good and hostile."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.device.protocol import (
    AgentBatch,
    Beat,
    Fault,
    decode_clock,
    decode_description,
    decode_message,
    decode_number,
)
from lightleak.errors import AgentError

DESCRIPTION = {
    "protocol": 1, "agent": "A", "version": "0.1.0", "pid": 7, "process": "WeChat", "identifier": "com.tencent.xin",
    "bundleName": "WeChat", "bundleVersion": "8.0.54", "bridge": True, "platform": "darwin", "arch": "arm64",
    "osVersion": "17.4", "model": "iPhone15,2", "timeZone": "Asia/Shanghai", "at": [1_700_000_000, 1, 5, 2],
}  # fmt: skip


def test_each_message_is_decoded_to_its_own_type() -> None:
    beat = {"type": "beat", "agent": "A", "at": [1, 2, 3, 4], "next": 9, "dropped": {"count": 2, "reason": "full"}}

    assert decode_message({"type": "batch", "agent": "A", "first": 3, "events": [{}]}) == AgentBatch("A", 3, [{}])
    assert decode_message({"type": "batch", "agent": "A", "first": 3}, b'[{"kind":"x"}]') == AgentBatch(
        "A", 3, [{"kind": "x"}]
    )
    assert isinstance(decode_message({"type": "fault", "agent": "A", "message": "m", "stack": "s"}), Fault)
    decoded = decode_message(beat)
    assert isinstance(decoded, Beat)
    assert (decoded.at, decoded.next, decoded.dropped.count) == ((1, 2, 3, 4), 9, 2)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        {"type": "surprise"},
        {"type": "batch", "agent": "A", "first": 0, "events": []},
        {"type": "batch", "agent": "A", "first": 2**53, "events": []},
        {"type": "batch", "agent": "A", "first": 1, "events": {}},
        {"type": "beat", "agent": "A", "at": [1, 1_000_000_000, 3, 4], "next": 1},
        {"type": "beat", "agent": "A", "at": [1, 2, 3], "next": 1},
        {"type": "beat", "agent": "A" * 300, "at": [1, 2, 3, 4], "next": 1},
        {"type": "beat", "agent": "A", "at": [1, 2, 3, 4], "next": True},
    ],
)
def test_what_is_no_message_is_refused(payload: Any) -> None:
    with pytest.raises(AgentError, match="cannot be read"):
        decode_message(payload)


@pytest.mark.parametrize("data", [b"", b"{}", b"[", b"[\xff]", b"[" * 100_000])
def test_bytes_that_are_no_events_are_refused(data: bytes) -> None:
    with pytest.raises(AgentError, match=r"events that cannot be read \(batch 1: "):
        decode_message({"type": "batch", "agent": "A", "first": 1}, data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "agent", "first", "at", "next"]), inner),
)


@given(JSON, st.none() | st.binary())
def test_nothing_that_arrives_raises_anything_else(payload: Any, data: bytes | None) -> None:
    for decode in (
        lambda: decode_message(payload, data),
        lambda: decode_description(payload),
        lambda: decode_clock(payload),
    ):
        try:
            decode()
        except AgentError:
            continue


def test_a_description_tells_who_the_agent_is() -> None:
    description = decode_description(DESCRIPTION)

    assert (description.bundle_version, description.os_version, description.time_zone) == (
        "8.0.54",
        "17.4",
        "Asia/Shanghai",
    )
    assert (description.resident, description.first, description.next) == (None, 1, 1)


def test_an_agent_of_another_protocol_is_refused_with_the_remedy() -> None:
    with pytest.raises(AgentError, match="speaks protocol 3, this is 2") as caught:
        decode_description({**DESCRIPTION, "protocol": 3})
    assert "build-agent" in caught.value.hint


def test_clocks_are_put_together_without_loss() -> None:
    assert decode_clock([1_795_228_348, 442_898_217, 4_314, 575_393_005]) == (
        1_795_228_348_442_898_217,
        4_314_575_393_005,
    )


@pytest.mark.parametrize("answer", [None, 0, -1, 1.5, "7", True])
def test_a_number_is_a_number(answer: object) -> None:
    with pytest.raises(AgentError):
        decode_number(answer)
