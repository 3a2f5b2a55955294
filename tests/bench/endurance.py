"""Ten million hooked calls from eight threads, while the recorder's side comes and goes at random.

The agent stays, as in every recording (ADR 0040); carriers are loaded, take events, and vanish without a word. Each call
must be told or counted as lost: `delivered + lost` against the app's own count. Then the hooks themselves are taken out
and put in again while the same threads go on, which only has to leave the app alive.
"""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

from standin import App, Phone
from standin.attaching import attach

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CLIENT = "5B0F4C0E-9B7E-4E5C-8C57-0A7E6F0E4B11"
LONG = 600


def run() -> dict[str, Any]:
    """Take the counts of the issue; about a minute each."""
    return {"reliability_of_links": calls_under_links(10_000_000), "hooks_in_and_out": hooks_in_and_out(2_000_000)}


class Carriers:
    """One carrier after another of the same recorder."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.batches: dict[int, tuple[int, int]] = {}
        self.next = 1
        self.dropped = 0
        self.links = 0

    def attach(self) -> None:
        """Load a carrier; the first one makes the resident that it carries for."""
        self.session = attach(self.app.pid)
        self.script = self.load()
        if self.script.exports_sync.describe({"client": CLIENT})["resident"] is False:
            resident = self.load()
            resident.exports_sync.reside()
            resident.eternalize()
            self.script.exports_sync.describe({"client": CLIENT})
        self.links += 1

    def load(self) -> Any:
        """Load one copy of the agent."""
        script = self.session.create_script(AGENT.read_text(encoding="utf-8"))
        script.on("message", self.take)
        script.load()
        return script

    def vanish(self) -> None:
        """Go, as a cut cable does."""
        self.session.detach()

    def take(self, message: Any, data: bytes | None) -> None:
        """Keep the numbers of a batch and how many calls it tells of; twice the same is once."""
        payload = message.get("payload", {})
        if data is not None:
            self.batches[payload["first"]] = (data.count(b'{"kind":"'), data.count(b'{"kind":"authorization"'))
        elif payload.get("type") == "beat":
            self.next, self.dropped = payload["next"], payload["dropped"]["count"]

    @property
    def last(self) -> int:
        """The highest number that has come."""
        return max((first + count - 1 for first, (count, _) in list(self.batches.items())), default=0)

    def acknowledge(self, seconds: float, over: threading.Event) -> None:
        """Take events for so long, acknowledging as a recorder does."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s and not over.is_set():
            self.script.exports_sync.acknowledge(self.last)
            over.wait(0.05)


def calls_under_links(
    count: int, *, threads: int = 8, rate: int = 100_000, seed: int = 1, lane: str = "auto"
) -> dict[str, Any]:
    """Make calls while links come and go; returns what the app and the trace say."""
    chance = random.Random(seed)
    load = {"count": count // threads, "threads": threads, "rate": rate}
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        carriers = Carriers(app)
        carriers.attach()
        carriers.script.exports_sync.start({"lane": lane})
        before = carriers.script.exports_sync.flush()
        made: dict[str, Any] = {}
        over = threading.Event()
        caller = threading.Thread(target=_call, args=(app, made, over, load))
        caller.start()
        while not over.is_set():
            carriers.acknowledge(chance.uniform(0.3, 2), over)
            carriers.vanish()
            over.wait(chance.uniform(0, 0.5))
            carriers.attach()
            carriers.script.exports_sync.resend(carriers.last + 1)
        caller.join()
        following = carriers.script.exports_sync.flush()
        _until(lambda: carriers.last == following - 1)
        lives = app.process.poll() is None
        carriers.script.exports_sync.stop()
        carriers.vanish()
    told = sum(calls for _, calls in carriers.batches.values())
    events = sum(n for n, _ in carriers.batches.values())
    lost = following - 1 - events
    return {
        "calls": made["calls"],
        "delivered": told,
        "lost": lost,
        "links": carriers.links,
        "events_of_the_agents_own": following - before - made["calls"],
        "unaccounted": made["calls"] - told - lost,
        "app_lives": lives,
    }


def hooks_in_and_out(
    count: int, *, threads: int = 8, rate: int = 100_000, seed: int = 1, lane: str = "auto"
) -> dict[str, Any]:
    """Take the hooks out and put them in again while calls go on."""
    chance = random.Random(seed)
    load = {"count": count // threads, "threads": threads, "rate": rate}
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        over, rounds = threading.Event(), 0
        made: dict[str, Any] = {}
        caller = threading.Thread(target=_call, args=(app, made, over, load))
        carriers = Carriers(app)
        carriers.attach()
        caller.start()
        while not over.is_set():
            carriers.script.exports_sync.start({"lane": lane})
            carriers.acknowledge(chance.uniform(0.05, 1), over)
            following = carriers.script.exports_sync.stop()
            carriers.script.exports_sync.acknowledge(following)
            carriers.vanish()
            carriers.attach()
            carriers.batches.clear()
            rounds += 1
        caller.join()
        return {"calls": made["calls"], "rounds": rounds, "app_lives": app.process.poll() is None}


def _call(app: App, made: dict[str, Any], over: threading.Event, load: dict[str, int]) -> None:
    try:
        made.update(app.order("call", timeout_s=LONG, what="status", **load))
    finally:
        over.set()


def _until(condition: Any, within_s: float = 20) -> None:
    end_s = time.monotonic() + within_s
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.05)
