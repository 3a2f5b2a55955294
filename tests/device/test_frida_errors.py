"""What Frida raises, as one sentence with its remedy; the texts are those of real servers."""

from __future__ import annotations

import asyncio

import frida
import pytest

from lightleak.device.frida_errors import translate_errors
from lightleak.errors import DeviceError

OTHER_VERSION = (
    "unable to communicate with remote frida-server; please ensure that major versions match "
    "and that the remote Frida has the feature you are trying to use"
)


@pytest.mark.parametrize(
    ("problem", "sentence", "remedy"),
    [
        # A server of 16.7.19, asked by 17.25.2.
        (frida.ProtocolError(OTHER_VERSION), "the server has another Frida version", frida.__version__),
        (frida.TimedOutError("unexpectedly timed out while waiting for stop"), "gave up waiting", "resume the process"),
        (
            frida.PermissionDeniedError("unable to access process"),
            "does not allow attaching to this process",
            "ptrace_scope",
        ),
        (frida.TransportError("the connection is closed"), "the connection broke", "cable"),
    ],
)
def test_what_frida_raises_is_said_with_its_remedy(problem: Exception, sentence: str, remedy: str) -> None:
    async def run() -> None:
        async with translate_errors("attaching"):
            raise problem

    with pytest.raises(DeviceError) as caught:
        asyncio.run(run())
    assert sentence in caught.value.message
    assert remedy in caught.value.hint


def test_what_does_not_answer_is_given_up_in_time_and_cancelled() -> None:
    async def run() -> None:
        async with translate_errors("calling", timeout_s=0.01, silent_hint="wake it"):
            await asyncio.Event().wait()

    with pytest.raises(DeviceError, match=r"calling: no answer within 0\.01 s") as caught:
        asyncio.run(run())
    assert caught.value.hint == "wake it"
