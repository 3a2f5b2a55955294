"""One recording of one or several files, as its readers see it."""

from __future__ import annotations

import copy
import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from lightleak.dataframes import pandas_frame, polars_frame
from lightleak.errors import TraceError
from lightleak.events import Event
from lightleak.file_names import distinct_names
from lightleak.notebook_html import as_html
from lightleak.text import escaped
from lightleak.trace.contradictions import agree, contradiction
from lightleak.trace.file_order import GROUP_BYTES, FileOrder
from lightleak.trace.file_status import FileNotice, notices_of, odd_notices, words
from lightleak.trace.header import device_kind_of
from lightleak.trace.original_damage import original_damage
from lightleak.trace.read_ahead import read_stretches
from lightleak.trace.session_file import SessionFile
from lightleak.wording import plural


class ContinuationCheck(NamedTuple):
    """What was found about the files before and after one, a sentence each."""

    problems: list[str]
    notes: list[str]


def check_continuation(part: SessionFile) -> ContinuationCheck:
    """Check the link to the file that this one continues, and note when the next one is not there."""
    found = ContinuationCheck([], [])
    if part.last_seal.next is not None and not _same_folder(part, part.last_seal.next):
        found.notes.append(f"the session continues in {part.last_seal.next}, which is not in the folder of {part.name}")
    if part.number > 1:
        _check_before(part, found)
    return found


def _check_before(part: SessionFile, found: ContinuationCheck) -> None:
    continues = part.header["continues"]
    name, head = continues.get("file"), continues.get("head")
    before = _same_folder(part, name)
    if before is None:
        found.notes.append(f"{part.name} continues {name}, which is not in the same folder: this link was not checked")
        return
    try:
        other = SessionFile(before)
    except TraceError as problem:
        found.notes.append(f"{part.name} continues {name}, which cannot be read: {problem.message}")
        return
    same_session = other.header.get("session") == part.header.get("session")
    if other.last_seal.hash != head or other.number != part.number - 1 or not same_session:
        found.problems.append(
            f"{part.name} says that it continues {name}, but that file is not the one that it continues"
        )


def _same_folder(part: SessionFile, name: object) -> Path | None:
    # The name comes from the file: it must not lead to another folder.
    if not isinstance(name, str) or not name or Path(name).name != name or "\0" in name:
        return None
    path = part.path.with_name(name)
    return path if path.is_file() else None


