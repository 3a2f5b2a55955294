"""Write the pages that the browser tests open: stories with a known truth, from an ordinary day to edge cases."""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lightleak.cli.demo import LOOK_AT
from lightleak.comparator import Comparison
from lightleak.comparator.assumptions import ASSUMPTIONS
from lightleak.comparator.explain.claims import answer, counted, is_by_chance
from lightleak.comparator.rules.visibility import REGISTRATION
from lightleak.views.page.build import render
from lightleak.wording import TRIGGER_NAMES
from page.statements import for_the_page
from simulator import Plan, simulate, verdicts
from stories import APP, T0_S, Trace, entry_lines, ident, judge, stamp

HOSTILE = '</script><script>document.title="owned"</script><img src=x onerror=document.title="owned">\x1b[31m\u202eevil\u2028=1+1'
DAY_S = 86_400


def network(app: str, domain: str, first_s: float, last_s: float, hits: int, *, owner: str = "") -> str:
    """Write a network row of a report."""
    row = {
        "bundleID": app, "context": "", "contextVerificationType": 0, "domain": domain, "domainClassification": 1,
        "domainOwner": owner, "domainType": 2, "firstTimeStamp": stamp(first_s), "hits": hits,
        "initiatedType": "AppInitiated", "timeStamp": stamp(last_s), "type": "networkActivity",
    }  # fmt: skip
    return json.dumps(row) + "\n"


def ordinary(folder: Path) -> Comparison:
    """Return the comparison of two days of one app: queries, notifications, a picker, an unexplained entry, a gap of nine hours."""
    chance = random.Random(7)
    trace = Trace()
    lines: list[str] = []
    number = iter(range(10_000))
    trace.add(-0.3, "stack", id=1, frames=FRAMES)
    trace.ready(0)
    hook = {"probe": "assetsLibrary", "symbol": "-[ALAssetsLibrary enumerateGroups:]"}
    trace.add(0.1, "hook", status="skipped", reason="no such class", **hook)
    trace.add(0.2, "state", value="active")
    caller = {"image": "Gallery", "offset": 0x4F10}
    observer = {"class": "GLLibraryWatcher", "id": "0x2801", "image": "Gallery"}
    trace.add(0.5, "observer", action="registered", observer=observer, type="change", caller=caller, stack=1)
    lines.append(entry_lines(next(number), 0.9, 61.2))
    segment = 1
    for hour in [
        h + chance.random() * 0.6 for h in (0.2, 1, 2, 5, 7, 8, 9, 21, 22, 23, 24, 25, 26, 27, 30, 33, 34, 38, 41, 45)
    ]:
        at = hour * 3600
        if hour > 20 and segment == 1:
            trace.add(9.9 * 3600, "process", phase="detached", reason="connection-lost")
            segment = 2
            trace.ready(20.4 * 3600, segment=2)
            trace.add(20.4 * 3600 + 1, "observer", 2, action="found", observer=observer, type="change")
            trace.add(20.4 * 3600 + 2, "state", 2, value="background")
        kind = chance.choice(("query", "query", "notification", "quiet", "scan"))
        trace.add(at - 20, "state", segment, value="background" if kind in ("notification", "scan") else "active")
        n = next(number)
        if kind == "notification":
            seq = trace.add(at, "notification", segment, observer=observer, change=f"c{n}", type="change")
            trace.add(at + 0.01, "return", segment, of=seq, duration_ns=4_200_000, cpu_ns=3_100_000)
        elif kind != "quiet":
            trace.add(at - 0.08, "accounting", segment, phase="begin", identifier=ident(n), service="photos")
            depth = "metadata"
            for step in range(chance.randint(3, 40)):
                seq = trace.access(at + step * 1.1, depth, segment, caller=caller, stack=1, detail={"step": step})
                trace.add(at + step * 1.1 + 0.01, "return", segment, of=seq, duration_ns=900_000, cpu_ns=700_000)
                if depth == "data":
                    trace.add(at + step * 1.1 + 0.3, "delivery", segment, of=seq, bytes=2_400_000, degraded=False)
                depth = chance.choice(("metadata", "thumbnail", "data" if kind == "scan" else "thumbnail"))
        lines.append(entry_lines(n, at + 0.02, at + 60.5 + chance.random() * 30))
        trace.add(at + 120, "state", segment, value="inactive")
        trace.add(at + 125, "state", segment, value="background")
        if chance.random() < 0.5:
            lines.append(
                network(APP, f"api{n}.example.net", at + 30, at + 4000, chance.randint(1, 80), owner="Example Ltd")
            )
    lines.append(entry_lines(next(number), 13 * 3600, 13 * 3600 + 62))
    lines.append(entry_lines(next(number), 15.5 * 3600, 15.5 * 3600 + 62))
    lines.append(entry_lines(next(number), 23.3 * 3600, 23.3 * 3600 + 4, outOfProcess=True))
    lines.append(network(APP, "cdn.example.org", 600, 47 * 3600, 412, owner="Example Ltd"))
    trace.access(46.5 * 3600, "thumbnail", 2, caller=caller)
    trace.add(44 * 3600, "mark", 2, label="phone locked")
    trace.add(47.5 * 3600, "process", 2, phase="detached", reason="application-requested")
    trace.add(47.6 * 3600, "clock", 2, host_offset_ns=12_000_000, error_ns=900_000)
    return judge(folder, trace, *lines)


