"""The cost that the agent adds to a hooked call, compared with frida-trace's default handler on the same method, in one run.

Each method of the stand-in is called without hooks, traced by `frida-trace -a MODULE!OFFSET`, and watched by the agent in each
of its modes, in turns. The added cost is with hooks minus without, ns, each the best of three: of a call on the clock (median and
p99), and of the calling threads' processor time (mean), which counts nothing that another process takes. `ratio` is the agent's added
cost divided by frida-trace's with that method only, `like_ratio` divided by frida-trace's with every function in the call that
the agent hooks too: of a request, the code of its handler. A ratio is null where frida-trace added nothing that shows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from standin import App, Phone
from standin.attaching import attach

ROOT = Path(__file__).parents[2]
AGENT = ROOT / "host" / "lightleak" / "assets" / "agent.js"
CALLS = 20_000
ROUNDS = 3

METHODS = {
    "callback": ("EmptyObserver", "photoLibraryDidChange:", False),
    "status": ("PHPhotoLibrary", "authorizationStatus", True),
    "fetch": ("PHAsset", "fetchAssetsWithLocalIdentifiers:options:", True),
    "query": ("PHQuery", "executeQuery", False),
    "data": ("PHImageManager", "requestImageDataAndOrientationForAsset:options:resultHandler:", False),
    "image": ("PHImageManager", "requestImageForAsset:targetSize:contentMode:options:resultHandler:", False),
}

ACCOUNTING = ("PACoalescingIntervalTracker", "coalesce:", False)
FUNCTION = ""
"""In place of a class: a function of the app, by its symbol."""
LIKE = {
    "fetch": (METHODS["fetch"], METHODS["query"], ACCOUNTING),
    "query": (METHODS["query"], ACCOUNTING),
    "data": (METHODS["data"], (FUNCTION, "__call_data_block_invoke", False)),
    "image": (METHODS["image"], (FUNCTION, "__call_image_block_invoke", False)),
}
"""All that the agent hooks within a call, if that is a plain method or the handler that the call is given."""

FIGURES = ("p50_ns", "p99_ns", "cpu_ns")

FIND = """
const libobjc = Process.getModuleByName('libobjc.A.dylib');
const f = (name, result, args) => new NativeFunction(libobjc.getExportByName(name), result, args);
const place = (address) => {
  const module = Process.getModuleByAddress(address);
  return `${module.name}!0x${address.sub(module.base).toString(16)}`;
};
rpc.exports = { find(cls, sel, meta) {
  if (cls === '') return place(DebugSymbol.fromName(sel).address);
  const c = f('objc_lookUpClass', 'pointer', ['pointer'])(Memory.allocUtf8String(cls));
  const home = meta ? f('object_getClass', 'pointer', ['pointer'])(c) : c;
  const s = f('sel_registerName', 'pointer', ['pointer'])(Memory.allocUtf8String(sel));
  const method = f('class_getInstanceMethod', 'pointer', ['pointer', 'pointer'])(home, s);
  return place(f('method_getImplementation', 'pointer', ['pointer'])(method));
} };
"""


def run(calls: int = CALLS) -> dict[str, Any]:
    """Measure every method. Return method → figures."""
    with Phone(idle_s=60) as phone:
        # A new app for each: Frida may not answer one that was attached to very often.
        methods = {what: _measure(phone.launch("bench"), what, calls) for what in METHODS}
        all_ratios = [figures["threads_1"]["js"]["ratio"] for figures in methods.values()]
        ratios = [ratio for ratio in all_ratios if ratio is not None]
        return methods | {
            "js_ratio_mean": round(sum(ratios) / len(ratios), 3),
            "first_event": _first_event(phone),
            "script_bytes": AGENT.stat().st_size,
        }


def _measure(app: App, what: str, calls: int, rounds: int = ROUNDS) -> dict[str, Any]:
    count = calls if what in ("status", "fetch", "query") else calls // 10
    return {f"threads_{threads}": _compared(app, what, count, threads, rounds) for threads in (1, 4)}


def _compared(app: App, what: str, count: int, threads: int, rounds: int) -> dict[str, Any]:
    """Measure in turns, so that each has its best round in the same minute as the others."""
    hooks: dict[str, Callable[[], AbstractContextManager[Any]]] = {
        "bare": nullcontext,
        "trace": lambda: _traced(app, METHODS[what]),
        "c": lambda: _watched(app, "c"),
        "js": lambda: _watched(app, "js"),
    }
    if what in LIKE:
        hooks["like"] = lambda: _traced(app, *LIKE[what])
    all_rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in hooks}
    events = dict.fromkeys(hooks, 0)
    for _ in range(rounds):
        for name, hooked in hooks.items():
            with hooked() as found:
                all_rounds[name].append(_figures(app, what, count, threads))
            events[name] += found[0] if found is not None else 0
    best = {name: {key: min(one[key] for one in of) for key in FIGURES} for name, of in all_rounds.items()}
    bare, traced = best["bare"], best["trace"]
    like = best.get("like", traced)
    lanes = {
        lane: {
            "agent_ns": best[lane]["p50_ns"] - bare["p50_ns"],
            "ratio": _ratio("p50_ns", best[lane], traced, bare),
            "like_ratio": _ratio("p50_ns", best[lane], like, bare),
            "agent_p99_ns": best[lane]["p99_ns"] - bare["p99_ns"],
            "p99_ratio": _ratio("p99_ns", best[lane], traced, bare),
            "like_p99_ratio": _ratio("p99_ns", best[lane], like, bare),
            "agent_cpu_ns": round(best[lane]["cpu_ns"] - bare["cpu_ns"]),
            "like_cpu_ratio": _ratio("cpu_ns", best[lane], like, bare),
            "events": events[lane],
        }
        for lane in ("c", "js")
    }
    return {
        "bare_ns": bare["p50_ns"],
        "bare_p99_ns": bare["p99_ns"],
        "bare_cpu_ns": round(bare["cpu_ns"]),
        "frida_trace_ns": traced["p50_ns"] - bare["p50_ns"],
        "frida_trace_p99_ns": traced["p99_ns"] - bare["p99_ns"],
        "frida_trace_like_ns": like["p50_ns"] - bare["p50_ns"],
        "frida_trace_like_p99_ns": like["p99_ns"] - bare["p99_ns"],
        **lanes,
    }


def _ratio(name: str, watched: dict[str, Any], traced: dict[str, Any], bare: dict[str, Any]) -> float | None:
    added = traced[name] - bare[name]
    return round((watched[name] - bare[name]) / added, 3) if added > 0 else None


def _best(app: App, what: str, count: int, threads: int) -> dict[str, Any]:
    """Measure several times: where two cores share the app, its queues and Frida's thread, times can differ several-fold."""
    times = [_figures(app, what, count, threads) for _ in range(ROUNDS)]
    return {name: min(one[name] for one in times) for name in FIGURES}


