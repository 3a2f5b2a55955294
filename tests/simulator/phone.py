"""What the phone makes of its apps' calls: which process logs which call, and the resulting entries."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence

from simulator.accounting import Log, Tracker
from simulator.world import Call, Entry, Life


class Phone:
    """``restarts``: of the accounting daemon. ``reboots``: of the phone. ``crashes``: of assetsd's connections."""

    def __init__(
        self, chance: random.Random, until: float, restarts: Sequence[float], reboots: Sequence[float]
    ) -> None:
        self.chance, self.until, self.restarts, self.reboots = chance, until, restarts, reboots
        self._unlocked = {at: at + chance.uniform(700, 20_000) for at in reboots}
        ends = [*sorted(reboots), until + 1e5]
        starts = [0.0, *(at + 60 for at in sorted(reboots))]
        self.assetsd = [
            Life(None, "assetsd", 90 + n, start, died=stop, ending="reboot")
            for n, (start, stop) in enumerate(zip(starts, ends, strict=True))
        ]

    def entries(self, lives: Sequence[Life]) -> Iterator[Entry]:
        """Yield every entry of these lives in the report."""
        for life in lives:
            yield from self._own(life)
        for daemon in self.assetsd:
            for accessor in sorted({life.accessor for life in lives}):
                yield from self._binds(daemon, [life for life in lives if life.accessor == accessor], accessor)
        for life in lives:
            yield from self._picked(life)

    def _own(self, life: Life) -> Iterator[Entry]:
        """A query is logged in the process that made it. Source: -[PHQuery executeQuery]."""
        logs: list[Log] = [(call.at, "log", call) for call in life.calls if call.depth == "metadata"]
        logs += [(start, "sleep", None) for start, stop in life.asleep if stop > start]
        logs += [(at, "restart", None) for at in self.restarts if life.born < at < life.died]
        logs += [(life.died, "reboot" if life.ending == "reboot" else "exit", None)]
        yield from Tracker(self.chance, life, life.accessor, "app").keep(logs, self._written)

    def _binds(self, daemon: Life, lives: Sequence[Life], accessor: str) -> Iterator[Entry]:
        """An opening is logged by assetsd, once for each connection. Source: -[PLAssetsdService bindToPhotoLibraryURL:…]."""
        logs: list[Log] = [
            (call.at + 0.002, "log", call)
            for life in lives
            for call in life.calls
            if (call is life.first or call.rebinds) and daemon.awake(call.at)
        ]
        logs += [(at, "restart", None) for at in self.restarts if daemon.awake(at)]
        logs += [(daemon.died, "reboot", None)]
        yield from Tracker(self.chance, daemon, accessor, "assetsd").keep(logs, self._written)

    def _picked(self, life: Life) -> Iterator[Entry]:
        for call in life.calls:
            if call.depth == "picker":
                begin = call.at + self.chance.uniform(2, 20)
                name = str(uuid.UUID(int=self.chance.getrandbits(128))).upper()
                yield Entry(name, life.accessor, "picker", call, begin, begin + self.chance.uniform(0.6, 30))

    def _written(self, down: float) -> float:
        """Return when the daemon ends what was open as the phone went down: at the first unlock, all at once."""
        return self._unlocked[down] + self.chance.uniform(0, 0.14)

    def other_entries(self) -> Iterator[Entry]:
        """Yield what other apps leave, and what a reboot makes of their open intervals."""
        chance = self.chance
        others = ["com.apple.weather", "com.tencent.xin", "org.example.other", "com.apple.mobileslideshow"]

        def entry(app: str, begin: float, end: float) -> Entry:
            life = Life(app, "app", 1, begin)
            name = str(uuid.UUID(int=chance.getrandbits(128))).upper()
            return Entry(name, app, "app", Call(begin, life, "metadata", 1), begin, end)

        for _ in range(120):
            begin = chance.uniform(0, self.until)
            yield entry(chance.choice(others), begin, begin + chance.choice((0.1, 10, 30, 60.1, 74.9)))
        for at in self.reboots:
            yield entry(others[3], at - chance.uniform(1, 50), self._written(at))