FRAMES = [
    {"image": "Gallery", "uuid": "A", "offset": 0x4F10, "symbol": "-[GLScanner scanAll]"},
    {"image": "Gallery", "uuid": "A", "offset": 0x5120, "symbol": "-[GLLibraryWatcher refresh]"},
    {"image": "libdispatch.dylib", "uuid": "B", "offset": 0x2A3C, "symbol": "_dispatch_call_block_and_release"},
]


def hostile(folder: Path) -> Comparison:
    """Return a comparison in which every name from the app is an attack."""
    trace = Trace()
    trace.add(-0.3, "stack", id=HOSTILE, frames=[{"image": HOSTILE, "offset": 1, "symbol": HOSTILE}, HOSTILE])
    trace.ready(0, name=HOSTILE)
    trace.add(0.05, "hook", probe=HOSTILE, symbol=HOSTILE, status="skipped", reason=HOSTILE)
    trace.add(0.1, "state", value=HOSTILE)
    observer = {"class": HOSTILE, "id": HOSTILE, "image": HOSTILE}
    caller = {"image": HOSTILE, "offset": HOSTILE}
    trace.add(1, "observer", action="registered", observer=observer, type=HOSTILE, caller=caller, stack=HOSTILE)
    seq = trace.add(9.9, "notification", observer=observer, change=HOSTILE, type="change")
    trace.add(
        10, "access", depth="data", symbol=HOSTILE, detail={HOSTILE: HOSTILE}, caller=caller, stack=HOSTILE, cause=seq
    )
    trace.add(10, "mark", label=HOSTILE)
    trace.add(20, "process", phase="detached", reason=HOSTILE)
    trace.ready(30, segment=2)
    trace.add(31, "mark", 2, label="end")
    return judge(
        folder, trace, entry_lines(1, 10.1, 70), entry_lines(2, 30.5, 31), network(APP, HOSTILE, 1, 2, 3, owner=HOSTILE)
    )


def nothing(folder: Path) -> Comparison:
    """Return a comparison without entries of the app, in which nothing was seen."""
    trace = Trace()
    trace.ready(0)
    trace.add(60, "mark", label="end")
    return judge(folder, trace, entry_lines(1, 10, 70, app="org.example.other"))


def unrecorded(folder: Path) -> Comparison:
    """Return the comparison of a session without events."""
    return judge(folder, Trace(), entry_lines(1, 10, 70))


