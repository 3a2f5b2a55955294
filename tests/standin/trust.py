"""tccd: what the user has allowed each app, and what they answer when asked."""

from __future__ import annotations

from .wire import Message, Wire

STATUS = {"not-determined": 0, "restricted": 1, "denied": 2, "authorized": 3, "limited": 4}


class Trust:
    """Permissions by bundle identifier. Apps without an entry may read everything."""

    def __init__(self) -> None:
        self._status: dict[str, int] = {}
        self._answers: dict[str, int] = {}

    def set(self, identifier: str, status: str, *, when_asked: str = "authorized") -> None:
        """Set an app's permission, and what the user answers when it asks."""
        self._status[identifier] = STATUS[status]
        self._answers[identifier] = STATUS[when_asked]

    def answer(self, wire: Wire, message: Message) -> None:
        """Answer a process that asks for its status, or that prompts the user."""
        identifier = message["identifier"]
        status = self._status.get(identifier, STATUS["authorized"])
        if message["do"] == "prompt" and status == 0:
            status = self._status[identifier] = self._answers.get(identifier, STATUS["authorized"])
        wire.send({"re": message["request"], "status": status})
