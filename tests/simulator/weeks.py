"""A week: its plan, what happened, its trace, its report and the truth about each entry."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator import reporting, tracing
from simulator.clock import Clock
from simulator.lives import Living, visits
from simulator.origins import ESCAPES, Originating
from simulator.phone import Phone
from simulator.triggers import SetOff, set_off
from simulator.truth import Truth, Witness
from simulator.watching import Away, Watch, watch
from simulator.world import LADDER, Entry, Life

APPS = ("org.example.album", "com.example.chat")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")
STARTS_S = (1_761_004_800, 1_772_755_200, 1_790_000_000)
"""Two weeks in which clocks change to winter (Berlin) or summer time (New York), and one without a change."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``rough``: with restarts of the accounting daemon and reboots. ``days``: how long the week is.

    The ``repr``, from which everything else is drawn, is without the origins.
    """

    seed: int
    accounting: bool = True
    rough: bool = False
    days: float = 7.0
    origins: bool = field(default=False, repr=False)
    """With what sets the calls off: everything else is the same week."""
    linked: bool = field(default=True, repr=False)
    """Whether the agent follows work from its origin; without, only time is left."""


@dataclass(frozen=True, slots=True)
class Week:
    """Trace and report as lines without newlines, and the truth by identifier."""

    plan: Plan
    zone: str
    header: dict[str, Any]
    events: list[dict[str, Any]]
    report: list[str]
    truths: dict[str, Truth]
    reads: dict[str, bool] = field(default_factory=dict)
    """Recorded read by its reference as evidence → whether no entry shows it."""
    acts: dict[str, SetOff] = field(default_factory=dict)
    """Recorded act by its reference → what set it off. Only with origins."""
    origins: dict[str, int] = field(default_factory=dict)
    """Recorded origin by its reference → its identity. Only with origins."""


def simulate(plan: Plan) -> Week:
    """Simulate a week. The same plan gives the same week."""
    chance = random.Random(repr(plan))
    until = plan.days * 86_400
    restarts, reboots = ([chance.uniform(0, until) for _ in range(count)] for count in _rough(chance, plan))
    clock = _clock(chance, until, reboots)
    apps = APPS[: chance.choice((1, 2))]
    lives = [life for app in apps for life in Living(chance, app, until, reboots).lives()]
    share = f"{apps[0]}.share"
    host = [life for life in lives if life.identifier == apps[0]]
    extensions = [
        life
        for name, count in ((share, 15), (f"{apps[0]}.widget", 3))
        for life in visits(chance, name, host, accessor=chance.choice((name, apps[0])), until=until, count=count)
        if not any(abs(life.born - at) < 900 for at in reboots)
    ]
    phone = Phone(chance, until, restarts, reboots)
    entries = list(phone.entries([*lives, *extensions]))
    watched = [*lives, *(life for life in extensions if life.identifier == share and chance.random() < 0.8)]
    daemons = phone.assetsd if plan.seed % 4 == 3 else []
    watches = list(_watches(chance, [*watched, *daemons], plan, until))
    if plan.origins:
        escapes = ESCAPES if plan.linked else 1.0
        Originating(random.Random(f"origins of {plan!r}"), escapes).add([*lives, *extensions], watches)
    session = str(uuid.UUID(int=chance.getrandbits(128)))
    first, last = _shown(chance, entries, until)
    everything = [*entries, *phone.other_entries()]
    stamps = [at for entry in everything for at in (entry.begin, entry.end) if at is not None and first <= at <= last]
    marks = [mark for entry in entries for mark in entry.marks]
    witness = Witness(watches, min(stamps), max(stamps))
    names: dict[int, list[str]] = {}
    recorded = list(tracing.events(chance, clock, watches, marks, names, origins=plan.origins))
    shown = list(_reported(entries, first, last))
    return Week(
        plan,
        clock.zone,
        tracing.header(session, clock.zone, apps[0]),
        recorded,
        list(reporting.lines(clock, everything, first, last)),
        {entry.identifier: witness.truth(entry) for entry in shown},
        {name: bare for call, bare in witness.reads(shown) for name in names.get(id(call), [])},
        dict(_acts(watches, names)) if plan.origins else {},
        {name: origin for origin, found in names.items() for name in found} if plan.origins else {},
    )


def _acts(watches: Sequence[Watch], names: dict[int, list[str]]) -> Iterator[tuple[str, SetOff]]:
    """Yield the recorded acts by reference, and what set each off."""
    for number, seen in enumerate(watches, 1):
        for call in seen.life.calls:
            mine = [name for name in names.get(id(call), []) if name.startswith(f"1:{number}:")]
            if mine and call.depth in LADDER[2:]:
                yield mine[0], set_off(call, seen)


def _rough(chance: random.Random, plan: Plan) -> tuple[int, int]:
    return (chance.randrange(1, 4), chance.randrange(1, 3)) if plan.rough else (0, 0)


def _clock(chance: random.Random, until: float, reboots: list[float]) -> Clock:
    sizes = (0.3, -0.3, 1.5, -1.5, 40.0, -40.0)
    steps = [(chance.uniform(0, until), chance.choice(sizes)) for _ in range(chance.randrange(0, 3))]
    return Clock(chance.choice(STARTS_S), chance.choice(ZONES), steps, reboots)


def _watches(chance: random.Random, lives: list[Life], plan: Plan, until: float) -> Iterator[Watch]:
    away: Away = [(at, at + chance.uniform(900, 20_000)) for at in (chance.uniform(0, until) for _ in range(2))]
    for life in lives:
        yield from watch(chance, life, accounting=plan.accounting, away=away, until=until)


def _shown(chance: random.Random, entries: list[Entry], until: float) -> tuple[float, float]:
    """Choose what the export shows. Pruning and exporting can cut an interval."""
    middles = sorted((e.begin + e.end) / 2 for e in entries if e.end is not None and e.finalised is None)
    early = [at for at in middles if at < until / 7]
    late = [at for at in middles if until * 6 / 7 < at < until]
    first = chance.choice(early) if early and chance.random() < 0.7 else 0.0
    return first, chance.choice(late) if late and chance.random() < 0.7 else until


def _reported(entries: list[Entry], first: float, last: float) -> Iterator[Entry]:
    """Yield the entries of which the report shows anything."""
    for entry in entries:
        if entry.begin <= last and (entry.begin >= first or (entry.end is not None and first <= entry.end <= last)):
            yield entry
