"""Ten million hooked calls from eight threads, while the recorder's side, or the hooks themselves, come and go at random.

The agent stays, as in every recording (ADR 0040). Carriers are loaded, receive events, and vanish without notice. Each call
must be delivered or counted as lost: `delivered + lost` equals the app's own count. Where the hooks come and go, the app
notes when each call started, and each recording must have all calls between its first and its last, each once.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from standin import App, Phone
from standin.attaching import attach

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CLIENT = "5B0F4C0E-9B7E-4E5C-8C57-0A7E6F0E4B11"
LONG_S = 1200
EVENTS = 0
"""Not the id of a thread."""

Times = NDArray[np.int64]


def run() -> dict[str, Any]:
    """Measure with the full counts; a few minutes each."""
    return {"reliability_of_links": calls_under_links(10_000_000), "hooks_in_and_out": hooks_in_and_out(10_000_000)}


class Told(msgspec.Struct):
    """The needed fields of an event."""

    kind: str
    at: tuple[int, int, int, int]
    tid: int | None = None


class Carriers:
    """The carriers of one recorder, one after another."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.batches: dict[int, bytes | tuple[int, int]] = {}
        self.keeping = False
        self.last = 0
        """The highest number received."""
        self.links = 0

    def attach(self) -> None:
        """Load a carrier. The first one also loads the resident agent."""
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
        """Disconnect, as when a cable is cut."""
        self.session.detach()

    def take(self, message: Any, data: bytes | None) -> None:
        """Keep a batch, or its number of events and calls. A repeated batch counts once."""
        if data is not None:
            first, count = message["payload"]["first"], data.count(b'{"kind":"')
            self.batches[first] = data if self.keeping else (count, data.count(b'{"kind":"authorization"'))
            self.last = max(self.last, first + count - 1)

    def acknowledge(self, seconds: float, over: threading.Event) -> None:
        """Receive events for some time, and acknowledge as a recorder does."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s and not over.is_set():
            self.script.exports_sync.acknowledge(self.last)
            over.wait(0.05)

    def wait_for(self, following: int) -> None:
        """Wait until the event before a number has arrived, or no more events arrive."""
        patience_s = 2.0
        heard, end_s = self.last, time.monotonic() + patience_s
        while self.last < following - 1 and time.monotonic() < end_s:
            time.sleep(0.02)
            if self.last != heard:
                heard, end_s = self.last, time.monotonic() + patience_s

    def counts(self) -> list[tuple[int, int]]:
        """Return the number of events and of calls of each batch."""
        return [batch for batch in self.batches.values() if isinstance(batch, tuple)]

    def calls(self) -> dict[int, Times]:
        """Return thread → end times of its calls, ns of the clock that never steps; EVENTS → the number of events."""
        ends: dict[int, list[int]] = {}
        events = 0
        for batch in self.batches.values():
            assert isinstance(batch, bytes)
            told = msgspec.json.decode(batch, type=list[Told])
            events += len(told)
            for one in told:
                if one.kind == "authorization" and one.tid is not None:
                    ends.setdefault(one.tid, []).append(one.at[2] * 1_000_000_000 + one.at[3])
        return {EVENTS: np.array([events])} | {tid: np.array(times) for tid, times in ends.items()}

    def forget(self) -> None:
        """Start again with number 1."""
        self.batches.clear()
        self.last = 0


@dataclass(slots=True)
class Load:
    """Threads of an app that call in a loop."""

    carriers: Carriers
    order: dict[str, Any]
    over: threading.Event = field(default_factory=threading.Event)
    made: dict[str, Any] = field(default_factory=dict)
    caller: threading.Thread | None = None

    def begin(self) -> None:
        """Let the threads make all calls."""
        self.caller = threading.Thread(target=self._call)
        self.caller.start()

    def end(self) -> bool:
        """Wait for the threads. Return whether the app still runs."""
        assert self.caller is not None
        self.caller.join()
        return self.carriers.app.process.poll() is None

    def _call(self) -> None:
        try:
            self.made.update(self.carriers.app.order("call", timeout_s=LONG_S, what="status", **self.order))
        finally:
            self.over.set()


@contextmanager
def new_load(count: int, *, threads: int, rate: int) -> Iterator[Load]:
    """Launch an app and attach to it; ``count`` calls of all threads, ``rate`` a second."""
    with Phone(idle_s=60) as phone:
        carriers = Carriers(phone.launch("bench"))
        carriers.attach()
        times = str(phone.folder / "times")
        yield Load(carriers, {"count": count // threads, "threads": threads, "rate": rate, "times": times})
        carriers.vanish()


def calls_under_links(
    count: int, *, threads: int = 8, rate: int = 100_000, seed: int = 1, lane: str = "auto"
) -> dict[str, Any]:
    """Make calls while links come and go. Return the counts of the app and of the trace."""
    chance = random.Random(seed)
    with new_load(count, threads=threads, rate=rate) as load:
        carriers = load.carriers
        carriers.script.exports_sync.start({"lane": lane})
        before = carriers.script.exports_sync.flush()
        load.begin()
        while not load.over.is_set():
            carriers.acknowledge(chance.uniform(0.3, 2), load.over)
            carriers.vanish()
            load.over.wait(chance.uniform(0, 0.5))
            carriers.attach()
            carriers.script.exports_sync.resend(carriers.last + 1)
        lives = load.end()
        following = carriers.script.exports_sync.flush()
        carriers.wait_for(following)
        carriers.script.exports_sync.stop()
    events, told = (sum(column) for column in zip(*carriers.counts(), strict=True))
    lost = following - 1 - events
    return {
        "calls": load.made["calls"],
        "delivered": told,
        "lost": lost,
        "links": carriers.links,
        "events_of_the_agents_own": following - before - load.made["calls"],
        "unaccounted": load.made["calls"] - told - lost,
        "app_lives": lives,
    }


def hooks_in_and_out(
    count: int, *, threads: int = 8, rate: int = 100_000, seed: int = 1, lane: str = "auto"
) -> dict[str, Any]:
    """Remove and install the hooks again during calls. Return the counts of the app and of the traces."""
    chance = random.Random(seed)
    recordings = []
    with new_load(count, threads=threads, rate=rate) as load:
        carriers = load.carriers
        carriers.keeping = True
        load.begin()
        while not load.over.is_set():
            carriers.script.exports_sync.start({"lane": lane})
            carriers.acknowledge(chance.uniform(0.05, 1), load.over)
            following = carriers.script.exports_sync.stop()
            carriers.wait_for(following)
            recordings.append((following - 1, carriers.calls()))
            carriers.script.exports_sync.acknowledge(following - 1)
            carriers.vanish()
            carriers.forget()
            carriers.attach()
        lives = load.end()
        begun = read_times(Path(load.order["times"]))
    accounts = [account(numbers, told, begun) for numbers, told in recordings]
    sums = {name: sum(one[name] for one in accounts) for name in accounts[0]}
    unseen = max(0, *(one["missing"] - one["lost"] for one in accounts))
    return {"calls": load.made["calls"], "rounds": len(recordings), **sums, "unaccounted": unseen, "app_lives": lives}


def read_times(path: Path) -> dict[int, Times]:
    """Return thread id → start times of its calls."""
    words, threads, at = np.fromfile(path, dtype=np.int64), {}, 0
    while at < len(words):
        tid, count = int(words[at]), int(words[at + 1])
        threads[tid] = words[at + 2 : at + 2 + count]
        at += 2 + count
    return threads


def account(numbers: int, told: dict[int, Times], begun: dict[int, Times]) -> dict[str, int]:
    """Compare one recording with the app.

    ``missing``: calls without an event, between the first and the last call with one in a thread. ``twice``: events of a
    call that already has one, or of no call. ``lost``: numbers that never arrived.
    """
    figures = {"told": 0, "missing": 0, "twice": 0, "lost": numbers - int(told.pop(EVENTS)[0])}
    for tid, ends in told.items():
        # A call's event is stamped before the call returns, so its call is the last that had started.
        which = np.searchsorted(begun[tid], np.sort(ends), side="right") - 1
        distinct = len(np.unique(which))
        figures["told"] += len(which)
        figures["twice"] += len(which) - distinct
        figures["missing"] += int(which[-1] - which[0] + 1) - distinct
    return figures
