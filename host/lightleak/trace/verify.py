"""Check a session file from end to end: frames, seals, chain, event numbers, closing seal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lightleak.coverage import Coverage, Gap, SegmentCoverage
from lightleak.errors import TraceError
from lightleak.events import ORIGIN_KINDS
from lightleak.losses import Losses, total
from lightleak.origins import OriginLog
from lightleak.timezones import Zone
from lightleak.trace.file_status import damage, odd_notices, origin_notes, unfinished, words
from lightleak.trace.frames import Chain, split
from lightleak.trace.schema import Whole, decode_block
from lightleak.trace.session import check_continuation
from lightleak.trace.session_file import SessionFile

PROBLEMS_MAX = 1_000
"""How many problems are listed, further ones are counted: a hostile file can have one a line."""


class SequenceFields(msgspec.Struct, gc=False):
    """The keys of an event that are checked."""

    kind: str
    segment: int
    seq: int
    wall_ns: int
    mono_ns: int
    count: Whole | None = None
    reason: str | None = None
    phase: str | None = None
    identifier: str | None = None
    internal: bool | None = None
    cause: Whole | None = None


_DECODER = msgspec.json.Decoder(SequenceFields)


@dataclass(slots=True)
class Verification:
    """What was found. Gaps and losses that the recording reports itself are not problems."""

    file: Path
    session: str
    part: int
    closed: bool
    head: str
    frames: int = 0
    events: int = 0
    zone: Zone = field(default_factory=Zone)
    """The device's."""
    segments: list[SegmentCoverage] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What is broken, a sentence each."""
    notes: list[str] = field(default_factory=list)
    """What could not be checked, a sentence each."""
    is_only_unclosed: bool = False
    """Whether the missing closing seal is all that is wrong: what is there is whole, and what came later may be missing."""

    @property
    def losses(self) -> Losses:
        """What is missing, in all segments."""
        return total(state.losses for state in self.segments)

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not self.problems


def verify(path: Path) -> Verification:
    """Check a session file. Raises: TraceError when it is not a session file or cannot be read."""
    file = SessionFile(path)
    continuity = Continuity(from_the_start=file.number == 1)
    odd = Counter(file.odd_in_header)
    problems = list(_check_frames(file, continuity, odd))
    continuity.finish()
    if not file.last_seal.final:
        problems.append(words(unfinished(file)))
    problems += continuity.problems
    is_only_unclosed = len(problems) == 1 and not file.last_seal.final
    continuation = check_continuation(file)
    problems += continuation.problems
    is_only_unclosed &= len(problems) == 1
    if len(problems) > PROBLEMS_MAX:
        problems[PROBLEMS_MAX:] = [f"{len(problems) - PROBLEMS_MAX} more problems"]
    return Verification(
        file=path,
        session=str(file.header.get("session", "")),
        part=file.number,
        closed=file.closed,
        head=file.last_seal.hash,
        frames=len(file.frames),
        events=continuity.events,
        zone=Zone.of(file.header),
        segments=[continuity.segments[number] for number in sorted(continuity.segments)],
        gaps=continuity.gaps,
        problems=problems,
        notes=[
            *origin_notes(file.header),
            *continuation.notes,
            *_astray(continuity.astray),
            *map(words, odd_notices(file.name, odd)),
        ],
        is_only_unclosed=is_only_unclosed,
    )


def _astray(count: int) -> Iterator[str]:
    if count:
        events = "1 event names" if count == 1 else f"{count} events name"
        yield f"{events} a cause that is not an origin before it in its segment: what set it off is unknown"


def _check_frames(file: SessionFile, continuity: Continuity, odd: Counter[str]) -> Iterator[str]:
    chain = Chain()
    contents = file.contents()
    for index, byte_range in enumerate(file.ranges):
        if not byte_range.whole:
            yield words(damage(file, index))
            chain.skip()
            continue
        frame, content = next(contents)
        try:
            _, seal = split(content)
        except TraceError as problem:
            yield f"the frame at byte {frame.offset}: {problem.message}"
            chain.skip()
            continue
        body = file.body(frame, content)
        yield from chain.feed(content, seal, body.count(b"\n"))
        yield from _check_lines(body, seal.frame, continuity, odd)


def _check_lines(body: bytes, frame: int, continuity: Continuity, odd: Counter[str]) -> Iterator[str]:
    for number, event in enumerate(decode_block(body, _DECODER, SequenceFields, odd), start=1):
        if isinstance(event, Exception):
            yield f"line {number} of frame {frame} is not an event ({event})"
        else:
            continuity.feed(event)


class Continuity:
    """Check the numbers of a file's events: feed it all of them in file order, then ``finish``.

    from_the_start: whether the session starts here, so that each segment must start with seq 1.
    """

    def __init__(self, *, from_the_start: bool = True) -> None:
        self.problems: list[str] = []
        """Numbers that are missing without a reason or repeated, a sentence each."""
        self.gaps: list[Gap] = []
        """By time and segment, once finished."""
        self.astray = 0
        """Events that name a cause which is no origin before them; 0 in a later part, whose origins may be in another file."""
        self._coverage = Coverage(from_the_start=from_the_start)
        self._origins: dict[int, OriginLog] | None = {} if from_the_start else None

    @property
    def segments(self) -> dict[int, SegmentCoverage]:
        """The coverage of each segment, by its number."""
        return self._coverage.segments

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(state.events for state in self.segments.values())

    def feed(self, event: SequenceFields) -> None:
        """Take the next event."""
        state = self.segments.get(event.segment)
        before = state.last_seq if state else 0
        if event.seq <= before:
            self.problems.append(f"segment {event.segment}: seq {event.seq} follows seq {before}")
        if event.kind == "lost":
            missing = self._coverage.feed_lost(
                event.segment, event.seq, event.wall_ns, event.mono_ns, count=event.count, reason=event.reason
            )
        else:
            missing = self._coverage.feed(event.segment, event.seq, event.wall_ns, event.mono_ns)
            if event.kind == "process":
                self._coverage.note_process(event.segment, event.wall_ns, event.phase, event.identifier, event.reason)
        if self._origins is not None and (event.cause is not None or event.kind in ORIGIN_KINDS):
            self._check_cause(event, self._origins)
        if missing:
            place = f"between seq {before} and seq {event.seq}" if state else f"before seq {event.seq}"
            are = "1 event is" if missing == 1 else f"{missing} events are"
            self.problems.append(f"segment {event.segment}: {are} missing {place}, and nothing says why")

    def _check_cause(self, event: SequenceFields, origins: dict[int, OriginLog]) -> None:
        log = origins.setdefault(event.segment, OriginLog())
        fields = {"kind": event.kind, "seq": event.seq, "internal": event.internal, "cause": event.cause}
        if event.cause is not None:
            named = log.named_by(fields)
            self.astray += named is not None and named.kind is None
        log.feed(fields)

    def finish(self) -> None:
        """List the gaps, after the last event."""
        self.gaps = self._coverage.gaps()
