"""Small random worlds from a seed: sessions and a report, without sense and without the comparator's help.

Clocks are set and sleeps lose their end in some, processes of the app run at once, and a segment can lose events before it is
ready. What the comparator does in another way is left to ``rough`` worlds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import lightleak
from lightleak.trace.ndjson import import_trace
from stories import APP, T0_S, ident, stamp

EXTENSION = f"{APP}.share"
LOOKALIKE = f"{APP}.pro"
"""Named as an extension of the app would be, and another app: "its ``role`` says, never its name"."""
TEAM = "5Q4J53EFRC."
OTHER = "org.example.other"
MS = 1_000_000
T0_NS = T0_S * 1_000_000_000
LAST_IDENTIFIER = 8
"""Entries have the identifiers 0 to this; accounting events take theirs from here too."""

_KINDS = (
    ("metadata", 6), ("thumbnail", 2), ("data", 2), ("upload", 1), ("open", 1), ("write", 1), ("picker", 1),
    ("notification", 5), ("input", 3), ("state", 4), ("registered", 1), ("asked", 0.7), ("read", 0.5),
    ("accounting", 4), ("property", 1.5), ("lost", 0.8), ("hole", 0.8), ("sleep", 1.2), ("mark", 0.7), ("strange", 0.3),
    ("hook", 0.7), ("set", 0.4), ("odd", 0.4),
)  # fmt: skip
_REASONS = ("background-task", "silent-push", "voip-push", "background-url-session", "location", "url", "other")

_ODD: tuple[dict[str, Any], ...] = (
    {"depth": "original", "action": "seen", "type": "unavailable", "change": "c"},
    {"action": "unregistered", "type": "unavailable", "observer": None},
)


@dataclass
class World:
    """Sessions as lists of events, the lines of a report, and the lag in seconds."""

    seed: int
    lag_s: float
    sessions: list[list[dict[str, Any]]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def lag_ns(self) -> int:
        return round(self.lag_s * 1e9)

    def save_sessions(self, folder: Path) -> list[lightleak.Session]:
        """Write the sessions as files and open them."""
        saved = []
        for n, events in enumerate(self.sessions, 1):
            header = {
                "kind": "header", "format": "lightleak-trace", "version": 2,
                "session": f"00000000-0000-4000-8000-{self.seed:010d}{n:02d}", "tool": "test",
                "device": {"name": "phone", "time_zone": "Asia/Shanghai"}, "target": {"identifier": APP},
            }  # fmt: skip
            trace, name = folder / f"{self.seed}-{n}.ndjson", folder / f"{self.seed}-{n}.lightleak"
            trace.write_text("".join(json.dumps(line) + "\n" for line in [header, *events]))
            import_trace(trace, name)
            trace.unlink()
            saved.append(lightleak.open(name))
        return saved

    def save_report(self, folder: Path) -> Path:
        path = folder / f"{self.seed}.report.ndjson"
        path.write_text("".join(json.dumps(line) + "\n" for line in self.lines))
        return path


class _Process:
    """One segment under construction: its clock goes on with each event."""

    def __init__(self, random: Random, number: int, at: int, who: dict[str, Any]) -> None:
        self.random = random
        self.number = number
        self.at = at
        self.seq = 0
        self.who = who
        self.events: list[dict[str, Any]] = []
        self.origins: list[int] = []
        self.ahead = 0
        """By how much the wall clock was set, ns."""
        self.sleeps = self.steps = self.rough = False

    def add(self, kind: str, **keys: Any) -> dict[str, Any]:
        self.seq += 1
        event = {
            "kind": kind, "segment": self.number, "seq": self.seq,
            "wall_ns": T0_NS + self.at + self.ahead, "mono_ns": 10**15 + self.at, **keys,
        }  # fmt: skip
        self.events.append(event)
        return event

    def wait(self) -> None:
        random = self.random
        low, high = random.choice(
            [(0, 0), (1, 50), (1, 50), (50, 1000), (50, 1000), (1000, 5000), (1000, 5000), (9e3, 8e4)]
        )
        self.at += round(random.uniform(low, high)) * MS
        if random.random() < 0.3:
            self.at += random.randrange(MS)

    def start(self) -> None:
        random = self.random
        born = random.random() < 0.4
        self.add("process", phase="attached", **self.who, **({"reason": "launch"} if born else {}))
        if random.random() < 0.1:
            self.happen(random.choice(["hole", "lost", "metadata", "state"]))  # before it is ready
        status = random.choice(["installed", "installed", "skipped", None])
        if status:
            self.add("hook", probe="accounting", symbol="-[PAAccessLogger log:]", status=status)
        self.at += random.choice([0, 1, 100]) * MS
        self.add("process", phase="ready", **self.who)
        if born and random.random() < 0.7:
            reason = random.choice(["launch", "launch", None, random.choice(_REASONS)])
            value = random.choice(["active", "inactive", "background"])
            self.origins.append(self.add("state", value=value, reason=reason)["seq"])
        if not born and random.random() < 0.2:
            self.add("observer", action="found", observer={"class": "Grid", "id": "1"}, type="change")
        if not born and random.random() < 0.5:
            self.add("state", value=random.choice(["active", "background"]), reason=None, changed=False)

    def end(self) -> None:
        phase = self.random.choice(["detached", "exited", None])
        if phase:
            self.wait()
            self.add("process", phase=phase, **self.who)

    def cause(self) -> dict[str, Any]:
        """Return a cause: none, a true one, or one that cannot be."""
        random = self.random
        what = random.random()
        if what < 0.35:
            return random.choice([{}, {"cause": None}])
        if what < 0.75 and self.origins:
            return {"cause": random.choice(self.origins[-3:])}
        if what < 0.79:
            return {"cause_lost": True}
        if what < 0.90:  # anything before, itself, what comes, what never came
            return {"cause": max(1, self.seq + random.choice([-9, -6, -4, -3, -2, -1, 0, 1, 2, 5, 400]))}
        return {}

    def happen(self, kind: str) -> None:
        random = self.random
        hidden = {"internal": True} if random.random() < 0.05 else {}
        observer = {"class": random.choice(["Grid", "Sync"]), "id": "1"}
        if kind in {"metadata", "thumbnail", "data", "upload", "open", "write", "picker"}:
            self.add("access", depth=kind, symbol=f"-[PH {kind}]", **self.cause(), **hidden)
        elif kind == "notification":
            type_ = random.choice(["change", "change", "change", "persistent-changes"])
            named = random.choice([{"observer": observer}, {"observer": observer}, {}])
            event = self.add("notification", change="c", type=type_, **named, **self.cause(), **hidden)
            self.origins.append(event["seq"])
        elif kind == "input":
            self.origins.append(self.add("input", type=random.choice(["touch", "key"]), **hidden)["seq"])
        elif kind == "state":
            value = random.choice(["active", "inactive", "background", "background", "unknown"])
            reason = random.choice([None, None, "launch", *_REASONS[:3]])
            self.origins.append(self.add("state", value=value, reason=reason, **hidden)["seq"])
        elif kind == "registered":
            kind = "found" if self.rough and random.random() < 0.3 else kind
            self.add("observer", action=kind, observer=observer, type="change", **self.cause(), **hidden)
        elif kind in {"asked", "read"}:
            status = random.choice(["authorized", "limited", "denied", "not-determined"])
            said = {} if kind == "asked" else {"status": status}
            self.add("authorization", symbol="s", action=kind, level="readWrite", **said, **self.cause(), **hidden)
        elif kind == "accounting":
            if random.random() < 0.6:
                self.happen("metadata")
                self.at += random.choice([0, 1, 20, 900]) * MS
            identifier = ident(random.randint(0, LAST_IDENTIFIER))
            self.add("accounting", phase="begin", identifier=identifier, service="photos", **hidden)
        elif kind == "property":
            symbol = random.choice(["-[PHAsset location]", "-[PHAsset filename]"])
            self.add("property", symbol=symbol, count=random.randint(1, 9), assets=1, **hidden)
        elif kind == "lost":
            self.add("lost", count=random.randint(1, 9), reason="queue full")
        elif kind == "hole":
            self.seq += random.randint(1, 3)
        elif kind == "sleep" and self.sleeps:
            self.sleep()
        elif kind == "mark":
            self.add("mark", label="m")
        elif kind == "hook":
            status = random.choice(["installed", "removed", "removed", "skipped"])
            self.add("hook", probe="accounting", symbol="-[PAAccessLogger log:]", status=status)
        elif kind == "set" and self.steps:
            self.ahead += random.choice([-70_000, -9_000, -700, 300, 700, 9_000, 70_000, 4_000_000]) * MS
        elif kind == "strange":
            self.add("strange", cause=1)
        elif kind == "odd":  # what cannot be read is on no step, and no origin
            self.add(*random.choice([("access",), ("observer",), ("notification",)]), **random.choice(_ODD), **hidden)

    def sleep(self) -> None:
        self.add("process", phase="suspended", **self.who)
        self.wait()
        if self.random.random() < 0.3:
            self.add("mark", label="asleep")
            self.wait()
        if self.random.random() < 0.8:
            self.add("process", phase="resumed", **self.who)

    def live(self, acts: int) -> None:
        self.start()
        kinds, weights = zip(*_KINDS, strict=True)
        for kind in self.random.choices(kinds, weights, k=acts):
            self.wait()
            self.happen(kind)
        self.end()


def world(seed: int, *, rough: bool = False) -> World:
    """Return the world of a seed. rough: also with what is not decided yet (``test_findings.py`` has each on its own)."""
    random = Random(seed)
    made = World(seed, random.choice([3.0, 3.0, 3.0, 0.5, 1.25, 10.0]))
    sleeps, steps, at_once = rough or random.random() < 0.4, random.random() < 0.25, random.random() < 0.2
    at = ahead = 0
    for _ in range(random.choice([1, 1, 1, 2])):
        events: list[dict[str, Any]] = []
        number = 0
        for _ in range(random.choice([1, 1, 2, 3])):
            number += 1
            process = _Process(random, number, at, _who(random.choice(["", "", "", TEAM]) + APP, "app", number))
            process.sleeps, process.steps, process.rough, process.ahead = sleeps, steps, rough, ahead
            process.live(random.randint(1, 20))
            ahead = process.ahead
            events += process.events
            until = process.at
            daemon = random.choice(["daemon", "other", "assetsd", "assetsd"])
            others = [_who(EXTENSION, random.choice(["extension"] * 4 + ["app", "daemon"]), 90), _who(None, daemon, 80)]
            for who in [*others, _who(LOOKALIKE, random.choice(["app", "app", "extension", "other"]), 70)]:
                if random.random() < 0.15:
                    number += 1
                    guest = _Process(random, number, at, who)
                    guest.sleeps, guest.rough = sleeps, rough
                    guest.live(random.randint(1, 6))
                    events += guest.events
                    until = max(until, guest.at)
            follows = until + random.choice([1, 20, 500, 4000, 30_000]) * MS
            # Another process of the app at the same time, or another recording of the same one.
            at = random.randint(at // MS, follows // MS) * MS if at_once else follows
        random.shuffle(events)
        made.sessions.append(events)
    _report(random, made, at)
    return made


def _who(identifier: str | None, role: str, pid: int) -> dict[str, Any]:
    return {"pid": pid, "name": role, "identifier": identifier, "role": role}


def _report(random: Random, made: World, until: int) -> None:
    """Write entries near the events, and some that are near nothing."""
    moments = [event["wall_ns"] - T0_NS for events in made.sessions for event in events]
    lag_ms = round(made.lag_s * 1000)
    ended = max(until // MS, *(moment // MS for moment in moments))
    for n in range(random.randint(1, LAST_IDENTIFIER)):
        anchor = random.choice(moments) // MS
        begin = anchor + random.choice(
            [0, 1, -1, 2, 20, 50, 51, 500, lag_ms, lag_ms + 1, lag_ms - 1, random.randint(-5000, 9000)]
        )
        length = random.choice([0, 10, 900, 5000, 59_899, 59_900, 62_000, 75_600, 75_601, 90_000, 700_000])
        end = begin + length
        if random.random() < 0.1:
            end = ended + 700_000
            begin = min(begin, end - 650_000)
        app = random.choice([APP] * 8 + [EXTENSION, LOOKALIKE, OTHER])
        team = random.choice(["", "", "", "", TEAM])
        keys: dict[str, Any] = {"outOfProcess": True} if random.random() < 0.1 else {}
        category = random.choice(["photos"] * 9 + ["contacts"])
        halves = [("intervalBegin", begin), ("intervalEnd", end)]
        if random.random() < 0.12:
            del halves[random.randrange(2)]
        for kind, ms in halves:
            line = {
                "accessCount": 0, "accessor": {"identifier": team + app, "identifierType": "bundleID"}, "category": category,
                "identifier": ident(n), "kind": kind, "timeStamp": stamp(ms / 1000), "type": "access", **keys,
            }  # fmt: skip
            made.lines.append(line)
            if random.random() < 0.03:
                made.lines.append(line)
            if random.random() < 0.03:  # another line says something else
                other = stamp((ms + random.choice([-90_000, -500, -1, 0, 1, 500, 90_000])) / 1000)
                made.lines.append({**line, "timeStamp": other, "outOfProcess": random.random() < 0.2})
    if random.random() < 0.2:  # another such app's entry: both were written at the reboot
        for kind, ms in [
            ("intervalBegin", ended - 20_000),
            ("intervalEnd", ended + 700_000 + random.choice([0, 500, 501])),
        ]:
            made.lines.append(
                {"accessCount": 0, "accessor": {"identifier": OTHER, "identifierType": "bundleID"}, "category": "location",
                 "identifier": ident(50), "kind": kind, "timeStamp": stamp(ms / 1000), "type": "access"}
            )  # fmt: skip
    random.shuffle(made.lines)