def _figures(app: App, what: str, count: int, threads: int) -> dict[str, Any]:
    app.order("call", what=what, count=count // 10, threads=threads, timeout_s=120)
    return app.order("call", what=what, count=count // threads, threads=threads, timeout_s=120)


@contextmanager
def _traced(app: App, *methods: tuple[str, str, bool]) -> Iterator[None]:
    session = attach(app.pid)
    script = session.create_script(FIND)
    script.load()
    places = [script.exports_sync.find(*method) for method in methods]
    session.detach()
    command = [Path(sys.executable).with_name("frida-trace"), "-p", str(app.pid)]
    for place in places:
        command += ["-a", place]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    # frida-trace writes its handlers to the current folder.
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(command, **pipes, cwd=folder) as trace:
        assert trace.stdout is not None
        for line in trace.stdout:
            if b"Started tracing" in line:
                break
        drain = subprocess.Popen(["cat"], stdin=trace.stdout, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            trace.terminate()
            drain.wait()


@contextmanager
def _watched(app: App, lane: str) -> Iterator[list[int]]:
    """Keep the agent in the process, and acknowledge as a recorder does. Yield a list whose only item is the event count."""
    session = attach(app.pid)
    script = session.create_script(AGENT.read_text(encoding="utf-8"))
    latest = [0]
    over = threading.Event()

    def take(message: Any, data: bytes | None) -> None:
        if data is not None:
            latest[0] = message["payload"]["first"] + data.count(b'{"kind"') - 1

    def acknowledge() -> None:
        while not over.wait(0.2):
            script.exports_sync.acknowledge(latest[0])

    script.on("message", take)
    script.load()
    script.exports_sync.start({"lane": lane})
    thread = threading.Thread(target=acknowledge)
    thread.start()
    try:
        yield latest
    finally:
        over.set()
        thread.join()
    script.exports_sync.stop()
    script.unload()
    session.detach()


def _first_event(phone: Phone) -> dict[str, Any]:
    """Return the time from attach to the first event, and that of an attach with an empty script, ms."""
    app = phone.launch("quicksend")
    figures = {}
    for name, source in (
        ("empty", "rpc.exports = { start() { send(1); } };"),
        ("agent", AGENT.read_text(encoding="utf-8")),
    ):
        best = []
        for _ in range(5):
            begun = time.perf_counter()
            session = attach(app.pid)
            script = session.create_script(source)
            times: list[float] = []
            script.on(
                "message", lambda _message, _data, times=times, begun=begun: times.append(time.perf_counter() - begun)
            )
            script.load()
            script.exports_sync.start({}) if name == "agent" else script.exports_sync.start()
            while not times:
                time.sleep(0.001)
            best.append(times[0])
            session.detach()
        figures[f"{name}_ms"] = round(sorted(best)[len(best) // 2] * 1e3, 1)
    figures["ratio"] = round(figures["agent_ms"] / figures["empty_ms"], 2)
    return figures
