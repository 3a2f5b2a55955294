"""The time from attaching to an app until it is watched with the whole catalogue, compared with an empty script, in one run.

Each round launches the app anew for each script, one after the other, so that what else the machine does meets all alike. `ratio` is the
median of the rounds' ratios. `compiled` is the agent as bytecode, which the recorder loads over a server once the device's Frida has
compiled it (`device/compiled_scripts`); here this process compiles it, before the rounds. With LIGHTLEAK_OTHER_AGENT=FILE, another build of the agent is measured too: `to_other` is ours divided
by it.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Any

import frida

from standin import Phone
from standin.attaching import attach

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
ROUNDS = 15
SETTLED_S = 0.4
"""After which an app that was launched has nothing left to do."""

EMPTY = "rpc.exports = { start() {} };"


def run(rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure attach to ready; times in ms, medians."""
    source = AGENT.read_text(encoding="utf-8")
    scripts: dict[str, str | bytes] = {"empty": EMPTY, "agent": source, "compiled": _compiled(source)}
    if other := os.environ.get("LIGHTLEAK_OTHER_AGENT"):
        scripts["other"] = Path(other).read_text(encoding="utf-8")
    times: dict[str, list[tuple[float, float, float]]] = {name: [] for name in scripts}
    with Phone(idle_s=60) as phone:
        for _ in range(rounds):
            for name, source in scripts.items():
                times[name].append(_once(phone, source))
    figures: dict[str, Any] = {
        name: dict(zip(("attach_ms", "load_ms", "start_ms"), map(_median, zip(*all_, strict=True)), strict=True))
        for name, all_ in times.items()
    }
    figures["to_empty"] = _ratio(times["agent"], times["empty"])
    figures["compiled_to_empty"] = _ratio(times["compiled"], times["empty"])
    if "other" in times:
        figures["to_other"] = _ratio(times["agent"], times["other"])
        figures["start_to_other"] = _ratio([one[2:] for one in times["agent"]], [one[2:] for one in times["other"]])
    return figures | {"script_bytes": AGENT.stat().st_size}


def _compiled(source: str) -> bytes:
    session = frida.get_local_device().attach(0)
    try:
        compiled: bytes = session.compile_script(source, name="lightleak")
        return compiled
    finally:
        session.detach()


def _once(phone: Phone, source: str | bytes) -> tuple[float, float, float]:
    app = phone.launch("quicksend")
    time.sleep(SETTLED_S)
    begun = time.perf_counter()
    session = attach(app.pid)
    attached = time.perf_counter()
    script = session.create_script(source) if isinstance(source, str) else session.create_script_from_bytes(source)
    script.on("message", lambda _message, _data: None)
    script.load()
    loaded = time.perf_counter()
    script.exports_sync.start({})
    ready = time.perf_counter()
    app.process.kill()
    app.process.wait()
    return attached - begun, loaded - attached, ready - loaded


def _median(seconds: tuple[float, ...]) -> float:
    return round(statistics.median(seconds) * 1e3, 1)


def _ratio(ours: Any, theirs: Any) -> float:
    return round(statistics.median(sum(a) / sum(b) for a, b in zip(ours, theirs, strict=True)), 2)
