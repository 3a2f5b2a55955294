"""What sets the calls of a week off: touches, wakes, launches, activations, notifications, and timers of the app's own.

All of it is drawn from a random stream of its own, so that a week with origins is the same week in everything else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import groupby

from simulator.triggers import recorded
from simulator.watching import Watch
from simulator.world import Call, Life, Origin

REASONS = ("background-task", "silent-push", "voip-push", "background-url-session", "location", "other")

ESCAPES = 0.02
"""Share of hand-offs that the agent cannot follow."""
COINCIDENCES = 0.1
"""Share of acts shortly before which something happens that has nothing to do with them."""
UNWATCHED_INPUTS = 0.03
"""Share of attachments in which touches cannot be watched."""
LOST_ORIGINS = 0.1
"""Share of attachments in which the event of an origin is lost."""


class Originating:
    """Gives calls their origins. ``escapes``: the share of hand-offs whose link is lost."""

    def __init__(self, chance: random.Random, escapes: float = ESCAPES) -> None:
        self.chance, self.escapes = chance, escapes
        self._known: dict[tuple[int, str, float], Origin] = {}

    def add(self, lives: Sequence[Life], watches: Sequence[Watch]) -> None:
        """Add origins to lives, and what attachments see of them."""
        for life in lives:
            for _, calls in groupby(
                sorted(life.calls, key=lambda call: (call.act, call.at)), key=lambda call: call.act
            ):
                self._act(life, list(calls))
        for life in lives:
            life.calls.sort(key=lambda call: call.at)
            life.origins.sort(key=lambda one: one.at)
        for watch in watches:
            watch.inputs = self.chance.random() >= UNWATCHED_INPUTS
            if self.chance.random() < LOST_ORIGINS:
                self._lose_origin(watch)
            watch.said_again += self._said_again(watch)

    def _act(self, life: Life, calls: list[Call]) -> None:
        first = calls[0]
        for call in calls:
            call.followed = self.chance.random() >= self.escapes
        self._coincide(life, first.at)
        if first.depth == "notification":
            for call in calls[1:]:
                call.origin = first
            return
        origin = self._origin(life, first)
        for call in calls:
            if call.depth == "data" and isinstance(origin, Origin) and origin.trigger == "touch":
                # A person taps each picture that he looks at.
                origin = self._touch(life, call.at)
            call.origin = origin

    def _origin(self, life: Life, call: Call) -> Origin | None:
        """Choose what set an act off that begins with this call."""
        chance, start = self.chance, _ran_from(life, call.at)
        if start == life.born and call.at - start < 6:
            if chance.random() < 0.05:
                return None
            if life.state_at(call.at) == "background" and chance.random() < 0.7:
                return self._state(life, "wake", start + 0.08, chance.choice(REASONS))
            return self._state(life, "launch", start + 0.07, "launch")
        if life.state_at(call.at) == "background":
            return self._state(life, "wake", start + 0.02, chance.choice(REASONS)) if chance.random() < 0.6 else None
        active = max((at for at, value in life.states if value == "active" and at <= call.at), default=None)
        if active is not None and call.at - active < 10 and chance.random() < 0.4:
            return self._state(life, "activation", active, None)
        return self._touch(life, call.at) if chance.random() < 0.97 else None

    def _touch(self, life: Life, before: float) -> Origin:
        return self._state(life, "touch", max(before - self.chance.uniform(0.02, 0.4), _ran_from(life, before)), None)

    def _state(self, life: Life, trigger: str, at: float, reason: str | None) -> Origin:
        """Return the origin of a moment, once."""
        found = self._known.get((id(life), trigger, at))
        if found is None:
            found = self._known[id(life), trigger, at] = Origin(at, life, trigger, reason)
            life.origins.append(found)
        return found

    def _coincide(self, life: Life, at: float) -> None:
        """Let something unrelated happen shortly before an act."""
        chance, when = self.chance, at - self.chance.uniform(0.05, 2.9)
        if chance.random() >= COINCIDENCES or when <= _ran_from(life, at):
            return
        if life.state_at(when) == "active":
            self._state(life, "touch", when, None)
        elif any(call.observer and call.at < when for call in life.calls):
            life.calls.append(Call(when, life, "notification", -1))

    def _lose_origin(self, watch: Watch) -> None:
        """Lose the event of an origin, while the act that it set off is recorded."""
        origins = [
            call.origin.at
            for call in watch.life.calls
            if call.origin is not None and watch.sees(call) and recorded(call.origin, watch)
            if call.origin.at + 0.01 < call.at and not _activates(call.origin)
        ]
        if origins:
            at = self.chance.choice(origins)
            watch.losses.append((at - 0.001, at + 0.001, self.chance.choice(("lost", "hole"))))

    def _said_again(self, watch: Watch) -> Iterator[float]:
        for _, stop, _ in watch.losses:
            at = watch.life.next_awake(stop + 0.001)
            if at is not None and watch.holds(at):
                yield at


def _activates(origin: Call | Origin) -> bool:
    """Return whether an origin comes as the process wakes up: losing it would lose that, too."""
    return isinstance(origin, Origin) and origin.trigger == "activation"


def _ran_from(life: Life, at: float) -> float:
    """Return since when a process had been running without a break."""
    return max([life.born, *(stop for _, stop in life.asleep if stop <= at)])