def long_gap(folder: Path) -> Comparison:
    """Return the comparison of an app that was watched for a minute, and again eight days later."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(60, "process", phase="detached", reason="connection-lost")
    trace.ready(8 * DAY_S, segment=2)
    trace.access(8 * DAY_S + 10, "data", 2)
    trace.add(8 * DAY_S + 60, "process", 2, phase="exited")
    return judge(folder, trace, entry_lines(1, 10.1, 75), entry_lines(2, 4 * DAY_S, 4 * DAY_S + 60),
                 entry_lines(3, 8 * DAY_S + 10.1, 8 * DAY_S + 75))  # fmt: skip


def crowd(folder: Path) -> Comparison:
    """Return the comparison of a hundred apps with three entries each."""
    chance = random.Random(3)
    trace = Trace(app=None)
    lines = []
    for n in range(100):
        app = f"com.example.app{n:03d}"
        trace.ready(n, segment=n + 1, accounting=False, identifier=app, name=f"App {n}")
        moments = sorted(chance.random() * 36_000 + 200 for _ in range(3))
        for k, at in enumerate(moments):
            trace.access(at, chance.choice(("metadata", "thumbnail", "data")), n + 1)
            lines.append(entry_lines(n * 3 + k, at + 0.1, at + 61, app=app))
        trace.add(40_000, "process", n + 1, phase="exited")
    return judge(folder, trace, *lines)


def pair(folder: Path) -> Comparison:
    """Return the comparison of two apps in one recording: one was only notified of a change, the other read, both nearly always watched."""
    quiet, reader = "com.example.quiet", "com.example.reader"
    trace = Trace(app=None)
    for segment, app in ((1, quiet), (2, reader)):
        trace.ready(-1, segment=segment, identifier=app, name=app)
        trace.add(0, "state", segment, value="background")
    observer = {"class": "Watcher", "id": "0x1", "image": "App"}
    trace.add(599, "notification", observer=observer, change="c", type="change")
    trace.add(599, "accounting", 2, phase="begin", identifier=ident(2), service="photos")
    seq = trace.access(599.1, "data", 2)
    trace.add(599.2, "delivery", 2, of=seq, bytes=2_000_000, degraded=False)
    for segment in (1, 2):
        trace.add(1999, "process", segment, phase="detached", reason="application-requested")
    return judge(folder, trace, entry_lines(1, 599.2, 660, app=quiet), entry_lines(2, 599.2, 660, app=reader),
                 entry_lines(3, 1950, 2003, app=reader))  # fmt: skip


def dispute(folder: Path) -> Comparison:
    """Return the comparison of two apps in the maker's dispute: one reads only when notified, the other also for other reasons.

    What set off each act is known. Both used their process's time and memory, and one class has a hostile name.
    """
    chance = random.Random(11)
    trace = Trace(app=None)
    lines: list[str] = []
    number = iter(range(10_000))
    watchers: dict[int, dict[str, str]] = {
        1: {"class": "LSLibraryWatcher", "id": "0x1", "image": "Listener"},
        2: {"class": HOSTILE, "id": "0x2", "image": "Scanner"},
    }
    apps = {1: "com.example.listener", 2: "com.example.scanner"}

    def usage(at: float, segment: int, cpu_s: float) -> None:
        told = segment == 2 or None
        trace.add(
            at, "usage", segment, cpu_ns=int(cpu_s * 1e9), footprint_bytes=told and int(4e7 + 1e4 * at), energy_nj=None,
            wakeups=None, disk_read_bytes=None,
        )  # fmt: skip

    def act(at: float, segment: int, depth: str, cause: int | None, **entry: Any) -> None:
        """Let the app query, go as far as ``depth``, and let the report say so."""
        n = next(number)
        seq = trace.access(at, "metadata", segment, **({} if cause is None else {"cause": cause}))
        trace.add(at + 0.004, "return", segment, of=seq, duration_ns=3_000_000, cpu_ns=2_000_000)
        trace.add(at + 0.02, "accounting", segment, phase="begin", identifier=ident(n), service="photos")
        if depth != "metadata":
            seq = trace.access(at + 0.3, depth, segment, **({} if cause is None else {"cause": cause}))
            trace.add(at + 0.5, "delivery", segment, of=seq, bytes=1_800_000, degraded=False)
        lines.append(entry_lines(n, at + 0.05, at + 61, app=apps[segment], **entry))

    for segment, app in apps.items():
        trace.ready(0, segment=segment, identifier=app, name=app, reason="launch")
        if segment == 2:
            for probe in ("input.event", "wake.background-task", "lifecycle.scene-delegate", "handoff"):
                trace.add(0.01, "hook", segment, probe=probe, symbol=probe, status="installed")
        launch = trace.add(0.1, "state", segment, value="active", reason="launch")
        usage(0.1, segment, 0.2)
        trace.add(
            0.3, "observer", segment, action="registered", observer=watchers[segment], type="change", cause=launch
        )
        n = next(number)
        lines.append(entry_lines(n, 0.4, 61.2, app=app))
        trace.add(100, "state", segment, value="background", reason=None)
    for step in range(12):
        at = 400 + step * 300 + chance.random() * 50
        for segment in apps:
            usage(at - 1, segment, 1 + step * 0.4)
            seen = trace.add(at, "notification", segment, observer=watchers[segment], change=f"c{step}", type="change")
            trace.add(at + 0.006, "return", segment, of=seen, duration_ns=5_000_000, cpu_ns=4_000_000)
            linked = step % 4 != 3
            act(
                at + (0.012 if linked else 1.4),
                segment,
                "thumbnail" if step == 5 else "metadata",
                seen if linked else None,
            )
            usage(at + 2, segment, 1.2 + step * 0.4)
    for step in range(3):
        act(4200 + step * 200, 2, "data", None)
    wake = trace.add(5000, "state", 2, value="background", reason="background-task")
    act(5000.2, 2, "data", wake)
    trace.add(5300, "state", 2, value="active", reason=None)
    for step in range(4):
        touch = trace.add(5310 + step * 100, "input", 2, type="touch")
        act(5310.05 + step * 100, 2, ("metadata", "thumbnail", "data", "thumbnail")[step], touch)
    usage(5800, 2, 9)
    act(5900, 2, "metadata", 99_999)
    trace.add(6000, "state", 2, value="background", reason=None)
    trace.add(6100, "input", 2, type="key")
    act(6101, 2, "metadata", None)
    lines += [
        entry_lines(next(number), 6500, 6502, app=apps[2], outOfProcess=True),
        entry_lines(next(number), 6700, 6760, app=apps[2]),
        entry_lines(next(number), 7500, 7560, app=apps[1]),
    ]
    for segment in apps:
        trace.add(7000, "process", segment, phase="detached", reason="application-requested")
    return judge(folder, trace, *lines)


def grades(folder: Path) -> Comparison:
    """Return the comparison of four apps whose entries in the background have the answers that ``dispute`` has not.

    Two that no change notification explains (one entry, and several), one that a wake-up likely set off, and one that reads as
    it goes to the background.
    """
    trace = Trace(app=None)
    lines: list[str] = []
    apps = {1: "com.example.timer", 2: "com.example.once", 3: "com.example.woken", 4: "com.example.leaving"}

    def act(at: float, segment: int, cause: int | None = None) -> None:
        trace.access(at, "metadata", segment, **({} if cause is None else {"cause": cause}))
        trace.add(at + 0.02, "accounting", segment, phase="begin", identifier=ident(len(lines)), service="photos")
        lines.append(entry_lines(len(lines), at + 0.05, at + 61, app=apps[segment]))

    for segment, app in apps.items():
        trace.ready(0, segment=segment, identifier=app, name=app, reason="launch")
        trace.add(0.1, "state", segment, value="active", reason="launch")
        for probe in (REGISTRATION, "input.event", "wake.background-task", "lifecycle.scene-delegate", "handoff"):
            trace.add(0.2, "hook", segment, probe=probe, symbol=probe, status="installed")
        left = trace.add(100, "state", segment, value="background", reason=None)
        if segment == 4:
            act(100.3, segment, left)
        for at in {1: (400, 800, 1200), 2: (400,)}.get(segment, ()):
            act(at, segment)
        if segment == 3:
            trace.add(700, "state", segment, value="background", reason="silent-push")
            act(701, segment)
        trace.add(2000, "process", segment, phase="detached", reason="application-requested")
    return judge(folder, trace, *lines)


SEASON_DAYS = 60
SEASON_NIGHT = ("linked", "linked", "linked", "linked", "wake", "none", "none")
"""What set off the entries of the season in which the app requested whole photos in the background between midnight and six."""


def season(folder: Path) -> Comparison:
    """Return the comparison of sixty days of one app: 1,500 entries, an observer a day, and 119 runs that no entry covers.

    It starts at midnight. In 28 entries whole photos were requested in the background, in ``SEASON_NIGHT`` of them at night.
    """
    chance = random.Random(5)
    trace = Trace()
    lines: list[str] = []
    midnight = (-T0_S - 8 * 3600) % DAY_S
    watcher = {"class": "SeasonWatcher", "id": "0x1", "image": "Season"}
    nights = iter(SEASON_NIGHT)
    by_day = iter(["linked"] * 21)

    def act(at: float, segment: int, depth: str, origin: int | None) -> None:
        n = len(lines)
        cause = {} if origin is None else {"cause": origin}
        seq = trace.access(at, "metadata", segment, **cause)
        trace.add(at + 0.004, "return", segment, of=seq, duration_ns=2_000_000, cpu_ns=1_000_000)
        trace.add(at + 0.02, "accounting", segment, phase="begin", identifier=ident(n), service="photos")
        if depth != "metadata":
            trace.access(at + 0.1, depth, segment, **cause)
        lines.append(entry_lines(n, at + 0.05, at + 61 + chance.random()))

    def set_off(at: float, segment: int, by: str) -> int | None:
        if by == "wake":
            return trace.add(at, "state", segment, value="background", reason="background-task")
        return (
            trace.add(at, "notification", segment, observer=watcher, change=f"c{at}", type="change")
            if by == "linked"
            else None
        )

    for day in range(SEASON_DAYS):
        start, segment = midnight + day * DAY_S, day + 1
        trace.ready(start + 60, segment, reason="launch")
        for probe in (REGISTRATION, "input.event", "wake.background-task", "lifecycle.scene-delegate", "handoff"):
            trace.add(start + 60.1, "hook", segment, probe=probe, symbol=probe, status="installed")
        trace.add(start + 61, "state", segment, value="background", reason=None)
        observer = watcher | {"id": f"0x{day:x}"}
        trace.add(start + 62, "observer", segment, action="registered", observer=observer, type="change")
        for hour in sorted([*range(1, 23), 9.5, 12.5, 15.5]):
            at = start + hour * 3600 + chance.random() * 900
            if hour == 8:
                trace.add(at - 100, "state", segment, value="active", reason=None)
            elif hour == 20:
                trace.add(at - 100, "state", segment, value="background", reason=None)
            by = (
                next(nights, None)
                if hour == 3 and day % 8 == 0
                else next(by_day, None)
                if hour == 21 and day % 2
                else None
            )
            if by:
                act(at + 0.5, segment, "data", set_off(at, segment, by))
            elif 8 <= hour < 20:
                act(
                    at + 0.5,
                    segment,
                    chance.choice(("metadata", "thumbnail", "data")),
                    trace.add(at, "input", segment, type="touch"),
                )
            else:
                act(at + 0.5, segment, "metadata", set_off(at, segment, "linked"))
            if hour in (5, 22):
                trace.access(at + 700, "thumbnail", segment)
        trace.add(start + 23.5 * 3600, "process", segment, phase="detached", reason="connection-lost")
    return judge(folder, trace, *lines)


STORIES: dict[str, Callable[[Path], Any]] = {
    story.__name__: story
    for story in (ordinary, hostile, nothing, unrecorded, long_gap, crowd, pair, dispute, grades, season)
}


def sentences() -> list[dict[str, Any]]:
    """Return the comparator's sentences about two simulated weeks of each kind, each form of a sentence up to three times."""
    plans = [
        Plan(seed, accounting, rough) for seed in range(2) for accounting in (True, False) for rough in (True, False)
    ]
    weeks = map(simulate, plans)
    forms: dict[str, list[dict[str, Any]]] = {}
    for week in weeks:
        for verdict in verdicts(week.header, [week.events], week.report):
            said = {"clauses": verdict["clauses"], "why": verdict["why"]}
            forms.setdefault(re.sub(r"[\d.]+", "0", verdict["why"]), []).append(said)
    return [one for alike in forms.values() for one in alike[:3]]


