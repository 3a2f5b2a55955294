"""The real agent in a real process of the stand-in phone, and the app's own account beside what the agent says."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

import frida

from standin import App, Phone
from standin.attaching import attach
from standin.waiting import account, until, within

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CALLBACK = "photoLibraryDidChange:"

Event = dict[str, Any]


def bounded(call: Callable[[], object], seconds: float = 2) -> None:
    """Wait for a call for so long, and then go on without it."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(within(seconds))


class Watch:
    """Inside it, `app` is watched; events carry their transport number as `number`."""

    lane = "auto"

    def __init__(self, app: App, **options: object) -> None:
        """Take the options of `start()`."""
        self.app = app
        self.events: list[Event] = []
        self.beats: list[Event] = []
        self.faults: list[str] = []
        self.reasons: list[tuple[str, Any]] = []
        self.options = {"lane": self.lane, **options}
        self.loaded = False

    def __enter__(self) -> Self:
        self.session = attach(self.app.pid)
        self.session.on("detached", lambda reason, crash: self.reasons.append((reason, crash)))
        self.load()
        self.answer = self.call("start", self.options)
        self.call("flush")
        return self

    def load(self) -> None:
        """Load the agent without starting it."""
        self.script = self.session.create_script(AGENT.read_text(encoding="utf-8"))
        self.script.on("message", self._take)
        self.script.load()
        self.loaded = True

    def __exit__(self, *_: object) -> None:
        if self.app.process.poll() is None:
            self.end()

    def end(self) -> None:
        """Stop and unload. Frida's own library stays until the app ends, as it does under a recording.

        Where it is unmapped while a thread is on its way out of a hook, the app dies, of an empty script's hooks too
        (docs/measurements.md).
        """
        if self.loaded:
            self.loaded = False
            self.call("stop")
            # A test that fails must not wait for an unload that hangs.
            bounded(self.script.unload)

    def call(self, name: str, *arguments: object) -> Any:
        """Call an export. Errors: AssertionError, which says how the app ended."""
        try:
            return getattr(self.script.exports_sync, name)(*arguments)
        except frida.InvalidOperationError as problem:
            code, reason = self.app.process.poll(), self.reasons[-1:]
            raise AssertionError(
                f"{name}: {problem}; the app's exit code is {code}, the session's end {reason}"
            ) from None

    def of(self, *kinds: str, **values: object) -> list[Event]:
        """Return the events of some kinds so far that have these values."""
        return [
            event
            for event in list(self.events)
            if event["kind"] in kinds and all(event.get(key) == value for key, value in values.items())
        ]

    def until(self, look: Callable[[], Any]) -> Any:
        """Wait for something among the events."""

        def flushed() -> Any:
            self.call("flush")
            return look()

        return until(flushed)

    def _take(self, message: Any, data: bytes | None) -> None:
        if message["type"] != "send":
            self.faults.append(str(message))
            return
        payload = message["payload"]
        if payload["type"] == "batch":
            assert data is not None
            items = json.loads(data)
            if isinstance(items[0], list):  # where the agent placed them
                del items[0]
            for number, event in enumerate(items, payload["first"]):
                self.events.append({**event, "number": number})
        elif payload["type"] == "beat":
            self.beats.append(payload)
        else:
            self.faults.append(payload["message"])


def called(phone: Phone, app: App) -> Counter[str]:
    """Count what the app says it called, by symbol."""
    return Counter(call["symbol"] for call in account(phone, app, "call"))


def seen(watch: Watch, symbols: Iterable[str] | None = None) -> Counter[str]:
    """Count what the agent says the app called, by symbol: accesses, and observers that came and went."""
    names = {
        ("registered", "change"): "-[PHPhotoLibrary registerChangeObserver:]",
        ("unregistered", "change"): "-[PHPhotoLibrary unregisterChangeObserver:]",
        ("registered", "availability"): "-[PHPhotoLibrary registerAvailabilityObserver:]",
    }
    counts = Counter(event["symbol"] for event in watch.of("access"))
    counts += Counter(
        names[event["action"], event["type"]] for event in watch.of("observer") if event["action"] != "found"
    )
    return counts if symbols is None else Counter({symbol: n for symbol, n in counts.items() if symbol in set(symbols)})
