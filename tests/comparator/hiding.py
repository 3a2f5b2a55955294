"""Worlds with a breach of a rule, and the means by which a breach can be hidden. The breach is marked: what shows it is known."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lightleak
import tracekit
from lightleak.comparator import compare
from lightleak.comparator.policy.check import RuleOutcome, check, read_policy
from lightleak.comparator.timeline.segments import CALLBACK
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.header import encode_header
from lightleak.trace.session_file import SessionFile
from policy_stories import OBSERVER, attach, observe
from stories import APP, NS, T0_S, Trace, entry_lines, ident

END_S = 3600.0
NIGHT = "-08:00"
"""A zone in which the stories begin at 00:53."""
IDLE = ("-[Lifecycle]", "lifecycle.background.application")
WITNESSES = {
    "read": "image-manager.request-image-for-asset",
    "query": "asset.fetch-assets-with-options",
    "register": "photo-library.register-change-observer",
}
"""What a breach does → the probe that sees it."""


class MarkedTrace(Trace):
    """A trace of which some events show the breach."""

    def __init__(self, zone: Any = NIGHT) -> None:
        super().__init__(zone=zone)
        self.marked: list[int] = []
        """Places in ``events``."""

    @contextlib.contextmanager
    def breach(self) -> Iterator[None]:
        """Mark the events that are added meanwhile."""
        first = len(self.events)
        yield
        self.marked += range(first, len(self.events))


@dataclass
class World:
    """One app that was watched for an hour with everything in place, and a report."""

    rule: str
    breached: bool
    at_s: float
    trace: MarkedTrace = field(default_factory=MarkedTrace)
    lines: list[str] = field(default_factory=list)
    """Of the report, those of the breach apart."""
    breach_lines: list[str] = field(default_factory=list)
    around: tuple[float, ...] = (-10.0, 1700.0, END_S + 30)
    """When the report has a record of another app."""
    frame: int = 1000
    spoil: Callable[[Path], None] | None = None
    """What is done to the file."""
    junk: bytes = b""
    """A line among the events that is not one."""
    twin: MarkedTrace | None = None
    """What a second file of the same session says."""
    top: str = 'not_proven = "fail"'

    def report(self) -> list[str]:
        others = [entry_lines(900 + n, at, at + 1, app="org.other") for n, at in enumerate(self.around)]
        return [*others, *self.lines, *self.breach_lines]

    def outcome(self) -> RuleOutcome:
        """Check the world against its rule. Raises: LightleakError where the files are refused."""
        policy = read_policy(f"version = 1\n{self.top}\n[[rule]]\n{self.rule}\n", "p.toml")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sessions = [self._save(folder / "s.lightleak", self.trace)]
            if self.twin is not None:
                sessions.append(self._save(folder / "t.lightleak", self.twin))
            report = folder / "report.ndjson"
            report.write_text("".join(self.report()))
            (found,) = check(compare(sessions, lightleak.read_report(report), apps=[APP]), policy).outcomes
            return found

    def _save(self, path: Path, trace: MarkedTrace) -> lightleak.Session:
        if self.spoil is None:
            return trace.save(path.parent, path.name)
        lines = [tracekit.as_line(event) for event in trace.events]
        lines += [self.junk] if self.junk else []
        tracekit.session(path, lines, header=trace.header, frame=self.frame)
        self.spoil(path)
        return lightleak.open(path)

    # Changing the trace -----------------------------------------------------------------------------------------------

    def forget(self) -> None:
        """Take the breach's events out, as if they had never been sent: the numbers have no hole."""
        self._keep([event for at, event in enumerate(self.trace.events) if at not in self.trace.marked])

    def lose(self) -> None:
        """Take the breach's events out of what was recorded: the numbers have a hole."""
        self.trace.events = [event for at, event in enumerate(self.trace.events) if at not in self.trace.marked]

    def put(self, at_s: float, kind: str, segment: int = 1, **keys: Any) -> None:
        """Put an event between the others."""
        event = {"kind": kind, "segment": segment, "seq": 0, "wall_ns": T0_S * NS + round(at_s * NS), **keys}
        event["mono_ns"] = round((at_s + 1e6) * NS)
        marked = [id(self.trace.events[at]) for at in self.trace.marked]
        self._keep(sorted([*self.trace.events, event], key=lambda one: one["mono_ns"]))
        self.trace.marked = [at for at, one in enumerate(self.trace.events) if id(one) in marked]

    def _keep(self, events: list[dict[str, Any]]) -> None:
        self.trace.events, self.trace.seqs, numbers = events, {}, {}
        for event in events:
            segment = event["segment"]
            self.trace.seqs[segment] = self.trace.seqs.get(segment, 0) + 1
            numbers[segment, event["seq"]] = self.trace.seqs[segment]
        for event in events:
            if event.get("cause") is not None:
                event["cause"] = numbers.get((event["segment"], event["cause"]), event["cause"])
            if event.get("of") is not None:
                event["of"] = numbers.get((event["segment"], event["of"]), event["of"])
            event["seq"] = numbers[event["segment"], event["seq"]]
        self.trace.marked = []

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The events that show the breach."""
        return [self.trace.events[at] for at in self.trace.marked]


# The rules, each with a breach ----------------------------------------------------------------------------------------


def _start(text: str, at_s: float, *, background: bool = False, observed: bool = False) -> World:
    world = World(text, breached=False, at_s=at_s)
    trace = world.trace
    attach(trace, 0)
    trace.add(0, "hook", probe=IDLE[1], symbol=IDLE[0], status="installed", reason=None)
    if observed:
        observe(trace, 1)
    if background:
        trace.add(5, "state", value="background")
    return world


def _just_before(world: World) -> None:
    """Have something else happen just before the breach: what is lost with it is short."""
    world.trace.add(world.at_s - 1, "mark", label="before")


def _finish(world: World) -> World:
    world.trace.add(world.at_s + 8, "mark", label="after")
    world.trace.add(END_S, "mark", label="end")
    return world


def _reading(text: str, depth: str, **options: Any) -> Callable[[float, bool], World]:
    def make(at_s: float, breached: bool) -> World:
        world = _start(text, at_s, **options)
        _just_before(world)
        if breached:
            with world.trace.breach():
                world.trace.access(at_s, depth)
        return _finish(world)

    return make


def _reading_touched(at_s: float, breached: bool) -> World:
    world = _start('rule = "no-read"\ndepth = "metadata"\ntrigger = "touch"', at_s)
    world.trace.add(300, "access", depth="metadata", symbol="s", cause=_wake(world, 299.9))
    _just_before(world)
    if breached:
        touched = world.trace.add(at_s, "input", type="touch")
        with world.trace.breach():
            world.trace.access(at_s + 5, "metadata", cause=touched)
    return _finish(world)


def _wake(world: World, at_s: float) -> int:
    return world.trace.add(at_s, "state", value="background", reason="silent-push")


def _observing(at_s: float, breached: bool) -> World:
    world = _start('rule = "no-observer"\nallow = ["Gallery"]', at_s, observed=True)
    _just_before(world)
    if breached:
        with world.trace.breach():
            other = {"class": "Tracker", "id": "0x2", "image": "App"}
            world.trace.add(at_s, "observer", action="registered", observer=other, type="change")
    return _finish(world)


def _calling_back(at_s: float, breached: bool) -> World:
    world = _start('rule = "quiet-callbacks"', at_s, observed=True)
    _just_before(world)
    notified = world.trace.add(at_s, "notification", observer=OBSERVER, change="0x9", type="change")
    if breached:
        with world.trace.breach():
            world.trace.access(at_s + 0.1, "metadata", cause=notified)
    return _finish(world)


def _unreported(at_s: float, breached: bool) -> World:
    world = _start('rule = "no-unreported"', at_s)
    world.trace.access(100, "metadata")
    world.lines.append(entry_lines(1, 100.1, 102))
    _just_before(world)
    if breached:
        with world.trace.breach():
            world.trace.access(at_s, "metadata")
    return _finish(world)


def _too_much(measure: str, allowed: int) -> Callable[[float, bool], World]:
    def make(at_s: float, breached: bool) -> World:
        world = _start(f'rule = "ceiling"\nmeasure = "{measure}"\nper_hour = {allowed}', at_s, observed=True)
        for n in range(3):
            inside = world.trace.access(100 + n, "data")
            world.trace.add(100.5 + n, "delivery", of=inside, bytes=1, degraded=False, error=None)
        _just_before(world)
        if breached:
            with world.trace.breach():
                for n in range(60):
                    if measure == "notifications":
                        world.trace.add(at_s + n / 100, "notification", observer=OBSERVER, change="0x9", type="change")
                        continue
                    inside = world.trace.access(at_s + n / 100, "data")
                    world.trace.add(at_s + n / 100, "delivery", of=inside, bytes=100, degraded=False, error=None)
        return _finish(world)

    return make


def _entry(world: World, n: int, at_s: float, cause: int | None) -> str:
    """Add a query, its accounting, and the entry that the report has of it."""
    world.trace.access(at_s, "metadata", cause=cause)
    world.trace.add(at_s + 0.001, "accounting", phase="begin", identifier=ident(n))
    return entry_lines(n, at_s + 0.1, at_s + 2)


def _entries_of(text: str) -> Callable[[float, bool], World]:
    def make(at_s: float, breached: bool) -> World:
        world = _start(f'rule = "entries"\n{text}', at_s, observed=True)
        change = world.trace.add(100, "notification", observer=OBSERVER, change="0x9", type="change")
        world.lines.append(_entry(world, 1, 100.1, change) if "trigger" in text else entry_lines(1, 1.2, 2))
        _just_before(world)
        if breached:
            touched = world.trace.add(at_s, "input", type="touch")
            with world.trace.breach():
                world.breach_lines.append(_entry(world, 2, at_s + 5, touched))
        return _finish(world)

    return make


def _unexplained(at_s: float, breached: bool) -> World:
    world = _start('rule = "entries"\ncause = "unexplained"', at_s, observed=True)
    world.lines.append(entry_lines(1, 1.2, 2))
    if breached:
        world.breach_lines.append(entry_lines(2, at_s, at_s + 2))
    return _finish(world)


def _claiming(deepest: str) -> Callable[[float, bool], World]:
    def make(at_s: float, breached: bool) -> World:
        text = f'rule = "claim"\nclaim = "background-only-on-change"\ndeepest = "{deepest}"'
        world = _start(text, at_s, observed=True, background=True)
        change = world.trace.add(100, "notification", observer=OBSERVER, change="0x9", type="change")
        world.lines.append(_entry(world, 1, 100.1, change))
        if breached and deepest == "metadata":
            with world.trace.breach():
                world.trace.access(100.5, "data", cause=change)
            world.trace.add(101, "mark", label="after")
        _just_before(world)
        if breached and deepest != "metadata":
            woken = _wake(world, at_s)
            with world.trace.breach():
                world.breach_lines.append(_entry(world, 2, at_s + 0.1, woken))
        return _finish(world)

    return make


def _probing(at_s: float, breached: bool) -> World:
    world = _start('rule = "coverage"\nprobes = ["accounting"]', at_s)
    _just_before(world)
    if breached:
        with world.trace.breach():
            world.trace.add(at_s, "hook", probe="accounting", symbol="s", status="removed", reason=None)
            world.trace.add(at_s + 1, "hook", probe="accounting", symbol="s", status="installed", reason=None)
    return _finish(world)


RULES: dict[str, Callable[[float, bool], World]] = {
    "no-read": _reading('rule = "no-read"', "data"),
    "no-read in the background": _reading(
        'rule = "no-read"\ndepth = "metadata"\nstates = ["background"]', "metadata", background=True
    ),
    "no-read at night": _reading('rule = "no-read"\ndepth = "metadata"\nnight = true', "thumbnail"),
    "no-read by touch": _reading_touched,
    "no-observer": _observing,
    "quiet-callbacks": _calling_back,
    "no-unreported": _unreported,
    "ceiling of reads": _too_much("reads", 40),
    "ceiling of bytes": _too_much("bytes", 1000),
    "ceiling of notifications": _too_much("notifications", 10),
    "entries of query": _entries_of('cause = "query"'),
    "entries by touch": _entries_of('trigger = "touch"'),
    "entries unexplained": _unexplained,
    "claim": _claiming("data"),
    "claim with a depth": _claiming("metadata"),
    "coverage of a probe": _probing,
}
SEEN = [name for name in RULES if name != "entries unexplained"]
"""The rules whose breach events show; of others only the report does."""
READS = ["no-read", "no-read in the background", "no-read at night", "no-read by touch", "quiet-callbacks", "no-unreported",
         "ceiling of reads", "entries of query", "entries by touch", "claim", "claim with a depth"]  # fmt: skip
_OF_REPORT = ["entries of query", "entries by touch", "entries unexplained", "claim"]


# The means of hiding it -----------------------------------------------------------------------------------------------


def _frames_of(path: Path, wanted: Callable[[dict[str, Any]], bool]) -> list[Any]:
    """Return the frames of a file that have one of these events."""
    file = SessionFile(path)
    return [frame for frame, block in file.blocks() if any(wanted(json.loads(line)) for line in block.splitlines())]


def damage(world: World) -> None:
    """Flip a bit in each frame that has the breach."""
    keys = {(event["segment"], event["seq"]) for event in world.shown}

    def spoil(path: Path) -> None:
        content = bytearray(path.read_bytes())
        for frame in _frames_of(path, lambda event: (event["segment"], event["seq"]) in keys):
            content[frame.offset + frame.length // 2] ^= 4
        path.write_bytes(content)

    world.frame, world.spoil = 1, spoil


def damage_of_a_whole_segment(world: World) -> None:
    """Put the breach into a process of its own, within the time of the other, and flip a bit in each of its frames."""
    move_to_own_segment(world)

    def spoil(path: Path) -> None:
        content = bytearray(path.read_bytes())
        for frame in _frames_of(path, lambda event: event["segment"] == 2):
            content[frame.offset + frame.length // 2] ^= 4
        path.write_bytes(content)

    world.frame, world.spoil = 1, spoil


def move_to_own_segment(world: World) -> None:
    """Move what the breach did into a second process, watched as well."""
    shown = world.shown
    world.forget()
    events = world.trace.events
    start, stop = min(one["mono_ns"] for one in shown), max(one["mono_ns"] for one in shown)
    first = MarkedTrace()
    attach(first, start / NS - 1e6 - 5, 2)
    for n, event in enumerate(shown, 1):
        event |= {"segment": 2, "seq": first.seqs[2] + n, "cause": None}
    who = {"pid": 102, "name": "App", "identifier": APP, "role": "app"}
    end = {
        "kind": "process",
        "segment": 2,
        "seq": first.seqs[2] + len(shown) + 1,
        "phase": "exited",
        "reason": None,
        **who,
    }
    end |= {"mono_ns": stop + 5 * NS, "wall_ns": stop + 5 * NS - 10**6 * NS + T0_S * NS}
    world.trace.events = [*events, *first.events, *shown, end]


def cut_the_tail(world: World) -> None:
    """Cut the file at the end of a frame, before the breach."""
    keys = {(event["segment"], event["seq"]) for event in world.shown}

    def spoil(path: Path) -> None:
        (frame, *_) = _frames_of(path, lambda event: (event["segment"], event["seq"]) in keys)
        path.write_bytes(path.read_bytes()[: frame.offset])

    world.frame, world.spoil = 1, spoil


def lose(world: World) -> None:
    """Lose the breach's events, with a hole in the numbers."""
    world.lose()


