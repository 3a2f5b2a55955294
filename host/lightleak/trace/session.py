"""One recording, of one file or several, as its readers see it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.trace.event_order import FileOrder
from lightleak.trace.file_status import FileNotice, notices_of, words
from lightleak.trace.session_file import SessionFile


class Neighbours(NamedTuple):
    """What was found, a sentence each."""

    problems: list[str]
    notes: list[str]


def check_neighbours(part: SessionFile) -> Neighbours:
    """Follow the chain to the file that this one continues, and name the one that continues it."""
    found = Neighbours([], [])
    if part.last_seal.next is not None and not _beside(part, part.last_seal.next):
        found.notes.append(f"the session goes on in {part.last_seal.next}, which does not lie beside {part.path}")
    if part.number > 1:
        _check_before(part, found)
    return found


def _check_before(part: SessionFile, found: Neighbours) -> None:
    continues = part.header["continues"]
    name, head = continues.get("file"), continues.get("head")
    before = _beside(part, name)
    if before is None:
        found.notes.append(f"{part.path} continues {name}, which does not lie beside it: that link was not checked")
        return
    try:
        other = SessionFile(before)
    except TraceError as problem:
        found.notes.append(f"{part.path} continues {name}, which cannot be read: {problem.message}")
        return
    same_session = other.header.get("session") == part.header.get("session")
    if other.last_seal.hash != head or other.number != part.number - 1 or not same_session:
        found.problems.append(f"{part.path} says that it continues {name}, but not as that file is now")


def _beside(part: SessionFile, name: object) -> Path | None:
    # The name comes from the file: it must not lead anywhere else.
    if not isinstance(name, str) or not name or Path(name).name != name or "\0" in name:
        return None
    path = part.path.with_name(name)
    return path if path.is_file() else None


class Session:
    """What one recording holds. Reading is lazy and keeps one frame in memory. Errors of all methods: TraceError."""

    def __init__(self, parts: Sequence[SessionFile]) -> None:
        self.parts = tuple(sorted(parts, key=attrgetter("number")))
        self.file_notices: list[FileNotice] = [notice for part in self.parts for notice in notices_of(part)]
        """What a reader must know of the files' state; empty where all is well."""
        self._orders: list[FileOrder] | None = None

    @property
    def notices(self) -> list[str]:
        """The same in words, a sentence each."""
        return list(map(words, self.file_notices))

    @property
    def path(self) -> Path:
        """The (first) file."""
        return self.parts[0].path

    @property
    def paths(self) -> list[Path]:
        """All files, in the order of the recording."""
        return [part.path for part in self.parts]

    @property
    def header(self) -> dict[str, Any]:
        """The header of the (first) file, in today's format version."""
        return self.parts[0].header

    @property
    def header_line(self) -> bytes:
        """The same as it was recorded, without the newline."""
        return self.parts[0].header_line

    @property
    def session_id(self) -> str:
        """The UUID that all files of one recording share; empty where the header names none."""
        return str(self.header.get("session", ""))

    @property
    def closed(self) -> bool:
        """Whether the (last) file's writer finished."""
        return all(part.closed for part in self.parts)

    @property
    def head_hash(self) -> str:
        """The hash of the last seal, which stands for everything before it; 64 hex digits."""
        return self.parts[-1].last_seal.hash

    def blocks(self) -> Iterator[bytes]:
        """Read the event lines in large pieces, as recorded: for ``msgspec.json.Decoder.decode_lines``.

        In file order, which in each segment is that of ``seq``. Files that overlap give the overlap twice.
        """
        for part in self.parts:
            for _, block in part.blocks():
                yield block

    def lines(self) -> Iterator[bytes]:
        """Read the event lines as recorded, byte for byte and in file order, without newlines."""
        for block in self.blocks():
            yield from block.split(b"\n")[:-1]

    def events(self) -> Iterator[Event]:
        """Read the events sorted by (segment, seq), each once."""
        if self._orders is None:
            self._orders = [FileOrder(part) for part in self.parts]
        for segment in sorted({segment for order in self._orders for segment in order.segments}):
            streams = [order.events(segment) for order in self._orders]
            yield from streams[0] if len(streams) == 1 else _merged(streams)


def open_session(path: str | Path) -> Session:
    """Open a session file. Errors: TraceError for one that is foreign, unreadable or of a newer format version."""
    return Session([SessionFile(Path(path))])


def grouped(sessions: Iterable[Session]) -> list[Session]:
    """Join the files of one recording to one session each, in order of first appearance."""
    found: dict[object, dict[str, SessionFile]] = {}
    for session in sessions:
        parts = found.setdefault(session.session_id or session.path, {})
        for part in session.parts:
            # The same hash stands for the same file, whatever it is called.
            parts.setdefault(part.last_seal.hash, part)
    return [Session(list(parts.values())) for parts in found.values()]


def _merged(streams: list[Iterator[Event]]) -> Iterator[Event]:
    """Merge what several files hold of one segment. Errors: TraceError where they contradict each other."""
    last: Event | None = None
    for event in heapq.merge(*streams, key=attrgetter("seq")):
        if last is None or event.seq > last.seq:
            last = event
            yield event
        elif event != last:
            raise TraceError(
                f"two files of one session differ in segment {event.segment}, seq {event.seq}",
                hint="they are not of one recording, or one of them was changed; name them apart",
            )
