"""Check that each frame's seal holds and follows on the one before. Pure."""

from __future__ import annotations

from lightleak.trace.seal import Seal, holds


class Chain:
    """Feed it the frames of a file in order."""

    def __init__(self) -> None:
        self._previous: Seal | None = None
        self._unknown = False

    def skip(self) -> None:
        """Note that frames are missing here which cannot be read."""
        self._unknown = True

    def feed(self, content: bytes, seal: Seal, events: int) -> list[str]:
        """Take the next frame, with the number of its events; returns what is wrong, a sentence each."""
        previous, self._previous = self._previous, seal
        unknown, self._unknown = self._unknown, False
        if unknown:
            # Its seal is made with a hash that is gone; the frames after it are checked again.
            return []
        if previous is not None and previous.final:
            return [f"frame {seal.frame} stands after the closing seal"]
        expected = previous.frame + 1 if previous else 1
        if seal.frame != expected:
            return [f"frame {expected} is missing: frame {seal.frame} stands in its place"]
        problems = []
        if not holds(content, seal, previous.hash if previous else ""):
            problems.append(f"the seal of frame {seal.frame} does not hold: it or a frame before it was changed")
        if seal.events != (previous.events if previous else 0) + events:
            problems.append(f"frame {seal.frame} does not hold as many events as its seal says")
        return problems