def lose_and_say_so(world: World) -> None:
    """Lose the breach's events, with a ``lost`` event in their place."""
    count, at_s = len(world.shown), world.shown[0]["mono_ns"] / NS - 1e6
    world.forget()
    world.put(at_s, "lost", count=count, reason="queue full")


def gap(world: World) -> None:
    """Detach before the breach and attach again after it."""
    start, stop = (edge(one["mono_ns"] for one in world.shown) / NS - 1e6 for edge in (min, max))
    world.forget()
    before = [one for one in world.trace.events if one["mono_ns"] < (start - 0.01 + 1e6) * NS]
    after = [one for one in world.trace.events if one["mono_ns"] > (stop + 0.01 + 1e6) * NS]
    world.trace.events = before
    world.trace.seqs = {1: len(before)}
    who = {"pid": 101, "name": "App", "identifier": APP, "role": "app"}
    world.trace.add(start - 0.01, "process", phase="detached", reason="device-lost", **who)
    attach(world.trace, stop + 0.4, 2)
    if any(one["kind"] == "observer" for one in before):
        observe_again(world.trace, stop + 0.4)
    for one in after:
        world.trace.seqs[2] += 1
        world.trace.events.append({**one, "segment": 2, "seq": world.trace.seqs[2], "cause": None})


