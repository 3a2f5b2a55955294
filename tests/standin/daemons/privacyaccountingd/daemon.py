"""The process: listens on one Unix socket, watches its clients, and exports on request.

`STANDIN_RUN` names the folder of sockets and of the store, `STANDIN_TIME_ZONE` the device's zone.
"""

from __future__ import annotations

import ctypes
import json
import os
import selectors
import signal
import socket
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .export import export
from .segb import write_store
from .sessions import Session
from .store import Store

_WATCH_S = 0.05  # how often clients with open intervals are looked at
_PR_SET_PDEATHSIG = 1


class Daemon:
    """All state of privacyaccountingd."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        home = folder / "PrivacyAccounting"
        home.mkdir(mode=0o700, exist_ok=True)
        self.zone = zone
        self.store = Store(home / "records.ndjson")
        self.store.finalise()
        self.network: list[dict[str, Any]] = []
        self.sessions: set[Session] = set()
        self.selector = selectors.DefaultSelector()
        path = folder / "privacyaccountingd.sock"
        path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(64)
        self.selector.register(self.listener, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the process is killed."""
        while True:
            for key, _ in self.selector.select(_WATCH_S if self.store.open else None):
                if key.fileobj is self.listener:
                    self.accept()
                else:
                    self.read(key.data)
            for session in self.sessions:
                session.end_if_suspended()

    def accept(self) -> None:
        """Begin a session."""
        session = Session(self.listener.accept()[0], self.store)
        self.sessions.add(session)
        self.selector.register(session.connection, selectors.EVENT_READ, session)

    def read(self, session: Session) -> None:
        """Take a session's messages; end it when the process has gone."""
        try:
            messages = session.lines()
        except ConnectionError:
            messages = None
        if messages is None:
            session.end_all("died")
            self.sessions.discard(session)
            self.selector.unregister(session.connection)
            session.connection.close()
            return
        for message in messages:
            self.obey(session, message)

    def obey(self, session: Session, message: dict[str, Any]) -> None:
        """Do what a message asks."""
        if message["do"] == "log":
            session.log(message)
        elif message["do"] == "network":
            self.network.append(message["row"])
        elif message["do"] == "export":
            self.answer(session, message, export(Path(message["folder"]), self.store.records, self.network, self.zone))
        elif message["do"] == "store":
            self.answer(session, message, write_store(Path(message["folder"]), self.store.records, message["deleted"]))

    def answer(self, session: Session, message: dict[str, Any], path: Path) -> None:
        """Tell where what was asked for lies."""
        session.connection.sendall(json.dumps({"re": message["request"], "path": str(path)}).encode() + b"\n")


def main() -> None:
    """Run the daemon; it ends with the process that started it."""
    driver = os.environ.get("STANDIN_DRIVER")
    if driver is not None:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(driver):
            return
    zone = ZoneInfo(os.environ.get("STANDIN_TIME_ZONE", "UTC"))
    Daemon(Path(os.environ["STANDIN_RUN"]), zone).run()
