"""Turn Frida's errors into one sentence with its remedy.

Frida distinguishes most errors by class and some only by text; the texts are matched only here.
Source: frida-core lib/base/session.vala (error domain) and the answers of a real portal and local device, 17.25.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import frida
import frida.aio

from lightleak.errors import AgentError, CredentialError, DeviceError

_SERVER_HINT = "start frida-server on the device, and check the cable or the address"
_VERSION_HINT = f"install frida-server {frida.__version__} on the device, or the Python package of the server's version"
SERVER_SILENT = "check the address, whether the server speaks TLS (--certificate), and that frida-server runs"
PROCESS_SILENT = "it may be stopped or suspended: resume it, or bring the app to the foreground"


@asynccontextmanager
async def translate_errors(
    doing: str, *, timeout_s: float | None = None, silent_hint: str = SERVER_SILENT
) -> AsyncIterator[None]:
    """Limit the block to ``timeout_s`` and turn Frida's errors into one of ours.

    ``doing`` names the block in the message; ``silent_hint`` is the remedy when nothing answers in time.
    Raises: DeviceError; AgentError when the agent itself raised.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as problem:
        waited = "in time" if timeout_s is None else f"within {timeout_s:g} s"
        raise DeviceError(f"{doing}: no answer {waited}", hint=silent_hint) from problem
    except frida.aio.RPCException as problem:
        raise AgentError(f"{doing}: the agent says {_first_line(problem)}") from problem
    except _FRIDA_ERRORS as problem:
        raise _translated(doing, problem) from problem


def _translated(doing: str, problem: Exception) -> DeviceError:
    text = _first_line(problem)
    for kind, phrase, sentence, hint in _KNOWN:
        if isinstance(problem, kind) and phrase in text.lower():
            message = f"{doing}: {sentence or text}"
            if credential := _CREDENTIALS.get(phrase):
                return CredentialError(message, credential=credential, hint=hint)
            return DeviceError(message, hint=hint)
    return DeviceError(f"{doing}: {text}")


def _first_line(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0]


_FRIDA_ERRORS = (
    frida.ServerNotRunningError,
    frida.ExecutableNotFoundError,
    frida.ExecutableNotSupportedError,
    frida.ProcessNotFoundError,
    frida.ProcessNotRespondingError,
    frida.InvalidArgumentError,
    frida.InvalidOperationError,
    frida.PermissionDeniedError,
    frida.AddressInUseError,
    frida.TimedOutError,
    frida.NotSupportedError,
    frida.ProtocolError,
    frida.TransportError,
    frida.OperationCancelledError,
)

_KNOWN: tuple[tuple[type[Exception], str, str, str], ...] = (
    (
        frida.InvalidArgumentError,
        "incorrect token",
        "the token is wrong",
        "pass the token that the server was started with (--token)",
    ),
    (
        frida.PermissionDeniedError,
        "authentication required",
        "the server requires a token",
        "pass it with --token or FRIDA_TOKEN",
    ),
    (
        frida.TransportError,
        "unacceptable tls certificate",
        "the server's certificate is not the one expected",
        "give the server's own certificate with --certificate",
    ),
    (
        frida.InvalidArgumentError,
        "failed to open file",
        "the certificate cannot be read",
        "give a PEM file with --certificate",
    ),
    (
        frida.TransportError,
        "connection reset",
        "the server closed the connection",
        "it may want TLS: give its certificate with --certificate",
    ),
    (frida.ServerNotRunningError, "error resolving", "the host name is not known", "check the address given with -H"),
    (frida.ServerNotRunningError, "", "no Frida server answers there", _SERVER_HINT),
    (frida.ProtocolError, "major versions", "the server has another Frida version", _VERSION_HINT),
    (frida.ProtocolError, "", "what answers there is not a Frida server of this version", _VERSION_HINT),
    (
        frida.PermissionDeniedError,
        "",
        "the system does not allow attaching to this process",
        "run as the same user or as root; on Linux see /proc/sys/kernel/yama/ptrace_scope; on iOS the app must be debuggable or the phone jailbroken",
    ),
    (frida.ExecutableNotFoundError, "", "there is no such program", "check the path"),
    (frida.ExecutableNotSupportedError, "", "this file is not an executable program", "name an executable"),
    (
        frida.ProcessNotRespondingError,
        "",
        "the process does not respond: it is stopped, suspended or just ending",
        "bring the app to the foreground, or resume the process",
    ),
    (
        frida.ProcessNotFoundError,
        "",
        "the process does not exist any more",
        "start it first, or use watch, which waits for it",
    ),
    (frida.TimedOutError, "", "the device gave up waiting", "bring the app to the foreground, or resume the process"),
    (frida.TransportError, "", "the connection broke", "check the cable or the network"),
)
"""Class, phrase in the lower-cased text, sentence, hint; the first match counts."""

_CREDENTIALS: dict[str, Literal["token", "certificate"]] = {
    "incorrect token": "token",
    "authentication required": "token",
    "unacceptable tls certificate": "certificate",
    "failed to open file": "certificate",
}
"""Phrase → the credential that is the problem."""