def observe_again(trace: Trace, at_s: float) -> None:
    hook = {"probe": CALLBACK, "symbol": "-[Gallery photoLibraryDidChange:]", "status": "installed", "reason": None}
    trace.add(at_s, "hook", 2, **hook)
    trace.add(at_s, "observer", 2, action="found", observer=OBSERVER, type="change")


def remove_hooks(world: World) -> None:
    """Remove all hooks before the breach and install them again after it."""
    start, stop = (edge(one["mono_ns"] for one in world.shown) / NS - 1e6 for edge in (min, max))
    hooks = {(one["probe"], one.get("symbol")): one for one in world.trace.events if one["kind"] == "hook"}
    installed = [key for key, one in hooks.items() if one["status"] == "installed"]
    world.forget()
    for at_s, status in ((start - 0.01, "removed"), (stop + 0.01, "installed")):
        for probe, symbol in installed:
            world.put(at_s, "hook", probe=probe, symbol=symbol, status=status, reason=None)


def _witness(world: World) -> str:
    kinds = {one.get("depth") or one["kind"] for one in world.shown}
    if "observer" in kinds:
        return WITNESSES["register"]
    if "notification" in kinds:
        return CALLBACK
    return WITNESSES["query" if "metadata" in kinds else "read"]


def remove_one_hook(world: World) -> None:
    """Remove the hook that sees the breach, and install it again after it."""
    start, stop = (edge(one["mono_ns"] for one in world.shown) / NS - 1e6 for edge in (min, max))
    probe = _witness(world)
    symbol = next(
        one["symbol"] for one in world.trace.events
        if one["kind"] == "hook" and one["probe"] == probe and one["status"] == "installed"
    )  # fmt: skip
    world.forget()
    world.put(start - 0.01, "hook", probe=probe, symbol=symbol, status="removed", reason=None)
    world.put(stop + 0.01, "hook", probe=probe, symbol=symbol, status="installed", reason=None)


