"""Read one path, whatever kind of report it is, into what is being collected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lightleak.errors import ReportError
from lightleak.report.export import read_export
from lightleak.report.line_schema import read_line
from lightleak.report.raw_rows import RawRows
from lightleak.report.safe_archive import DAMAGE, peek
from lightleak.report.segb import MAGIC, MAX_BYTES, V1_MAGIC_AT
from lightleak.report.sources import Source, sources
from lightleak.report.store import read_store, stream_of

_EXPORT_SUFFIXES = (".ndjson", ".ndjson.gz")
_FIRST_LINE_BYTES = 1 << 12


def read_path(path: Path, collected: RawRows) -> None:
    """Add all reports of a path. Errors: ReportError where it has not one line or record of a report."""
    problems, recognised = collected.problems, collected.recognised
    mark = problems.mark()
    collected.report += 1
    for source in _each(path, collected):
        if not source.inside or _promising(source):
            _read(source, collected)
    if collected.recognised == recognised:
        first = problems.forget_since(mark)
        hint = "export it in Settings › Privacy & Security › App Privacy Report, or name a PrivacyAccounting folder"
        raise ReportError(f"{path} has not one line of a privacy report" + (f" ({first})" if first else ""), hint=hint)


def _each(path: Path, collected: RawRows) -> Iterator[Source]:
    problems = collected.problems
    found = sources(path, lambda name, problem: problems.add(name, None, problem))
    while True:
        try:
            source = next(found, None)
        except FileNotFoundError:
            raise ReportError(f"{path} does not exist", hint="check the name and the folder") from None
        except (*DAMAGE, ReportError) as problem:
            problems.add(str(path), None, _reason(problem))
            return
        if source is None:
            return
        yield source


def _read(source: Source, collected: RawRows) -> None:
    problems, recognised = collected.problems, collected.recognised
    mark = problems.mark()
    try:
        start = peek(source.stream, V1_MAGIC_AT + len(MAGIC))
        if start.startswith(MAGIC) or start[V1_MAGIC_AT:] == MAGIC:
            read_store(_whole(source), source.name, source.place, collected)
        else:
            read_export(source.stream, source.name, collected)
    except (OSError, ReportError) as problem:
        problems.add(source.name, None, _reason(problem))
    if source.inside and collected.recognised == recognised and (first := problems.forget_since(mark)):
        problems.add(source.name, None, f"has not one line of a privacy report ({first})")


def _promising(source: Source) -> bool:
    """Tell whether a file among others is worth reading: by its place, its name, or its first line."""
    place = PurePosixPath(source.place)
    if stream_of(source.place):
        return "local" in place.parts
    if place.name.endswith(_EXPORT_SUFFIXES):
        return True
    try:
        first_line = peek(source.stream, _FIRST_LINE_BYTES).partition(b"\n")[0]
        read_line(first_line.removeprefix(b"\xef\xbb\xbf").strip())
    except (OSError, ReportError):
        return False
    return True


def _whole(source: Source) -> bytes:
    file = source.stream.read(MAX_BYTES + 1)
    if len(file) > MAX_BYTES:
        raise ReportError(f"a segment of more than {MAX_BYTES >> 20} MB")
    return file


def _reason(problem: BaseException) -> str:
    if isinstance(problem, ReportError):
        return problem.message
    return f"cannot be read ({problem.strerror if isinstance(problem, OSError) and problem.strerror else problem})"
