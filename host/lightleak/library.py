"""The functions of ``import lightleak``. The command line calls them too.

A path is taken wherever a session or a report is. What is wrong is a LightleakError, with the sentences of the command line.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeGuard, TypeVar

from lightleak.comparator import Comparison, api
from lightleak.comparator.assumptions import UNTESTED, Assumptions, read_assumptions
from lightleak.errors import UsageError
from lightleak.files import read_text, refuse_existing, replace_when_whole
from lightleak.known_apps import ensure_known
from lightleak.report import Report
from lightleak.report import read_report as read_reports
from lightleak.trace import Session
from lightleak.trace.session import open_session

if TYPE_CHECKING:
    from lightleak.comparator.diff.diff import Difference
    from lightleak.comparator.policy.check import Checked
    from lightleak.comparator.policy.schema import Policy
    from lightleak.comparator.selection import Selection
    from lightleak.events import Event
    from lightleak.trace.verify import Verification

PathLike: TypeAlias = str | os.PathLike[str]
Sessions: TypeAlias = Session | PathLike | Iterable[Session | PathLike]
Reports: TypeAlias = Report | PathLike | Iterable[PathLike]
Format: TypeAlias = Literal["ndjson", "csv", "parquet", "perfetto", "timesketch"]


def open(path: PathLike) -> Session:  # noqa: A001  lightleak.open is clear
    """Open a session file. Raises: TraceError when it is not one, cannot be read or has a newer format version."""
    return open_session(_path(path, "a session"))


def read_report(*paths: PathLike | Iterable[PathLike]) -> Report:
    """Read reports and merge them: exports of any iOS and on-device stores; files, folders, gzip, zip and tar.

    What could not be read is in ``Report.problems``.
    Raises: ReportError when a path does not exist or has not one line of a report.
    """
    return read_reports(*(_path(path, "a report") for one in paths for path in _each(one)))


def compare(
    sessions: Sessions,
    report: Reports,
    *,
    apps: Collection[str] | None = None,
    lag: float | Literal["auto"] | None = None,
    facts: Assumptions | PathLike | None = None,
) -> Comparison:
    """Return for each photos entry why it exists and how far the app went.

    sessions: one or several; the files of one recording count as one session. apps: those whose entries are judged
    (default: the sessions' own). lag: by how many seconds a report may be later than the call, or ``auto`` for what the
    identifier matches show (default: what ``facts`` measured, else 3 s). facts: what a field test found, or its file.

    Raises: CompareError when the sessions name no app, UsageError for an app that no file knows and a lag that is out of
    range, FileError for a file that cannot be read, TraceError when one is damaged.
    """
    opened, read, asked = _sessions(sessions), _report(report), _apps(apps)
    comparison = api.compare(opened, read, apps=asked, lag=_lag(lag), facts=_facts(facts))
    ensure_known(asked or (), {*comparison.sessions.identifiers(), *read.columns.apps})
    return comparison


def filter_verdicts(
    comparison: Comparison, expression: str | None = None, *, since: str | None = None, until: str | None = None
) -> Selection:
    """Return the entries for which an expression is true and that begin in a span of time: as ``compare --filter``.

    since, until: times as ``--from`` and ``--to`` take them, both included.
    Raises: UsageError when the expression or a time is not valid.
    """
    from lightleak.comparator.selection import select

    found = _expected(comparison, Comparison, "a comparison", "make it with lightleak.compare")
    return select(found, _text(expression, "a filter"), since=_text(since, "since"), until=_text(until, "until"))


def filter_events(session: Session | PathLike, expression: str) -> Iterator[Event]:
    """Return the events for which an expression is true, sorted by (segment, seq): as ``show --filter``.

    Times without an offset are in the device's zone. Raises: UsageError when the expression is not valid, at once;
    TraceError when the session is damaged.
    """
    from lightleak.filter import Filter
    from lightleak.timezones import device_zone

    opened = _session(session)
    keep = Filter(_text(expression, "a filter") or "", device_zone(opened.header))
    return filter(keep.keeps, opened.events())


def read_policy(path: PathLike) -> Policy:
    """Read a policy, a TOML file. Raises: FileError, with the line if it is known."""
    from lightleak.comparator.policy import schema

    file = _path(path, "a policy")
    return schema.read_policy(read_text(file, "name a policy in TOML"), file.name)


def check(comparison: Comparison, policy: Policy | PathLike) -> Checked:
    """Check a comparison against a policy: each rule is held, broken, or not proven by what was watched.

    Raises: CompareError when there is no app to check, FileError when the policy cannot be read.
    """
    from lightleak.comparator.policy.check import check as check_policy

    found = _expected(comparison, Comparison, "a comparison", "make it with lightleak.compare")
    return check_policy(found, _policy(policy))


def diff(
    old: Sessions,
    new: Sessions,
    *,
    apps: Collection[str] | None = None,
    old_report: Reports | None = None,
    new_report: Reports | None = None,
) -> Difference:
    """Compare two recordings, such as two versions of an app; with both reports, their verdicts by cause too.

    Raises: CompareError when no app is named or known, UsageError for an app that no file knows and for a single report,
    TraceError when a file is damaged or two contradict each other.
    """
    from lightleak.comparator.diff.diff import diff as diff_sessions

    if (old_report is None) != (new_report is None):
        raise UsageError(
            "--old-report and --new-report must be given together", hint="add the other one, or leave both out"
        )
    before, after, asked = _sessions(old), _sessions(new), _apps(apps)
    reports = [None if report is None else _report(report) for report in (old_report, new_report)]
    found = diff_sessions(before, after, apps=asked, old_report=reports[0], new_report=reports[1])
    reported = (app for report in reports if report is not None for app in report.columns.apps)
    ensure_known(asked or (), {*found.old.identifiers(), *found.new.identifiers(), *reported})
    return found


def html(comparison: Comparison) -> str:
    """Return the page of a comparison: one HTML document that needs no network.

    Its session files are read again. Raises: FileError when the page's template was not built.
    """
    from lightleak.views.page import build

    return build.render(_expected(comparison, Comparison, "a comparison", "make it with lightleak.compare"))


def export(
    session: Session | PathLike,
    output: PathLike,
    *,
    format: Format | None = None,  # noqa: A002  the name of the option
    expression: str | None = None,
    force: bool = False,
) -> None:
    """Write a session for another tool, mode 0600, whole or not at all. An existing file is refused unless ``force``.

    format: by default that of the output's ending. expression: only events for which it is true.

    Raises: UsageError when no format is named or the expression is not valid, FileError when the output cannot be written,
    TraceError when the session is damaged, LightleakError without the library that the format needs.
    """
    from lightleak.filter import Filter
    from lightleak.output_formats import chosen_format
    from lightleak.timezones import device_zone
    from lightleak.views.export.formats import FORMATS, exporter
    from lightleak.views.export.source import ExportSource

    opened, path = _session(session), _path(output, "an output")
    if format is not None and format not in FORMATS:
        raise UsageError(f"there is no format {format!r:.40}", hint=f"formats are {', '.join(FORMATS)}")
    form = chosen_format(format, path, FORMATS)
    if form is None:
        raise UsageError(
            "no format given", hint=f"name one of {', '.join(FORMATS)}, or give the output an ending such as .csv"
        )
    keep = None if expression is None else Filter(_text(expression, "a filter") or "", device_zone(opened.header))
    refuse_existing(path, force=force)
    with replace_when_whole(path, force=force) as file:
        exporter(form, path)(ExportSource(opened, keep), file)


def import_trace(trace: PathLike, output: PathLike, *, force: bool = False) -> Session:
    """Make a session file of a trace in the interchange format, and open it. Raises: TraceError, FileError."""
    from lightleak.trace.ndjson import import_trace as import_file

    path = _path(output, "an output")
    refuse_existing(path, force=force)
    import_file(_path(trace, "a trace"), path, force=force)
    return open_session(path)


def verify(path: PathLike) -> Verification:
    """Check a session file from end to end. Raises: TraceError when it is not a session file or cannot be read."""
    from lightleak.trace.verify import verify as verify_file

    return verify_file(_path(path, "a session"))


# What a caller may give -----------------------------------------------------------------------------------------------

_Type = TypeVar("_Type")


def _is_path(value: object) -> TypeGuard[PathLike]:
    return isinstance(value, str | os.PathLike)


def _is_iterable(value: object) -> bool:
    return isinstance(value, Iterable)


def _each(value: Any) -> list[Any]:
    """Return the items of what has several, and anything else as one."""
    return list(value) if _is_iterable(value) and not _is_path(value) else [value]


def _path(value: Any, what: str) -> Path:
    """Return a path. Raises: UsageError for anything else, an empty path and one that no system has."""
    path = os.fspath(value) if _is_path(value) else None
    if not isinstance(path, str):
        raise UsageError(f"{what} must be given as a path (got {_kind(value)})", hint="give a text or a pathlib.Path")
    if not path or "\0" in path:
        raise UsageError(f"{what} must be given as a path (got {path!r:.40})", hint="name a file")
    return Path(path)


def _session(value: Any) -> Session:
    if isinstance(value, Session):
        return value
    if _is_path(value):
        return open(value)
    raise UsageError(f"a session must be a path or a Session (got {_kind(value)})", hint="name a session file")


def _sessions(value: Any) -> list[Session]:
    opened = list(map(_session, _each(value)))
    if not opened:
        raise UsageError("no session given", hint="name a recording, which lightleak record makes")
    return opened


def _report(value: Any) -> Report:
    if isinstance(value, Report):
        return value
    paths = _each(value)
    if len(paths) == 1 and isinstance(paths[0], Report):
        return paths[0]
    for path in paths:
        if not _is_path(path):
            raise UsageError(
                f"a report must be a path or a Report (got {_kind(path)})",
                hint="several are read as one with lightleak.read_report",
            )
    return read_report(*paths)


def _apps(value: Any) -> list[str] | None:
    names = [value] if isinstance(value, str) else value
    if names is None:
        return None
    if not _is_iterable(names):
        raise UsageError(f"apps must be identifiers (got {_kind(value)})", hint="give a list of texts")
    listed = list(names)
    for name in listed:
        if not isinstance(name, str):
            raise UsageError(f"apps must be identifiers (got {_kind(name)})", hint="give a list of texts")
    return listed or None


def _lag(value: Any) -> float | Literal["auto"] | None:
    if value is None or value == "auto" or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value  # type: ignore[no-any-return]
    raise UsageError(f"a lag must be seconds or 'auto' (got {value!r:.40})", hint="give a number")


def _facts(value: Any) -> Assumptions:
    if value is None:
        return UNTESTED
    if _is_path(value):
        path = _path(value, "facts")
        return read_assumptions(read_text(path, "name a file of lightleak fieldtest"), path.name)
    return _expected(value, Assumptions, "facts", "name a file of lightleak fieldtest")


def _policy(value: Any) -> Policy:
    from lightleak.comparator.policy.schema import Policy

    if _is_path(value):
        return read_policy(value)
    return _expected(value, Policy, "a policy", "name a policy in TOML")


def _expected(value: Any, kind: type[_Type], what: str, hint: str) -> _Type:
    if not isinstance(value, kind):
        raise UsageError(f"{what} must be a {kind.__name__} (got {_kind(value)})", hint=hint)
    return value


def _text(value: Any, what: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{what} must be a text (got {_kind(value)})", hint="write it as on the command line")
    return value


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
