"""Chain the frames of a session file: each ends with a seal over its content and all frames before it.

A seal is the last line of a frame:

    {"kind":"seal","frame":7,"events":3021,"hash":"…64 hex digits…"}

``frame`` counts from 1; ``events`` is the number of events in the file so far. The closing seal also says
``"final":true``, and names the ``next`` file when the session continues in another one. ``hash`` is SHA-256 over the hash
of the seal before (its 64 digits; nothing in the first frame) and everything in this frame before ``,"hash"``, which is
all but the frame's last 76 bytes.
"""

from __future__ import annotations

import hashlib
import json

import msgspec

from lightleak.errors import TraceError

TAIL_BYTES = len(',"hash":""}\n') + 64
"""How much of a frame's end is not hashed: the hash itself and the characters around it."""


class Seal(msgspec.Struct, frozen=True, tag_field="kind", tag="seal"):
    """The last line of a frame."""

    frame: int
    events: int
    hash: str
    final: bool = False
    next: str | None = None


_DECODER = msgspec.json.Decoder(Seal)


def seal(
    body: bytes, previous: str, *, frame: int, events: int, final: bool = False, next_part: str = ""
) -> tuple[bytes, str]:
    """Return a frame's content, seal included, and its hash. ``body``: its lines; ends with a newline or is empty."""
    sealed = f'{{"kind":"seal","frame":{frame},"events":{events}'
    if final:
        sealed += ',"final":true'
    if next_part:
        sealed += f',"next":{json.dumps(next_part)}'
    hashed = body + sealed.encode()
    digest = chained(hashed, previous)
    return hashed + f',"hash":"{digest}"}}\n'.encode(), digest


def chained(hashed: bytes, previous: str) -> str:
    """Return the hash of a seal over what it covers and the seal before."""
    digest = hashlib.sha256(previous.encode())
    digest.update(hashed)
    return digest.hexdigest()


def split(content: bytes) -> tuple[bytes, Seal]:
    """Split a frame's content into its lines and its seal. Raises: TraceError when it does not end with a seal."""
    start = content.rfind(b"\n", 0, len(content) - 1) + 1
    try:
        found = _DECODER.decode(content[start:])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise TraceError("a frame has no seal", hint="the file was not written by lightleak") from problem
    return content[:start], found


def holds(content: bytes, found: Seal, previous: str) -> bool:
    """Return whether a frame's seal fits its content and the seal before."""
    enclosed = content.endswith(f',"hash":"{found.hash}"}}\n'.encode())
    return enclosed and chained(content[:-TAIL_BYTES], previous) == found.hash


class Chain:
    """Check the seals of a file: feed it the frames in order."""

    def __init__(self) -> None:
        self._previous: Seal | None = None
        self._unknown = False

    def skip(self) -> None:
        """Note that frames that cannot be read are missing here."""
        self._unknown = True

    def feed(self, content: bytes, seal: Seal, events: int) -> list[str]:
        """Take the next frame and its number of events; return what is wrong, a sentence each."""
        previous, self._previous = self._previous, seal
        unknown, self._unknown = self._unknown, False
        if unknown:
            # The hash that its seal continues is gone. The frames after it can be checked again.
            return []
        if previous is not None and previous.final:
            return [f"frame {seal.frame} follows the closing seal"]
        expected = previous.frame + 1 if previous else 1
        if seal.frame != expected:
            return [f"frame {expected} is missing: frame {seal.frame} is in its place"]
        problems = []
        if not holds(content, seal, previous.hash if previous else ""):
            problems.append(f"the seal of frame {seal.frame} does not fit: it or a frame before it was changed")
        if seal.events != (previous.events if previous else 0) + events:
            problems.append(f"frame {seal.frame} does not have as many events as its seal says")
        return problems