def skip_one_hook(world: World) -> None:
    """Never install the hook that sees the breach."""
    probe = _witness(world)
    world.forget()
    for one in world.trace.events:
        if one["kind"] == "hook" and one["probe"] == probe:
            one |= {"status": "skipped", "reason": "it cannot be hooked"}


def end_the_report(world: World) -> None:
    """Have the report end before the breach."""
    world.around = (-10.0, 5.0, 90.0, world.at_s - 200)
    world.breach_lines = []


def open_a_hole(world: World) -> None:
    """Have no record of any app for hours around the breach."""
    last = world.trace.events.pop()
    world.trace.seqs[last["segment"]] -= 1
    world.trace.add(40_000, "mark", label="end")
    world.around = (-10.0, 200.0, 30_000.0, 40_100.0)
    world.breach_lines = []


def unknown_zone(world: World, zone: Any) -> None:
    """Name no zone, or none that is known; the wall clock has other hours then."""
    world.trace.header["device"]["time_zone"] = zone


def unknown_depth(world: World, depth: Any) -> None:
    """Give the reads a depth that is not in the contract."""
    for one in world.shown:
        if one["kind"] == "access":
            one["depth"] = depth
            if depth is None:
                del one["depth"]


def unknown_kind(world: World) -> None:
    """Give the breach's events a kind that is not in the contract."""
    for one in world.shown:
        one["kind"] = "glimpse"


