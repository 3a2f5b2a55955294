"""The app state that the recording contains at the times that matter for an entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulator.watching import Watch

READS = ("metadata", "thumbnail", "data")


def state_seen(watch: Watch, at: float) -> str:
    """The state that a segment knows: what the app is in, unless the word of it was lost with other events."""
    if not watch.holds(at):
        return "unknown"
    said = max([watch.ready, *_said(watch, at)])
    lost = any(said < start <= at and _dropped(watch, start, stop) for start, stop, _ in watch.losses)
    return "unknown" if lost else watch.life.state_at(at)


def _said(watch: Watch, at: float) -> Iterator[float]:
    yield from (when for when, _ in watch.life.states if when <= at and watch.holds(when))
    yield from (when for when in watch.said_again if when <= at)
    yield from (
        one.at
        for one in watch.life.origins
        if one.trigger in ("wake", "launch") and one.at <= at and watch.holds(one.at)
    )


def _dropped(watch: Watch, start: float, stop: float) -> bool:
    happened = [call.at for call in watch.life.calls if call.depth not in watch.skipped]
    happened += [when for when, _ in watch.life.states]
    happened += [one.at for one in watch.life.origins]
    happened += [when for nap in watch.life.asleep for when in nap]
    return any(start <= at <= stop for at in happened)


def one_word(states: Iterable[str]) -> str:
    """Return the one state, or mixed if there are several."""
    words = set(states)
    return words.pop() if len(words) == 1 else "mixed" if words else "unknown"