class Session:
    """One recording, read lazily with a few frames in memory. All methods raise TraceError when a file is damaged."""

    def __init__(self, parts: Sequence[SessionFile]) -> None:
        self.parts = tuple(sorted(parts, key=attrgetter("number")))
        self.file_notices: list[FileNotice] = [
            notice for part in self.parts for notice in (*notices_of(part), *original_damage(part))
        ]
        """What a reader must know about the state of the files."""
        self.odd: Counter[str] = Counter()
        """How many values were read as absent, by key, since the last reader of events began."""
        self._orders: list[FileOrder] | None = None

    def __repr__(self) -> str:
        return f"<Session {escaped(self._about())}>"

    def _repr_html_(self) -> str:
        """Return what the header and the seals say, for notebooks; events are not read."""
        device, target = (self._header_part(name) for name in ("device", "target"))
        system = " ".join(str(device[name]) for name in ("model", "os", "os_version") if device.get(name))
        rows = [
            ("app", target.get("identifier")),
            ("version", target.get("version")),
            ("device", system),
            ("kind of device", device_kind_of(self.header)),
            ("time zone", device.get("time_zone")),
            ("session", self.session_id),
            ("head hash", self.head_hash),
            ("files", ", ".join(self.names)),
        ]
        shown = [row for row in rows if row[1]]
        return as_html(f"Session: {plural(self.event_count, 'event')}", ("", ""), shown, self.notices)

    def _about(self) -> str:
        app = self._header_part("target").get("identifier")
        return ", ".join([*([str(app)] if app else []), plural(self.event_count, "event"), *self.names[:3]])

    def _header_part(self, name: str) -> dict[str, Any]:
        part = self.header.get(name)
        return part if isinstance(part, dict) else {}

    @property
    def notices(self) -> list[str]:
        """The file notices in words, a sentence each."""
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
    def names(self) -> list[str]:
        """The same files as results call them: without their folders."""
        return [part.name for part in self.parts]

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
        """The UUID that all files of one recording share; empty when the header has none."""
        return str(self.header.get("session", ""))

    @property
    def closed(self) -> bool:
        """Whether the (last) file's writer finished."""
        return all(part.closed for part in self.parts)

    @property
    def files_missing(self) -> list[str]:
        """The files of the recording that are not here, by what the others say of them."""
        numbers = [0, *(part.number for part in self.parts)]
        jumps = zip(numbers, self.parts, strict=False)
        absent = [f"the file before {part.name}" for number, part in jumps if part.number > number + 1]
        following = self.parts[-1].last_seal.next
        return absent if following is None else [*absent, following]

    @property
    def head_hash(self) -> str:
        """The hash of the last seal, which covers everything before it; 64 hex digits."""
        return self.parts[-1].last_seal.hash

    @property
    def head_hashes(self) -> list[str]:
        """The hash of each file's last seal, in the order of the recording."""
        return [part.last_seal.hash for part in self.parts]

    @property
    def event_count(self) -> int:
        """How many events the seals count; files that overlap count the overlap twice."""
        return sum(part.last_seal.events for part in self.parts)

    def blocks(self) -> Iterator[bytes]:
        """Yield the event lines as recorded, in large pieces: for ``msgspec.json.Decoder.decode_lines``.

        In file order, which is that of ``seq`` in each segment. Files that overlap give the overlap twice.
        """
        for part in self.parts:
            for stretch in read_stretches(part, part.stretches):
                yield from stretch.lines.pieces()

    def lines(self) -> Iterator[bytes]:
        """Yield the event lines as recorded, byte for byte and in file order, without newlines."""
        for block in self.blocks():
            yield from block.split(b"\n")[:-1]

    def events(self) -> Iterator[Event]:
        """Yield the events sorted by (segment, seq), each once. Values of other types than their keys have are absent."""
        if self._orders is None:
            share = max(GROUP_BYTES // len(self.parts), 1 << 20)
            self._orders = [FileOrder(part, share, is_alone=len(self.parts) == 1) for part in self.parts]
        self.odd = odd = Counter[str]()
        streams = [order.events(odd) for order in self._orders]
        yield from streams[0] if len(streams) == 1 else _merged(self.parts, streams)

    def to_pandas(self, expression: str | None = None) -> Any:
        """Return the events as a pandas.DataFrame, times in the device's zone. expression: only those for which it is true.

        Raises: LightleakError when pandas is missing, UsageError when the expression is not valid.
        """
        from lightleak.trace.dataframe import columns_of, table_of

        return pandas_frame(columns_of(self.header), table_of(self.events(), self.header, expression))

    def to_polars(self, expression: str | None = None) -> Any:
        """Return the same as a polars.DataFrame; a zone without a name is UTC there. Raises: as ``to_pandas``."""
        from lightleak.trace.dataframe import columns_of, table_of

        return polars_frame(columns_of(self.header), table_of(self.events(), self.header, expression))

    @property
    def odd_notices(self) -> list[str]:
        """What the last reader of the events read as absent, because it has another type than its key; a sentence each."""
        return [words(notice) for notice in odd_notices(self.parts[0].name, self.odd)]


def open_session(path: str | Path) -> Session:
    """Open a session file. Raises: TraceError when it is not one, cannot be read or has a newer format version."""
    return Session([SessionFile(Path(path))])


def grouped(sessions: Iterable[Session]) -> list[Session]:
    """Join the files of each recording into one session, in order of first appearance; two files never have one name."""
    found: dict[object, dict[str, SessionFile]] = {}
    for session in sessions:
        parts = found.setdefault(session.session_id or session.path, {})
        for part in session.parts:
            # The same hash is the same file, whatever its name.
            parts.setdefault(part.last_seal.hash, part)
    chosen = [part for parts in found.values() for part in parts.values()]
    named = map(_named, chosen, distinct_names(part.path for part in chosen))
    return [Session(list(itertools.islice(named, len(parts)))) for parts in found.values()]


def _named(part: SessionFile, name: str) -> SessionFile:
    if part.name == name:
        return part
    renamed = copy.copy(part)  # the caller's session keeps its own name
    renamed.name = name
    return renamed


def _merged(parts: Sequence[SessionFile], streams: list[Iterator[Event]]) -> Iterator[Event]:
    """Merge the events of several files. Raises: TraceError when they contradict each other."""
    last: tuple[int, int] = (0, 0)
    before: tuple[Event, SessionFile] | None = None
    numbered = [zip(stream, itertools.repeat(part)) for stream, part in zip(streams, parts, strict=True)]
    for event, part in heapq.merge(*numbered, key=_place_in_session):
        place = (event["segment"], event["seq"])
        if place > last:
            last, before = place, (event, part)
            yield event
        elif before is not None and not agree(event, before[0]):
            raise contradiction(before[1].path, part.path, *place)


def _place_in_session(one: tuple[Event, SessionFile]) -> tuple[int, int]:
    return one[0]["segment"], one[0]["seq"]
