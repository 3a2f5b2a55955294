"""One connection of a logging process: what it may say, and what ends its intervals.

Source: call graphs of the daemon in iOS 18 (accessor forced to the caller, intervals end with suspension and connection).
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from typing import Any

from .clients import Client, client_of, is_suspended
from .store import Record, Store

# What an app may log without an entitlement: what it needs a permission for.
_SERVICES = {"kTCCServicePhotos": "photos", "kTCCServiceAddressBook": "contacts"}


def noted(identifier: str) -> str:
    """Return the identifier under which an access is noted: the app's own, unless this phone has another habit."""
    if ",identifiers-replaced," not in os.environ.get("STANDIN_QUIRKS", ""):
        return identifier
    return str(uuid.uuid5(uuid.UUID(identifier), "noted")).upper()


class Session:
    """Intervals begun over one connection end with it, or when the process is suspended."""

    def __init__(self, connection: socket.socket, store: Store) -> None:
        self.connection = connection
        self.client: Client = client_of(connection)
        self.store = store
        self.began: set[str] = set()
        self._rest = b""

    def lines(self) -> list[dict[str, Any]] | None:
        """Read what has come; null when the other end has gone."""
        data = self.connection.recv(65536)
        if not data:
            return None
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in whole if line.strip()]

    def log(self, message: dict[str, Any]) -> None:
        """Keep a begin or end that the process logs. Its own name is put over what it says unless it is a daemon."""
        identifier = noted(message["identifier"])
        begin = self.store.open.get(identifier)
        if message["kind"] == 3:
            if begin is not None and begin.identifier in self.began:
                self.store.end(begin, "idle")
            return
        accessor = message["accessor"]["identifier"] if self.client.entitled else self.client.identifier
        picker = message.get("picker")
        category = _SERVICES.get(message.get("service", ""), "unknown") if picker is None else "photos"
        if not accessor or message["kind"] != 2 or (picker is not None and not self.client.entitled):
            return
        self.began.add(identifier)
        self.store.add(
            Record(
                wall_ns=time.time_ns(),
                identifier=identifier,
                kind=2,
                accessor=accessor,
                category=category,
                service=message.get("service"),
                out_of_process=picker is not None,
                writer_pid=self.client.pid,
                writer=self.client.executable,
                reason="again" if message.get("reason") else "logged",
            ),
        )

    def end_all(self, reason: str) -> None:
        """End the intervals of this connection now."""
        for identifier in sorted(self.began & self.store.open.keys()):
            self.store.end(self.store.open[identifier], reason)
        self.began.clear()

    def end_if_suspended(self) -> None:
        """End the intervals of a process that has been suspended."""
        if self.began & self.store.open.keys() and is_suspended(self.client.pid):
            self.end_all("suspended")