def unreadable_observer(world: World, observer: Any) -> None:
    """Have the registration not say which observer."""
    for one in world.shown:
        one["observer"] = observer


def set_the_clock(world: World) -> None:
    """Set the clock before the breach, so that it is not at night, or under an entry."""
    start = min(one["mono_ns"] for one in world.shown)
    moved = 12 * 3600 * NS if "night" in world.rule else round((101 - world.at_s) * NS)
    for one in world.trace.events:
        if one["mono_ns"] >= start:
            one["wall_ns"] += moved
    world.around = (*world.around, 14 * 3600.0)


def contradict(world: World) -> None:
    """Have another file of the session, which comes first, say that something else happened."""
    world.twin = world.trace
    honest = MarkedTrace()
    honest.header, honest.seqs = world.trace.header, dict(world.trace.seqs)
    honest.events = [dict(one) for one in world.trace.events]
    for at in world.trace.marked:
        one = honest.events[at]
        honest.events[at] = {key: one[key] for key in ("segment", "seq", "wall_ns", "mono_ns")} | {
            "kind": "mark",
            "label": "m",
        }
    world.trace = honest


def escape(world: World) -> None:
    """Hand the work on in a way that cannot be followed: the acts name no origin."""
    at_s = world.shown[0]["mono_ns"] / NS - 1e6
    for one in world.shown:
        one.pop("cause", None)
    world.put(at_s - 0.001, "hook", probe="handoff", symbol="pthread_create", status="skipped", reason="seen")


