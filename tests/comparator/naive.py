"""The verdict rules once more, straight from the contract's section 4: slow, plain, and sharing nothing with the program.

Reads events and rows as the files have them. Covers what the contract says in so many words: cause, match, depth,
flags, the state at the evidence that a verdict names, what set the act off, properties and the claim.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Event = dict[str, Any]

MS, S = 10**6, 10**9
LADDER = ("none", "notification", "open", "metadata", "thumbnail", "data", "upload")
LAG_NS = 3 * S


@dataclass
class Row:
    """A pair of report lines."""

    identifier: str
    app: str
    begin: int | None = None
    end: int | None = None
    picker: bool = False


def moment_ns(text: str) -> int:
    """Read RFC 3339 with milliseconds."""
    since = dt.datetime.fromisoformat(text) - dt.datetime.fromtimestamp(0, dt.UTC)
    return (since // dt.timedelta(milliseconds=1)) * MS


class Segment:
    """One attachment, from its events in order of ``seq``."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        process = [event for event in events if event["kind"] == "process"]
        self.identifier = process[0]["identifier"]
        self.assetsd = process[0]["role"] == "assetsd"
        ready = next(event for event in process if event["phase"] == "ready")
        over = next((event for event in process if event["phase"] in ("detached", "exited")), events[-1])
        self.over = over["wall_ns"]
        watched = events[events.index(ready) : events.index(over) + 1]
        self.watched = [
            (one["wall_ns"], two["wall_ns"]) for one, two in itertools.pairwise(watched) if not was_set(one, two)
        ]
        missing = [
            (before, after)
            for before, lost, after in zip(events, events[1:], events[2:], strict=False)
            if lost["kind"] == "lost"
        ]
        missing += [(one, two) for one, two in itertools.pairwise(events) if two["seq"] > one["seq"] + 1]
        self.gaps = [gap for pair in missing for gap in gaps_between(*pair)]
        self.naps = list(self.find_naps(over))
        self.asleep = [(one["wall_ns"], two["wall_ns"]) for one, two in self.naps]
        words = [event for event in events if event["kind"] == "hook" and event["probe"] == "accounting"]
        self.accounting = bool(words) and words[-1]["status"] == "installed"

        self.launched = any(
            event.get("reason") == "launch"
            or (event["phase"] == "resumed" and "suspended" not in [one["phase"] for one in process[:at]])
            for at, event in enumerate(process)
        )
        states = [event for event in events if event["kind"] == "state" and not event.get("internal")]
        self.first_state = states[0] if states else None

    def find_naps(self, over: Event) -> Iterator[tuple[Event, Event]]:
        """From each falling asleep to the next word of waking, or to what only a running process makes."""
        start = None
        for event in self.events:
            phase = event["phase"] if event["kind"] == "process" else None
            runs = event["kind"] not in ("process", "lost", "mark", "clock")
            runs &= not event.get("internal")
            if start and (phase == "resumed" or event is over or (runs and event["mono_ns"] >= start["mono_ns"])):
                yield start, event
                start = None
            if phase == "suspended" and start is None:
                start = event

    def is_near(self, event: Event, begin: int) -> bool:
        """Whether an event is at most the lag before a begin; sleep of its own process does not count."""
        slept = sum(
            max(0, min(stop, begin) - max(start, event["wall_ns"])) for start, stop in self.asleep if stop > start
        )
        return event["wall_ns"] < begin + MS and begin - event["wall_ns"] - slept <= LAG_NS

    def origin_kind(self, event: Event) -> str | None:
        """What an event sets off that is named as a cause; None for what is no origin."""
        if event.get("internal"):
            return None
        if event["kind"] in ("notification", "input"):
            return "change" if event["kind"] == "notification" else "touch"
        if event["kind"] != "state":
            return None
        if event.get("reason") not in (None, "launch"):
            return "wake"
        launch = event.get("reason") == "launch" or (event is self.first_state and self.launched)
        return "launch" if launch else "activation"

    def is_near_origin(self, event: Event) -> bool:
        """Whether an act shortly after an event may be its doing."""
        if self.origin_kind(event) is None:
            return False
        if event["kind"] != "state":
            return True
        return event.get("changed") is not False and (event.get("reason") is not None or event["value"] == "active")

    def awake_ns(self, one: Event, two: Event) -> int:
        """How long the process ran between two events, by the clock that never steps."""
        asleep = sum(
            max(0, min(stop["mono_ns"], two["mono_ns"]) - max(start["mono_ns"], one["mono_ns"]))
            for start, stop in self.naps
        )
        return two["mono_ns"] - one["mono_ns"] - asleep

    def after_losses(self) -> list[int]:
        """The places of the events before which events are missing."""
        places = []
        for at, event in enumerate(self.events):
            if event["kind"] == "lost":
                places.append(min(at + 1, len(self.events) - 1))
            if at and event["seq"] > self.events[at - 1]["seq"] + 1:
                places.append(at)
        return places

    def set_off(self, act: Event) -> tuple[str, str, Event | None]:
        """What set an act off, how that is known, and the origin."""
        at = self.events.index(act)
        if act.get("cause") is not None or act.get("cause_lost"):
            for event in self.events[:at]:
                if event["seq"] == act.get("cause") and (kind := self.origin_kind(event)):
                    return kind, "link", event
            return "unknown", "none", None
        origins = [one for one in self.events[:at] if self.is_near_origin(one) and self.awake_ns(one, act) <= LAG_NS]
        missing = [one for one in self.after_losses() if one <= at and self.awake_ns(self.events[one], act) <= LAG_NS]
        if origins:
            missing = [one for one in self.after_losses() if self.events.index(origins[-1]) < one <= at]
        if missing:
            return "unknown", "none", None
        if origins:
            return self.origin_kind(origins[-1]) or "", "time", origins[-1]
        return "none", "none", None

    def covers(self, at: int | Fraction) -> bool:
        """Whether it was watched then, but for what was lost."""
        return any(start <= at <= stop for start, stop in self.watched)

    def contact(self, refuted: frozenset[str]) -> Event | None:
        """The first contact, where it could be seen."""
        if "opening_makes_entry" in refuted:
            return None
        registered = set()
        for event in self.events:
            if event["kind"] == "observer" and event["action"] == "registered":
                registered.add(event["observer"]["id"])
            # Listed again with the hooks: its registration was seen.
            if event["kind"] == "observer" and event["action"] == "found" and event["observer"]["id"] not in registered:
                return None
        return next(
            (
                event
                for event in self.events
                if level(event) in (2, 3) and not (event["kind"] == "observer" and "registration_opens" in refuted)
            ),
            None,
        )

    def state(self, at: Event) -> str:
        """The state in force at an event; unknown before the first word and after a loss."""
        said = "unknown"
        previous = 0
        for event in self.events:
            if event["kind"] == "lost" or event["seq"] > previous + 1:
                said = "unknown"
            if event["kind"] == "state":
                said = event["value"]
            previous = event["seq"]
            if event is at:
                break
        return said


