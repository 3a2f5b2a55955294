"""The driver's ends of the stand-in's connections: one JSON object a line over Unix sockets."""

from __future__ import annotations

import itertools
import json
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .waiting import within

Message = dict[str, Any]


class Wire:
    """A connection. Messages with `re` answer a request; others go to the handler, on the connection's thread."""

    def __init__(self, connection: socket.socket, handler: Callable[[Wire, Message], None] | None = None) -> None:
        self._socket = connection
        self._handler = handler
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._answers: dict[int, Message] = {}
        self._sending = threading.Lock()
        self.closed = False
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def peer_pid(self) -> int:
        """The process at the other end, as the kernel knows it."""
        pid, _, _ = struct.unpack("3i", self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return int(pid)

    def _read(self) -> None:
        try:
            with self._socket.makefile("rb") as lines:
                for line in lines:
                    self._take(json.loads(line))
        except (OSError, ValueError):
            pass
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def _take(self, message: Message) -> None:
        if "re" in message:
            with self._changed:
                self._answers[message["re"]] = message
                self._changed.notify_all()
        elif self._handler is not None:
            self._handler(self, message)

    def send(self, message: Message) -> None:
        """Send without waiting. A message that cannot be sent is dropped, and `closed` is set soon after."""
        try:
            with self._sending:
                self._socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            return

    def request(self, message: Message, timeout_s: float = 10.0) -> Message:
        """Send, and wait for the answer. Raises: TimeoutError, or ConnectionError when the other end is closed."""
        number = next(self._numbers)
        self.send(message | {"request": number})
        with self._changed:
            if not self._changed.wait_for(lambda: number in self._answers or self.closed, within(timeout_s)):
                raise TimeoutError(f"no answer to {message}")
            if number not in self._answers:
                raise ConnectionError(f"the other end has gone before it answered {message}")
            return self._answers.pop(number)

    def close(self) -> None:
        """Close the connection."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def connect(path: Path) -> Wire:
    """Connect to a listening socket."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(path))
    return Wire(connection)


class Listener:
    """Accepts connections on a path until it is closed."""

    def __init__(self, path: Path, handler: Callable[[Wire, Message], None]) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(64)
        self._handler = handler
        self.wires: list[Wire] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.wires.append(Wire(connection, self._handler))

    def close(self) -> None:
        """Stop listening, and close all connections."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for wire in self.wires:
            wire.close()