def lose_the_origin(world: World) -> None:
    """Lose the event that the acts name as their origin."""
    (cause,) = {one["cause"] for one in world.shown if one.get("cause")}
    world.trace.events = [one for one in world.trace.events if one["seq"] != cause]


def unknown_state(world: World, value: Any) -> None:
    """Have the state be a word that is not in the contract."""
    for one in world.trace.events:
        if one["kind"] == "state" and one["value"] == "background":
            one["value"] = value


def miss_the_state(world: World) -> None:
    """Remove what sees the app's state, so that the change to the background is missed."""
    events = world.trace.events
    world.trace.events = [one for one in events if not (one["kind"] == "state" and one["value"] == "background")]
    world.trace.marked = [at - 1 for at in world.trace.marked]
    world.trace.events = [*world.trace.events]
    for n, one in enumerate(world.trace.events, 1):
        one["seq"] = n
    world.put(4, "hook", probe=IDLE[1], symbol=IDLE[0], status="removed", reason=None)


def odd_value(world: World, key: str) -> None:
    """Give a key of the breach's events a value of another type."""
    for one in world.shown:
        if key in one:
            one[key] = "many"
    world.spoil = lambda _: None  # An import refuses some of it.


def unnamed_process(world: World) -> None:
    """Put the breach into a process of its own, and lose all that says which process it is."""
    move_to_own_segment(world)
    world.trace.events = [one for one in world.trace.events if one["segment"] == 1 or one["kind"] != "process"]


def never_ready(world: World) -> None:
    """Put the breach into a process of its own that was attached to, and never watched."""
    move_to_own_segment(world)
    world.trace.events = [
        one for one in world.trace.events if one["segment"] == 1 or one.get("phase") in ("attached", "exited")
    ]
    world.trace.events[-1]["seq"] = 2


def junk_line(world: World) -> None:
    """Have a line that is not an event in place of the breach."""
    world.forget()
    world.junk, world.spoil = b'{"kind":"access","depth":"data"}', lambda _: None


def another_part(world: World) -> None:
    """Have the recording go on in a file that is not given, with the breach."""
    first = min(world.trace.marked)
    world.trace.events = world.trace.events[:first]

    def spoil(path: Path) -> None:
        lines = [tracekit.as_line(event) for event in world.trace.events]
        path.unlink()
        journal = FrameWriter(path, encode_header(world.trace.header))
        journal.append(lines)
        journal.close(next_part="s.2.lightleak")
        journal.publish()

    world.spoil = spoil


