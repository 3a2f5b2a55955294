"""Small worlds whose times are on the edges of the rules: the program and a plain reading of the contract agree."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import uuid
from typing import Any
from unittest import mock

import pytest

from comparator.naive import LAG_NS, MS, Event, Judge, Row, S
from lightleak.comparator import api
from lightleak.comparator.assumptions import Assumptions
from simulator.judging import compared
from tracekit import HEADER

START_NS = 1_790_000_000 * S
LENGTH_S = 120
APPS = ("com.example.one", "com.example.two")
DEPTHS = ("open", "metadata", "metadata", "thumbnail", "data", "write", "picker")
NEAR_NS = (
    *(-LAG_NS + step for step in (-MS, -1, 0, 1)),
    *(step * MS for step in (-2000, -1500, -60, -40, -1, 0, 300, 1000, 4000)),
    *(MS - 1, MS),
)
SWITCHES = (
    "identifier_is_shown", "query_makes_entry", "registration_opens", "opening_makes_entry", "delivery_makes_entry",
    "reads_make_no_entry", "idle_timer_closes",
)  # fmt: skip
LENGTHS_MS = (300, 5000, 10_000, 59_899, 59_900, 60_000, 75_600, 75_601)


class World:
    """A session of two apps and assetsd, and the report's rows; all from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows = [self.row(n) for n in range(self.random.randint(1, 7))]
        self.events: list[Event] = []
        self.clock_was_set = False
        self.refuted = frozenset(fact for fact in SWITCHES if self.random.random() < 0.07)
        for app in APPS:
            self.live(app)
        if self.random.random() < 0.5:
            self.attach(("com.apple.assetsd", "assetsd"), (10, LENGTH_S - 10))

    def row(self, n: int) -> Row:
        """Make a row; begins are on half seconds, often close together."""
        begin = START_NS + self.random.choice([40, 40, 41, 43, 44, 46, self.random.randint(5, 70)]) * S
        begin += self.random.choice([0, 500]) * MS
        end = begin + self.random.choice(LENGTHS_MS) * MS if self.random.random() < 0.85 else None
        identifier = str(uuid.UUID(int=(n + 1) << 64 | 0x4000_8000_0000_0000_0000)).upper()
        return Row(identifier, self.random.choice(APPS), begin, end, picker=self.random.random() < 0.1)

    def live(self, app: str) -> None:
        """Attach to an app once, twice in turn or at the same time, or not at all."""
        a, b, c, d = sorted(self.random.sample(range(0, LENGTH_S, 4), 4))
        intervals = ([], [(1, LENGTH_S)], [(a, b), (c, d)], [(a, c), (b, d)])
        for interval in intervals[self.random.choice((0, 1, 1, 2, 3))]:
            self.attach((app, "app"), interval)

    def attach(self, who: tuple[str, str], interval: tuple[int, int]) -> None:
        """Make a segment."""
        ready, over = (START_NS + at * S + 250 * MS for at in interval)
        number = 1 + max((event["segment"] for event in self.events), default=0)
        about: Event = {"kind": "process", "pid": number, "name": who[0], "identifier": who[0], "role": who[1]}
        inner = [event for event in self.deeds(who) if ready < event["wall_ns"] < over]
        inner += self.naps([event["wall_ns"] for event in inner], (ready, over), about)
        inner.sort(key=lambda event: event["wall_ns"])
        started = {"reason": "launch"} if self.random.random() < 0.3 else {}
        story = [{**about, "phase": "attached", "wall_ns": ready - 2, **started}]
        if self.random.random() < 0.6:
            story += [
                {"kind": "hook", "probe": "accounting", "symbol": "a", "status": "installed", "wall_ns": ready - 1}
            ]
        story += [{**about, "phase": "ready", "wall_ns": ready}, *inner]
        story += [{**about, "phase": self.random.choice(("detached", "exited")), "wall_ns": over}]
        seq, moved, set_at = 0, 0, self.random.randrange(len(story)) if self.random.random() < 0.15 else None
        for at, event in enumerate(story):
            if at == set_at:
                moved = self.random.choice((-9_000, -1_500, 700, 4_000)) * MS
                self.clock_was_set = True
            seq += 2 if event in inner and self.random.random() < 0.03 else 1
            is_linked = event["kind"] in ("access", "observer", "notification") and self.random.random() < 0.4
            self.events.append(
                {
                    "segment": number,
                    "seq": seq,
                    "mono_ns": event["wall_ns"] - START_NS + S,
                    "tid": 1,
                    **event,
                    **(self.link(seq) if is_linked else {}),
                    "wall_ns": event["wall_ns"] + moved,
                }
            )

    def link(self, seq: int) -> Event:
        """What an act says of its cause: an event before it, or one that cannot be."""
        if self.random.random() < 0.1:
            return {"cause_lost": True}
        return {"cause": max(1, seq - self.random.choice((0, 1, 1, 2, 2, 3, 4, 5, 6, 8, -1, -3, -900)))}

    def deeds(self, who: tuple[str, str]) -> list[Event]:
        """What a process does, close to the begins of rows."""
        found = []
        for row in self.rows:
            for _ in range(self.random.choice((0, 1, 1, 2, 4))):
                assert row.begin is not None
                at = row.begin + self.random.choice(NEAR_NS)
                found.append(
                    {"wall_ns": at, **self.deed(row)} if who[1] == "app" else {"wall_ns": at, **self.opened(row)}
                )
            if who[1] == "app" and not row.picker and self.random.random() < 0.4:
                found += self.chain(row)
        return found

    def chain(self, row: Row) -> list[Event]:
        """A query shortly before a row's begin, what came before it, and its accounting; some of the three now and then."""
        assert row.begin is not None
        query: Event = {"kind": "access", "depth": "metadata", "symbol": "s", "cause": None}
        accounting = {"kind": "accounting", "phase": "begin", "identifier": row.identifier, "service": "photos"}
        steps = [(-self.random.choice((2900, 800, 300)), self.deed(row)), (-250, query), (-240, accounting)]
        return [
            {"wall_ns": row.begin + at * MS, **event}
            for at, event in steps
            if event is query or self.random.random() < 0.8
        ]

    def deed(self, row: Row) -> Event:
        """Something an app does."""
        kinds: list[Event] = [
            {"kind": "notification", "observer": {"class": "C", "id": "0x1"}, "change": "0x2", "type": "change"},
            {"kind": "access", "depth": self.random.choice(DEPTHS), "symbol": "s", "cause": None},
            {"kind": "access", "depth": "data", "symbol": "s", "cause": None, "internal": True},
            {"kind": "observer", "action": self.random.choice(("registered", "unregistered", "found")),
             "observer": {"class": "C", "id": "0x1"}, "type": "change"},
            {"kind": "state", "value": self.random.choice(("active", "inactive", "background", "unknown")),
             "reason": self.random.choice((None, None, "launch", "silent-push", "url"))},
            {"kind": "lost", "count": 3, "reason": "overload"},
            {"kind": "mark", "label": "x"},
            {"kind": "input", "type": "touch"},
            {"kind": "property", "symbol": self.random.choice(("-[PHAsset location]", "s")), "count": 3},
            {"kind": "input", "type": "key", "internal": True},
        ]  # fmt: skip
        if not row.picker:
            kinds.append(self.opened(row))
        deed = self.random.choices(kinds, (6, 8, 1, 2, 3, 1, 1, 2, 1, 1, 2)[: len(kinds)])[0]
        if deed["kind"] == "state" and self.random.random() < 0.2:
            deed["changed"] = False
        return deed

    def opened(self, row: Row) -> Event:
        """An accounting event with the row's identifier, or with one that no row has."""
        known = row.identifier if not row.picker and self.random.random() < 0.7 else str(uuid.UUID(int=7)).upper()
        return {"kind": "accounting", "phase": "begin", "identifier": known, "service": "photos"}

    def naps(self, busy: list[int], interval: tuple[int, int], about: dict[str, Any]) -> list[Event]:
        """Put the process to sleep where it does nothing for a while."""
        found = []
        edges = sorted({interval[0], *busy, interval[1]})
        for one, two in itertools.pairwise(edges):
            if two - one > S and self.random.random() < 0.3:
                start = (one // MS + 7) * MS
                stop = (two // MS - self.random.choice((7, 107))) * MS
                found += [
                    {**about, "phase": "suspended", "wall_ns": start},
                    {**about, "phase": "resumed", "wall_ns": stop},
                ]
        return found

    def report(self) -> list[str]:
        """The rows as lines."""
        halves = [(row.begin, "intervalBegin", row) for row in self.rows]
        halves += [(row.end, "intervalEnd", row) for row in self.rows if row.end is not None]
        return [
            json.dumps(
                {"accessor": {"identifier": row.app, "identifierType": "bundleID"}, "category": "photos",
                 "identifier": row.identifier, "kind": kind, "type": "access",
                 "timeStamp": stamp(at), **({"outOfProcess": True} if row.picker else {})}
            )
            for at, kind, row in halves if at is not None
        ]  # fmt: skip

    @property
    def last_ns(self) -> int:
        """The report's last moment."""
        return max(at for row in self.rows for at in (row.begin, row.end) if at is not None)


def stamp(at: int) -> str:
    """Write a moment as a report does."""
    moment = dt.datetime.fromtimestamp(at // S, dt.timezone(dt.timedelta(hours=8)))
    return moment.isoformat(timespec="seconds").replace("+", f".{at % S // MS:03d}+")


@pytest.mark.parametrize("block", range(6))
def test_small_worlds_are_judged_as_the_contract_says(block):
    for seed in range(block * 40, block * 40 + 40):
        world = World(seed)
        plain = Judge(world.events, world.rows, world.last_ns, world.refuted)
        facts = Assumptions(**dict.fromkeys(world.refuted, False))
        with mock.patch.object(api, "shift_test", return_value=None):
            shown = compared(HEADER, [world.events], world.report(), apps=list(APPS), facts=facts).to_dict()
        found = {verdict["identifier"]: verdict for verdict in shown["entries"]}
        assert set(found) == {row.identifier for row in world.rows}
        for row in world.rows:
            said = found[row.identifier]
            wanted = {
                **dict(zip(("cause", "match"), plain.cause(row), strict=True)),
                "depth": plain.depth(row),
                "flags": plain.flags(row),
                "state": plain.state(row, said["evidence"]),
                "trigger": plain.trigger(row),
                "triggers": plain.triggers(row),
                "properties": plain.properties(row),
            }
            if world.clock_was_set:  # Which of two states was in force at a time that came twice is not known.
                del wanted["state"]
            assert {**{key: said[key] for key in wanted}, "flags": set(said["flags"])} == wanted, (seed, row, said)
        states = {name: verdict["state"] for name, verdict in found.items()}
        for app in APPS:
            assert shown["summary"][app]["claims"] == [plain.claim(app, states)], seed
