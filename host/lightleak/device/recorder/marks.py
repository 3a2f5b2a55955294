"""Marks from another terminal: one Unix socket for each recording, for its owner only.

The socket's name follows from the session file's name, so that it is found without a list. One line of JSON each way.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from lightleak.errors import DeviceError, LightleakError, UsageError

LABEL_MAX = 500
_LINE_MAX = 16_384
_ANSWER_S = 3.0
_NONE_HINT = "start one with lightleak record or watch, or name its file with --session"


def runtime_folder() -> Path:
    """Return the user's own folder for sockets, mode 0700; make it if needed. Raises: DeviceError when it is not private."""
    if not hasattr(os, "getuid"):
        raise DeviceError("marks need Unix sockets", hint="record on Linux or macOS to use them")
    base = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(base) / "lightleak" if base else Path(tempfile.gettempdir()) / f"lightleak-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as problem:
        raise DeviceError(f"{folder} cannot be made ({problem.strerror})", hint="set XDG_RUNTIME_DIR") from problem
    # Any user could make a folder of this name in /tmp first.
    if folder.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise DeviceError(f"{folder} is not a private folder of this user", hint="remove it, or set XDG_RUNTIME_DIR")
    return folder


def socket_path(session: Path) -> Path:
    """Return the path of the socket of the recording that writes ``session``. Raises: DeviceError."""
    name = hashlib.sha256(os.fsencode(session.resolve())).hexdigest()[:16]
    return runtime_folder() / f"{name}.sock"


@asynccontextmanager
async def listening(session: Path, mark: Callable[[str], dict[str, Any]]) -> AsyncIterator[None]:
    """Take marks for ``session`` while inside; ``mark(label)`` records one and returns the answer. Raises: DeviceError."""
    path = socket_path(session)
    path.unlink(missing_ok=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            line = await asyncio.wait_for(reader.readline(), _ANSWER_S)
            writer.write(msgspec.json.encode(_answer(line, session, mark)) + b"\n")
            await writer.drain()
        writer.close()

    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path, limit=_LINE_MAX)
    except OSError as problem:
        # Without strerror: Python itself refuses a path that is too long for a socket.
        reason = problem.strerror or problem
        raise DeviceError(f"marks cannot be taken ({reason})", hint="set XDG_RUNTIME_DIR to a short path") from problem
    finally:
        os.umask(before)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


def _answer(line: bytes, session: Path, mark: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    try:
        request = msgspec.json.decode(line, type=dict[str, str])
        return mark(check_label(request["label"])) if "label" in request else {"session": str(session)}
    except LightleakError as problem:
        return {"problem": problem.message, "hint": problem.hint}
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {"problem": "this is not a mark", "hint": "use lightleak mark"}


def check_label(label: str) -> str:
    """Return the label. Raises: UsageError when it is empty or too long."""
    if not label.strip() or len(label) > LABEL_MAX:
        raise UsageError(f"a label has 1 to {LABEL_MAX} characters", hint="describe in a few words what happened")
    return label


def send_mark(label: str, session: Path | None) -> dict[str, Any]:
    """Have the running recorder add a mark; return its ``segment`` and ``seq``. Raises: DeviceError, UsageError."""
    check_label(label)
    if session is None:
        session = _only_recording()
    try:
        answer = _ask(socket_path(session), {"label": label})
    except OSError as problem:
        raise DeviceError(f"nothing is being recorded into {session}", hint=_NONE_HINT) from problem
    if "problem" in answer:
        raise DeviceError(str(answer["problem"]), hint=str(answer.get("hint", "")))
    return answer


def _only_recording() -> Path:
    sessions = []
    for path in sorted(runtime_folder().glob("*.sock")):
        with contextlib.suppress(OSError):
            try:
                sessions.append(str(_ask(path, {})["session"]))
            except ConnectionRefusedError:
                # Left behind by a recorder that was killed.
                path.unlink()
    if len(sessions) == 1:
        return Path(sessions[0])
    if sessions:
        raise DeviceError("several recordings are running", hint="choose with --session: " + ", ".join(sessions))
    raise DeviceError("nothing is being recorded", hint=_NONE_HINT)


def _ask(path: Path, request: dict[str, str]) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_ANSWER_S)
        connection.connect(str(path))
        connection.sendall(msgspec.json.encode(request) + b"\n")
        line = connection.makefile("rb").readline(_LINE_MAX)
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise OSError("the recorder did not answer") from problem