def deny(world: World) -> None:
    """Have the permission denied, and what would show a new one removed before it was given."""
    hook = {"probe": "photo-library.request-authorization", "symbol": "+[PHPhotoLibrary requestAuthorization:]"}
    marked = [world.trace.events[at] for at in world.trace.marked]
    world.put(200, "authorization", symbol="s", action="read", level="readWrite", status="denied")
    world.put(201, "hook", **hook, status="installed", reason=None)
    world.put(202, "hook", **hook, status="removed", reason=None)
    world.trace.marked = [at for at, one in enumerate(world.trace.events) if any(one is other for other in marked)]


def spoil_the_report(world: World) -> None:
    """Have the breach's lines of the report not be lines."""
    world.breach_lines = [line[:60] + "\n" for lines in world.breach_lines for line in lines.splitlines()]


Hide = Callable[[World], None]


def with_value(hide: Callable[[World, Any], None], value: Any) -> Hide:
    return lambda world: hide(world, value)


_HOOKED = [name for name in SEEN if name != "coverage of a probe"]
_ALONE = ["no-read", "no-read in the background", "no-observer", "no-unreported", "ceiling of reads"]
"""Rules whose breach another process of the app can do by itself."""
_LINKED = ["no-read by touch", "quiet-callbacks", "entries by touch", "claim"]
_GONE = "missing from the recording|came while the app was not watched|of the recorded time was watched"

MEANS: list[tuple[str, Hide, list[str], str]] = [
    ("damage", damage, SEEN, "is damaged or has no end"),
    ("damage of a whole segment", damage_of_a_whole_segment, _ALONE, "is damaged or has no end"),
    ("cut tail", cut_the_tail, SEEN, "is damaged or has no end"),
    ("another part", another_part, SEEN, "a part of the recording was not given"),
    ("junk line", junk_line, SEEN, "1 line of the recording cannot be read"),
    ("loss", lose, SEEN, _GONE),
    ("announced loss", lose_and_say_so, SEEN, _GONE),
    ("gap", gap, _HOOKED, _GONE),
    ("unnamed process", unnamed_process, _ALONE, "not named"),
    ("process never ready", never_ready, _ALONE, "attached to and watched for no time"),
    ("removed hooks", remove_hooks, _HOOKED, "not hooked for"),
    ("one removed hook", remove_one_hook, _HOOKED, "not hooked for"),
    ("skipped hook", skip_one_hook, _HOOKED, "not hooked: "),
    ("short report", end_the_report, [*_OF_REPORT, "no-unreported"], "report does not span"),
    ("report hole", open_a_hole, [*_OF_REPORT, "no-unreported"], "report does not span"),
    ("spoilt report", spoil_the_report, _OF_REPORT, "of the report could not be read"),
    *((f"zone {zone!r}", with_value(unknown_zone, zone), ["no-read at night"], "time zone")
      for zone in (None, 5, "Mars/Phobos", "GMT-25")),
    *((f"depth {depth!r}", with_value(unknown_depth, depth), [name for name in READS if name != "entries of query"], "of a depth that this version")
      for depth in ("original", None, 7, "Data")),
    ("unknown kind", unknown_kind, _HOOKED, "of kinds that this version does not know"),
    *((f"observer {one!r}", with_value(unreadable_observer, one), ["no-observer"], "1 observer cannot be read")
      for one in (None, "Tracker", {}, {"class": 7}, 3)),
    ("set clock", set_the_clock, ["no-read at night", "no-unreported"], "clock was set once"),
    ("contradicting file", contradict, SEEN, "refused"),
    ("escaped hand-off", escape, _LINKED, "handed-on work was not followed|by time only"),
    ("lost origin", lose_the_origin, _LINKED, "is not known|missing from"),
    ("odd cause", with_value(odd_value, "cause"), _LINKED, "is not known"),
    ("odd bytes", with_value(odd_value, "bytes"), ["ceiling of bytes"], "values of another type"),
    *((f"state {value!r}", with_value(unknown_state, value), ["no-read in the background", "claim"], "state|background")
      for value in ("foreground", None, 3)),
    ("missed state", miss_the_state, ["no-read in the background"], "not hooked for"),
    ("missed permission", deny, ["no-unreported"], "while the permission seemed to be denied"),
]  # fmt: skip
"""Name, means, the rules whose breach it can hide, and what is said of it."""
