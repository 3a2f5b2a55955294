"""Decide when a frame closes, is synced, and is looked at. Pure: times come in, seconds of the monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass

from lightleak.trace.format import FRAME_BYTES, FRAME_S, LOOK_S, SYNC_BYTES, SYNC_S

FOREVER = float("inf")


@dataclass(slots=True)
class Schedule:
    """What waits to be written, and what is written and waits to be synced."""

    pending_bytes: int = 0
    pending_since_s: float = FOREVER
    unsynced_bytes: int = 0
    unsynced_since_s: float = FOREVER
    looked_s: float = FOREVER

    def handed_over(self, size: int, now_s: float) -> bool:
        """Note lines that came; returns whether whoever waits has to look again."""
        first = not self.pending_bytes
        if first:
            self.pending_since_s = now_s
        self.pending_bytes += size
        return first or self.pending_bytes >= FRAME_BYTES

    def taken(self) -> None:
        """Note that all that waited is being written."""
        self.pending_bytes = 0
        self.pending_since_s = FOREVER

    def wrote(self, size: int, now_s: float) -> None:
        """Note lines that were written."""
        if not self.unsynced_bytes:
            self.unsynced_since_s = now_s
        self.unsynced_bytes += size

    def synced(self, now_s: float) -> None:
        """Note that all that was written is on the disk, which was a look at the file too."""
        self.unsynced_bytes = 0
        self.unsynced_since_s = FOREVER
        self.looked(now_s)

    def looked(self, now_s: float) -> None:
        """Note that the file was seen to be the right one."""
        self.looked_s = now_s

    def idle_s(self, now_s: float) -> float:
        """Tell how long there is nothing to do; 0 or less where there is."""
        if self.pending_bytes >= FRAME_BYTES:
            return 0.0
        return min(self.pending_since_s + FRAME_S, self.unsynced_since_s + SYNC_S, self.looked_s + LOOK_S) - now_s

    def sync_due(self, now_s: float) -> bool:
        """Tell whether what is written must go to the disk now."""
        return self.unsynced_bytes >= SYNC_BYTES or now_s >= self.unsynced_since_s + SYNC_S

    def look_due(self, now_s: float) -> bool:
        """Tell whether the file must be looked at now."""
        return now_s >= self.looked_s + LOOK_S
