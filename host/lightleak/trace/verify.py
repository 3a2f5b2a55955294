"""Hold a session file against what it says of itself: frames, seals, chain, numbers, closing seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lightleak.coverage import Gap, SegmentCoverage
from lightleak.errors import TraceError
from lightleak.trace.continuity import Continuity, SequenceFields
from lightleak.trace.file_status import damage, redaction_notes, unfinished, words
from lightleak.trace.seal import Chain, split
from lightleak.trace.session import check_neighbours
from lightleak.trace.session_file import SessionFile

PROBLEMS_MAX = 1_000
"""A hostile file can have as many problems as lines; what goes beyond is only counted."""

_ROW = msgspec.json.Decoder(SequenceFields)
_NO_EVENT = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(slots=True)
class Verification:
    """What was found. Gaps and losses that the recording tells of are none of the problems."""

    file: Path
    session: str
    part: int
    closed: bool
    head: str
    frames: int = 0
    events: int = 0
    lost: int = 0
    segments: list[SegmentCoverage] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What is broken, a sentence each."""
    notes: list[str] = field(default_factory=list)
    """What could not be checked, a sentence each."""

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not self.problems


def verify(path: Path) -> Verification:
    """Read a session file from end to end. Errors: TraceError for a file that is none, or that cannot be read."""
    part = SessionFile(path)
    continuity = Continuity(from_the_start=part.number == 1)
    problems = list(_check_frames(part, continuity))
    continuity.finish()
    if not part.last_seal.final:
        problems.append(words(unfinished(part)))
    problems += continuity.problems
    neighbours = check_neighbours(part)
    problems += neighbours.problems
    if len(problems) > PROBLEMS_MAX:
        problems[PROBLEMS_MAX:] = [f"{len(problems) - PROBLEMS_MAX} more problems"]
    return Verification(
        file=path,
        session=str(part.header.get("session", "")),
        part=part.number,
        closed=part.closed,
        head=part.last_seal.hash,
        frames=len(part.frames),
        events=continuity.events,
        lost=continuity.lost,
        segments=[continuity.segments[number] for number in sorted(continuity.segments)],
        gaps=continuity.gaps,
        problems=problems,
        notes=[*redaction_notes(part.header), *neighbours.notes],
    )


def _check_frames(part: SessionFile, continuity: Continuity) -> Iterator[str]:
    chain = Chain()
    contents = part.contents()
    for index, stretch in enumerate(part.stretches):
        if not stretch.whole:
            yield words(damage(part, index))
            chain.skip()
            continue
        frame, content = next(contents)
        try:
            _, seal = split(content)
        except TraceError as problem:
            yield f"the frame at byte {frame.offset}: {problem.message}"
            chain.skip()
            continue
        body = part.body(frame, content)
        yield from chain.feed(content, seal, body.count(b"\n"))
        yield from _check_lines(body, seal.frame, continuity)


def _check_lines(body: bytes, frame: int, continuity: Continuity) -> Iterator[str]:
    try:
        for row in _ROW.decode_lines(body):
            continuity.feed(row)
    except _NO_EVENT:
        for number, line in enumerate(body.split(b"\n")[:-1], start=1):
            try:
                continuity.feed(_ROW.decode(line))
            except _NO_EVENT as problem:
                yield f"line {number} of frame {frame} is not an event ({problem})"
