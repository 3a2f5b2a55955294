"""An app's week: launches, browsing, sleep, wakes, change notifications, ends."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from simulator.world import Call, Life


class Living:
    """The lives of one app's processes. ``reboots``: when the phone goes down, and every process ends."""

    def __init__(self, chance: random.Random, app: str, until: float, reboots: Sequence[float]) -> None:
        self.chance, self.app, self.until, self.reboots = chance, app, until, sorted(reboots)
        self._pid = chance.randrange(200, 60_000)
        self._act = 0

    def lives(self) -> Iterator[Life]:
        """Yield one life after another."""
        at = self.chance.uniform(60, 3600)
        while at < self.until - 600:
            life = self._life(at)
            yield life
            at = life.died + self.chance.expovariate(1 / 3600) + (900 if life.ending == "reboot" else 1)

    def _life(self, born: float) -> Life:
        self._pid += self.chance.randrange(1, 9)
        life = Life(self.app, "app", self._pid, born, accessor=self.app)
        down = next((at for at in self.reboots if at > born), self.until + 1e6)
        at = self._launch(life)
        while True:
            asleep_from = at
            at += self.chance.lognormvariate(7.2, 1.0)
            fate = self.chance.random()
            if asleep_from + 61 < down <= at and self.chance.random() < 0.8:
                # Phones mostly go down while their owner uses them.
                at, fate = down - self.chance.uniform(5, 60), 0.3
            if at >= min(down, self.until) or fate < 0.12:
                life.died = min(at, down, self.until + 60)
                life.ending = "reboot" if life.died == down else "exited"
                life.asleep.append((asleep_from, life.died))
                break
            life.asleep.append((asleep_from, at))
            at = self._foreground(life, at) if fate < 0.45 else self._wake(life, at)
        _bury(life)
        return life

    def _launch(self, life: Life) -> float:
        chance, at = self.chance, life.born
        if chance.random() < 0.2:
            life.states.append((at + 0.02, "background"))
            if chance.random() < 0.5:
                self._contact(life, at + chance.uniform(0.2, 3))
            return at + chance.uniform(5, 28)
        life.states.append((at + 0.1, "active"))
        if chance.random() < 0.85:
            self._contact(life, at + chance.uniform(0.2, 2))
        return self._foreground(life, at + 3)

    def _contact(self, life: Life, at: float) -> None:
        """Register an observer as most apps do at launch, and mostly look at the album at once."""
        act, chance = self._new_act(), self.chance
        if chance.random() < 0.97:
            life.calls.append(Call(at, life, "open", act, observer=True))
            if chance.random() < 0.3:
                return
            at += chance.uniform(0.005, 0.8)
        life.calls.append(Call(at, life, "metadata", act))

    def _foreground(self, life: Life, at: float) -> float:
        chance = self.chance
        life.states.append((at, "active"))
        until = at + chance.lognormvariate(4.3, 0.9)
        now = at + chance.uniform(0.5, 8)
        while now < until:
            now = self._look(life, now) + chance.expovariate(1 / 30)
        stop = max(now, until) if chance.random() < 0.5 else until + chance.uniform(0, 2)
        stop = max(stop, life.calls[-1].at + 0.01) if life.calls else stop
        life.states += [(stop, "inactive"), (stop + 0.4, "background")]
        return stop + chance.uniform(3, 25)

    def _look(self, life: Life, at: float) -> float:
        """Look at an album: a query, thumbnails, a picture; or write, or show the picker."""
        chance, act = self.chance, self._new_act()
        kind = chance.random()
        if kind < 0.06:
            life.calls.append(Call(at, life, "picker" if kind < 0.03 else "write", act))
            return at + 0.2
        if chance.random() < 0.8:
            life.calls.append(Call(at, life, "metadata", act, rebinds=chance.random() < 0.004))
        for _ in range(chance.randrange(0, 8)):
            at += chance.uniform(0.02, 0.6)
            life.calls.append(Call(at, life, "thumbnail", act))
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            at += chance.uniform(0.2, 4)
            life.calls.append(Call(at, life, "data", act))
        return at

    def _wake(self, life: Life, at: float) -> float:
        chance = self.chance
        stop = at + chance.uniform(1, 28)
        if any(call.observer for call in life.calls) and chance.random() < 0.7:
            self._notify(life, min(at + chance.uniform(0.05, 0.6), stop - 0.2))
        if chance.random() < 0.15 and stop - at > 6:
            life.calls.append(Call(chance.uniform(at + 4, stop - 1), life, "metadata", self._new_act()))
        return max(stop, life.calls[-1].at + 0.01) if life.calls else stop

    def _notify(self, life: Life, at: float) -> None:
        """Deliver a change. The callback reads, does nothing, or needed a new connection first."""
        chance, act = self.chance, self._new_act()
        notification = Call(at, life, "notification", act)
        life.calls.append(notification)
        what = chance.random()
        if what < 0.12:
            notification.rebinds = True
        elif what < 0.5:
            life.calls.append(Call(at + chance.uniform(0.001, 0.05), life, "metadata", act, inside=notification))
            if chance.random() < 0.3:
                life.calls.append(Call(at + 0.06, life, "thumbnail", act, inside=notification))

    def _new_act(self) -> int:
        self._act += 1
        return self._act


def _bury(life: Life) -> None:
    """Keep what was done before the end, and set the first contact."""
    life.asleep = [(a, min(b, life.died)) for a, b in life.asleep if a < life.died]
    if life.asleep and life.asleep[-1][1] >= life.died and life.ending == "exited":
        # A process that ends while asleep sleeps until its end.
        life.asleep[-1] = (life.asleep[-1][0], life.died)
    life.calls = [call for call in life.calls if call.at < life.died and life.awake(call.at)]
    life.states = [(at, value) for at, value in life.states if at < life.died]
    life.first = next((call for call in life.calls if call.depth in ("open", "metadata")), None)


def visits(
    chance: random.Random, identifier: str, host: Sequence[Life], *, accessor: str, until: float, count: int
) -> Iterator[Life]:
    """Yield the short lives of an extension: a query or two each, while other apps are in front of its own (``host``)."""
    for n in range(count):
        born = chance.uniform(600, until - 600)
        if any(life.awake(born + more) for life in host for more in (0, 30, 60)):
            continue
        life = Life(identifier, "extension", 70_000 + n, born, accessor=accessor, died=born + chance.uniform(4, 60))
        life.states.append((born, "active"))
        life.calls.append(Call(born + chance.uniform(0.3, 1.5), life, "metadata", 1))
        if chance.random() < 0.4:
            life.calls.append(Call(born + 2, life, "thumbnail", 1))
        life.first = life.calls[0]
        yield life