def answers(comparison: Comparison) -> dict[str, str]:
    """Return app → whether the claim holds for its entries in the background, as the terminal says it."""
    verdicts = comparison.to_dict()
    return {
        app: answer(
            counted(
                (one for one in verdicts["entries"] if one["app"] == app and one["state"] == "background"),
                is_by_chance=is_by_chance(verdicts, app),
                unlinked_reads=verdicts["summary"][app]["unlinked_reads"],
            )
        )
        for app in verdicts["summary"]
    }


def write(folder: Path) -> None:
    """Write each story's page and verdicts, and ``statements.json``: every statement with its English."""
    folder.mkdir(parents=True, exist_ok=True)
    assumptions = [[name, one.text] for name, one in ASSUMPTIONS.items()]
    statements = {
        **for_the_page(),
        "sentences": sentences(),
        "assumptions": assumptions,
        "names": TRIGGER_NAMES,
        "demo": LOOK_AT,
    }
    (folder / "statements.json").write_text(json.dumps(statements))
    for name, story in STORIES.items():
        with tempfile.TemporaryDirectory() as scratch:
            comparison = story(Path(scratch))
            (folder / f"{name}.html").write_text(render(comparison, is_demo=name == "grades"))
            (folder / f"{name}.json").write_text(comparison.to_json())
            (folder / f"{name}.answers.json").write_text(json.dumps(answers(comparison)))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
