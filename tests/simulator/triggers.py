"""What really set a call off, as far as an attachment can know it: by construction, never by looking what came before.

* The agent followed the work and recorded the origin: its kind, by link. The origin's event was lost: unknown. It came
  before the attachment, or no probe sees its kind: nothing that was watched set the call off.
* The hand-off escaped: the origin's kind, by time. Where events were lost meanwhile: unknown.
* A timer of the app's own: none. Where events were lost within the lag before it: unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.watching import Watch
from simulator.world import Call, Origin

LAG_S = 3.0


@dataclass(frozen=True, slots=True)
class SetOff:
    """The truth of one act. ``origin``: what it names, or what it should have named."""

    kind: str
    by: str
    origin: Call | Origin | None = None


NOTHING = SetOff("none", "none")
UNKNOWN = SetOff("unknown", "none")


def set_off(call: Call, watch: Watch) -> SetOff:
    """Return what set a recorded call off."""
    origin = call.origin
    if origin is None:
        return UNKNOWN if _lost_before(call, watch) else NOTHING
    kind = "change" if isinstance(origin, Call) else origin.trigger
    if call.followed and recorded(origin, watch):
        return SetOff(kind, "link", origin)
    if call.followed and is_lost(origin, watch):
        return UNKNOWN
    if any(origin.at < stop and start < call.at for start, stop in _losses(watch)) or _lost_before(call, watch):
        return UNKNOWN
    return SetOff(kind, "time", origin) if recorded(origin, watch) else NOTHING


def recorded(origin: Call | Origin, watch: Watch) -> bool:
    """Return whether an origin is in the trace of an attachment."""
    if isinstance(origin, Origin) and origin.trigger == "touch" and not watch.inputs:
        return False
    return watch.ready < origin.at and watch.holds(origin.at)


def is_lost(origin: Call | Origin, watch: Watch) -> bool:
    """Return whether an attachment saw an origin whose event was then lost."""
    if isinstance(origin, Origin) and origin.trigger == "touch" and not watch.inputs:
        return False
    return watch.ready < origin.at <= watch.stop and not watch.holds(origin.at)


def ran_between(watch: Watch, start: float, stop: float) -> float:
    """Return for how long a process ran between two moments."""
    slept = sum(max(0.0, min(b, stop) - max(a, start)) for a, b in watch.life.asleep)
    return stop - start - slept


def _lost_before(call: Call, watch: Watch) -> bool:
    return any(stop <= call.at and ran_between(watch, stop, call.at) <= LAG_S for _, stop in _losses(watch))


def _losses(watch: Watch) -> Iterator[tuple[float, float]]:
    yield from ((start, stop) for start, stop, _ in watch.losses)
