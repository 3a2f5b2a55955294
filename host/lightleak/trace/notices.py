"""Say in sentences what a reader of a session file must know of its state."""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.trace.frames import Stretch
from lightleak.trace.part import Part


def notices_of(part: Part) -> list[str]:
    """Tell what is damaged, cut or unfinished in one file; empty where all is well. Errors: TraceError."""
    said = [_damage(part, index) for index, stretch in enumerate(part.stretches) if not stretch.whole]
    if not part.last_seal.final:
        said.append(
            f"{part.path} has no closing seal: its writer did not finish, or still writes; "
            f"what it holds is recovered, {_last(part)}"
        )
    return said


def _damage(part: Part, index: int) -> str:
    stretch = part.stretches[index]
    if index == len(part.stretches) - 1:
        return f"the last {stretch.length} bytes of {part.path} are no whole frame and are lost; {_last(part)}"
    before, after = part.stretches[index - 1], part.stretches[index + 1]
    lost = _events_between(part, before, after)
    return (
        f"{stretch.length} bytes of {part.path} from byte {stretch.offset} on are damaged: "
        f"{lost} event{'' if lost == 1 else 's'} lost, what stands before and after is kept"
    )


def _events_between(part: Part, before: Stretch, after: Stretch) -> int:
    seal_before, _ = part.seal_of(before)
    seal_after, own = part.seal_of(after)
    return max(0, seal_after.events - own - seal_before.events)


def _last(part: Part) -> str:
    """Tell the last event that is there."""
    for frame in reversed(part.frames):
        lines = next(part.blocks([frame]), b"").split(b"\n")
        if len(lines) > 1:
            event: dict[str, Any] = msgspec.json.decode(lines[-2])
            return f"the last event is segment {event.get('segment')}, seq {event.get('seq')}"
    return "there is no event"