def was_set(one: Event, two: Event) -> bool:
    """Whether the wall clock was set between two events: it went back, or over half a second further than the other clock."""
    passed = two["mono_ns"] - one["mono_ns"]
    apart = abs(two["wall_ns"] - one["wall_ns"] - passed)
    return two["wall_ns"] < one["wall_ns"] or apart > S // 2 + passed // 1000


def gaps_between(one: Event, two: Event) -> list[tuple[int, int]]:
    """Where on the wall clock events are missing between two: on both sides, if it was set back between them."""
    lasted = two["mono_ns"] - one["mono_ns"]
    if two["wall_ns"] >= one["wall_ns"]:
        return [(one["wall_ns"], two["wall_ns"])]
    return [(one["wall_ns"], one["wall_ns"] + lasted), (two["wall_ns"] - lasted, two["wall_ns"])]


def level(event: Event) -> int:
    """The step of the ladder; 0 for what is not on it."""
    if event.get("internal"):
        return 0
    if event["kind"] == "notification":
        return 1
    if event["kind"] == "observer":
        return 2 if event["action"] == "registered" else 0
    if event["kind"] == "access" and event["depth"] in LADDER:
        return LADDER.index(event["depth"])
    return 0


class Judge:
    """Says of each row what the contract says; all segments belong to one session. ``refuted``: facts of docs/verdicts.md."""

    def __init__(self, events: list[Event], rows: list[Row], last_ns: int, refuted: frozenset[str]) -> None:
        numbers = sorted({event["segment"] for event in events})
        self.segments = [
            Segment(sorted((e for e in events if e["segment"] == n), key=lambda e: e["seq"])) for n in numbers
        ]
        self.rows, self.last_ns, self.refuted = rows, last_ns, refuted

    def own(self, row: Row) -> list[Segment]:
        """The segments of the process that could have made an entry."""
        return [segment for segment in self.segments if segment.identifier == row.app and not segment.assetsd]

    def covered(self, row: Row, at: int | Fraction) -> bool:
        """Whether the app was watched then: what one of its processes lost, the others do not make good."""
        gaps = [gap for segment in self.own(row) for gap in segment.gaps]
        return any(segment.covers(at) for segment in self.own(row)) and not any(
            start < at < stop for start, stop in gaps
        )

    def window(self, row: Row) -> int:
        """Where what is under the row begins: by the clock, sleep included."""
        assert row.begin is not None
        return row.begin - LAG_NS

    def between(self, row: Row, start: int, stop: int) -> list[tuple[Segment, Event]]:
        """What the app did on the ladder in [start, stop)."""
        return [
            (segment, event)
            for segment in self.own(row)
            for event in segment.events
            if level(event) and start <= event["wall_ns"] < stop
        ]

    def near(self, row: Row) -> list[tuple[Segment, Event]]:
        """What is near the row's begin."""
        assert row.begin is not None
        begin = row.begin
        return [
            (segment, event)
            for segment in self.own(row)
            for event in segment.events
            if level(event) and segment.is_near(event, begin)
        ]

    def cause(self, row: Row) -> tuple[str, str]:
        """Cause and match: the first that holds."""
        if row.picker:
            return "picker", "none"
        sources = [
            segment.assetsd
            for segment in self.segments
            for event in segment.events
            if event["kind"] == "accounting" and event["identifier"] == row.identifier
        ]
        if sources and "identifier_is_shown" not in self.refuted:
            return "open" if all(sources) else "query", "identifier"
        if row.begin is None or not self.covered(row, row.begin - 50 * MS):
            return "unobserved", "none"
        near = self.near(row)
        if any(event is segment.contact(self.refuted) for segment, event in near):
            return "open", "time"
        makers = {3} - ({3} if "query_makes_entry" in self.refuted else set())
        makers |= {4, 5} if "reads_make_no_entry" in self.refuted else set()
        unaccounted = [
            event for segment, event in near if not segment.accounting or "identifier_is_shown" in self.refuted
        ]
        if any(level(event) in makers for event in unaccounted):
            return "query", "time"
        if near and all(level(event) == 1 for _, event in near) and "delivery_makes_entry" not in self.refuted:
            return "notification", "time"
        return "unexplained", "none"

    def act(self, row: Row) -> tuple[Segment, Event] | None:
        """The act that made a row."""
        cause, match = self.cause(row)
        if match == "identifier":
            return self.accounted_act(row, {3} if cause == "query" else {2, 3})
        near = self.near(row)
        if cause == "open":
            near = [(segment, event) for segment, event in near if event is segment.contact(self.refuted)]
        elif cause == "query":
            makers = {3} - ({3} if "query_makes_entry" in self.refuted else set())
            makers |= {4, 5} if "reads_make_no_entry" in self.refuted else set()
            near = [
                (segment, event)
                for segment, event in near
                if level(event) in makers and (not segment.accounting or "identifier_is_shown" in self.refuted)
            ]
        return min(near, key=lambda one: one[1]["wall_ns"])

    def accounted_act(self, row: Row, levels: set[int]) -> tuple[Segment, Event] | None:
        """The last such event before the accounting of a row's identifier, within the lag and with nothing lost between."""
        found = [
            (segment.assetsd, segment, event)
            for segment in self.segments
            for event in segment.events
            if event["kind"] == "accounting" and event["identifier"] == row.identifier
        ]
        _, segment, accounting = min(found, key=lambda one: one[0])
        at = segment.events.index(accounting)
        for place in range(at - 1, -1, -1):
            event = segment.events[place]
            if level(event) in levels:
                lost = any(place < one <= at for one in segment.after_losses())
                return None if lost or segment.awake_ns(event, accounting) > LAG_NS else (segment, event)
        return None

    def trigger(self, row: Row) -> dict[str, Any] | None:
        """What set the act off that made a row."""
        cause, _ = self.cause(row)
        if cause in ("picker", "unexplained", "unobserved"):
            return None
        act = self.act(row)
        if act is None:
            return {"kind": "unknown", "by": "none", "event": None, "delay_ms": None, "what": None}
        segment, event = act
        kind, by, origin = ("change", "time", event) if cause == "notification" else segment.set_off(event)
        if origin is None:
            return {"kind": kind, "by": by, "event": None, "delay_ms": None, "what": None}
        what = origin["observer"]["class"] if kind == "change" else origin["reason"] if kind == "wake" else None
        delay_ms = round((event["mono_ns"] - origin["mono_ns"]) / MS, 3)
        name = f"1:{origin['segment']}:{origin['seq']}"
        return {"kind": kind, "by": by, "event": name, "delay_ms": delay_ms, "what": what}

    def triggers(self, row: Row) -> dict[str, int]:
        """The queries and reads of a row by what set each off."""
        acts = self.between(row, self.window(row), self.end(row) + MS)
        return dict(Counter(segment.set_off(event)[0] for segment, event in acts if level(event) >= 3))

    def properties(self, row: Row) -> dict[str, int]:
        """The getters that were counted in a row's time."""
        found: Counter[str] = Counter()
        for segment in self.own(row):
            for event in segment.events:
                if event["kind"] == "property" and self.window(row) <= event["wall_ns"] < self.end(row) + MS:
                    found[event["symbol"]] += event["count"]
        return dict(found)

    def claim(self, app: str, states: dict[str, str]) -> dict[str, Any]:
        """How far an app's entries in the background fit what its maker says. states: by the rows' identifiers."""
        counts = Counter[str]()
        fitting = ["none"]
        for row in self.rows:
            cause, trigger = self.cause(row)[0], self.trigger(row)
            if row.app != app or states[row.identifier] != "background" or cause == "picker":
                continue
            counts["entries"] += 1
            if cause == "open":
                counts["opens"] += 1
            elif trigger is None or trigger["kind"] == "unknown":
                counts["undecided"] += 1
            elif trigger["kind"] == "change":
                counts[f"fits_by_{trigger['by']}"] += 1
                fitting.append(self.depth(row))
            else:
                counts["contradicts"] += 1
        parts = ("entries", "opens", "fits_by_link", "fits_by_time", "contradicts", "undecided")
        deepest = max(fitting, key=LADDER.index)
        return {
            "claim": "background-only-on-change",
            **{name: counts[name] for name in parts},
            "deepest_fitting": deepest,
        }

    def end(self, row: Row) -> int:
        """Up to when the row counts."""
        return self.last_ns if row.end is None else row.end

    def depth(self, row: Row) -> str:
        """The deepest step from begin − lag to the end."""
        return LADDER[max((level(e) for _, e in self.between(row, self.window(row), self.end(row) + MS)), default=0)]

    def flags(self, row: Row) -> set[str]:
        """Those flags that follow from the rows alone, ambiguity, and the opened library."""
        assert row.begin is not None
        found = set()
        edges = {self.window(row), self.end(row)}
        for segment in self.own(row):
            edges |= {edge for span in (*segment.watched, *segment.gaps) for edge in span}
        within = sorted(edge for edge in edges if self.window(row) <= edge <= self.end(row))
        middles = {self.covered(row, Fraction(one + two, 2)) for one, two in itertools.pairwise(within)}
        if middles == {True, False}:
            found.add("partly-observed")
        if row.end is None:
            found.add("still-open")
        elif "idle_timer_closes" not in self.refuted and 59_900 * MS <= row.end - row.begin <= 75_600 * MS:
            found.add("lone-access")
        cause, _ = self.cause(row)
        if cause == "open":
            found.add("library-open")
        others = [other for other in self.rows if other is not row and other.app == row.app]
        if not row.picker and any(
            other.begin is not None and not other.picker and abs(other.begin - row.begin) <= 2 * S for other in others
        ):
            found.add("twin")
        if self.doubtful(row):
            near = [event for _, event in self.near(row)]
            if any(event in near for other in others if self.doubtful(other) for _, event in self.near(other)):
                found.add("ambiguous")
        return found

    def doubtful(self, row: Row) -> bool:
        """Whether only time can say what made a row."""
        cause, match = self.cause(row)
        return match != "identifier" and cause not in ("picker", "unobserved")

    def state(self, row: Row, evidence: list[str]) -> str:
        """The state in force at the evidence that a verdict names, else at the begin."""
        named = {tuple(int(part) for part in name.split(":")[1:]) for name in evidence}
        states = set()
        for segment in self.segments:
            for event in segment.events:
                if (event["segment"], event["seq"]) in named:
                    # A daemon has no state of its own: the app's counts.
                    states.add(self.state_at(row, event["wall_ns"]) if segment.assetsd else segment.state(event))
        if not named:
            assert row.begin is not None
            states.add(self.state_at(row, row.begin))
        return "mixed" if len(states) > 1 or "mixed" in states else states.pop()

    def state_at(self, row: Row, at: int) -> str:
        """The app's state at a moment; unknown where it was not watched."""
        if not self.covered(row, at):
            return "unknown"
        states = {
            segment.state([event for event in segment.events if event["wall_ns"] <= at][-1])
            for segment in self.own(row)
            if segment.covers(at)
        } - {"unknown"}
        return "unknown" if not states else states.pop() if len(states) == 1 else "mixed"
