"""Does the app live when hooks are put in and taken out while eight threads call the hooked functions all the time?

Each round attaches a script, starts the agent, waits for up to 30 ms, stops it and unloads it, in the stand-in's bench app,
whose threads hand work on, query, read the permission, request images and their data, get them, and are called back, without a pause;
`swift`: in swiftapp, whose threads make Swift tasks in
and outside of callbacks, which read and make more; null where there is no Swift. A round in which the app dies is a crash; the
next one has a new app. ``how``: its exit code, and what it wrote last.
"""

from __future__ import annotations

import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import frida

from standin import App, Phone
from standin.attaching import attach
from standin.swift import why_no_swift

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
THREADS = 8
CALLS = 20_000
MOST_BYTES = 1 << 30
"""swiftapp grows by some 400 MB a second while it makes tasks, without an agent too: then a new one takes its place."""


def run(rounds: int = 1000) -> dict[str, Any]:
    """Measure both lanes, and Swift. Return lane → figures."""
    lanes = {lane: comings_and_goings(rounds, lane) for lane in ("c", "js")}
    return {**lanes, "swift": None if why_no_swift() else comings_and_goings(rounds, "c", busy_with=BusySwift)}


def comings_and_goings(rounds: int, lane: str, seed: int = 1, busy_with: type[Busy] | None = None) -> dict[str, Any]:
    """Put the hooks in and take them out so often; return how often the app died."""
    chance = random.Random(seed)
    crashes: list[str] = []
    failed: list[str] = []
    source = AGENT.read_text(encoding="utf-8")
    calls, begun = 0, time.monotonic()
    with Phone(idle_s=60) as phone:
        busy = (busy_with or Busy)(phone)
        for _ in range(rounds):
            try:
                come_and_go(busy.app, source, lane, chance.uniform(0, 0.03))
            except (frida.InvalidOperationError, frida.TransportError, frida.ProcessNotFoundError) as problem:
                failed.append(str(problem))
                time.sleep(0.2)  # where the app is dying, its end is not to be seen at once
            died = busy.app.process.poll() is not None
            if died:
                crashes.append(f"exit code {busy.app.process.returncode}{last_line(busy.app)}")
            if died or resident_bytes(busy.app) > MOST_BYTES:
                calls += busy.end()
                busy = (busy_with or Busy)(phone)
        calls += busy.end()
    return {
        "rounds": rounds,
        "threads": THREADS,
        "crashes": len(crashes),
        "how": sorted(set(crashes)),
        "failed": len(failed),
        "calls": calls,
        "seconds": round(time.monotonic() - begun),
    }


def last_line(app: App) -> str:
    """Return what an app wrote last, after a colon: of an exception that nothing catches, its reason. Empty where it wrote nothing."""
    lines = app.log.read_text(encoding="utf-8", errors="replace").split("\n") if app.log.exists() else []
    written = [line.strip() for line in lines if line.strip()]
    return f": {written[-1][:300]}" if written else ""


def resident_bytes(app: App) -> int:
    """Return how much memory an app has."""
    pages = int(Path(f"/proc/{app.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def come_and_go(app: App, source: str, lane: str, stay_s: float) -> None:
    """Attach, stay for some time, and leave."""
    session = attach(app.pid)
    script = session.create_script(source)
    script.load()
    script.exports_sync.start({"lane": lane})
    time.sleep(stay_s)
    script.exports_sync.stop()
    script.unload()


class Busy:
    """An app whose eight threads call all the time."""

    what = "mixed"

    def __init__(self, phone: Phone) -> None:
        """Launch it."""
        self.app = self._launch(phone)
        self.calls = 0
        self.over = False
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def end(self) -> int:
        """Stop; return how many calls it has made."""
        self.over = True
        self.thread.join()
        if self.app.process.poll() is None:
            self.app.kill()
        return self.calls

    def _launch(self, phone: Phone) -> App:
        return phone.launch("bench")

    def _round(self) -> int:
        answer = self.app.order("call", what=self.what, count=CALLS // THREADS, threads=THREADS, timeout_s=120)
        return int(answer["calls"])

    def _work(self) -> None:
        while not self.over and self.app.process.poll() is None:
            try:
                self.calls += self._round()
            except (ConnectionError, TimeoutError):
                return


class BusySwift(Busy):
    """An app whose eight threads make Swift tasks all the time."""

    def _launch(self, phone: Phone) -> App:
        app = phone.launch("swiftapp")
        app.order("load")
        app.order("pattern", number=61)
        return app

    def _round(self) -> int:
        self.app.order("empty", threads=THREADS, count=500, timeout_s=120)
        self.app.order("many", threads=THREADS, count=1, timeout_s=120)
        return THREADS * (500 + 125)
