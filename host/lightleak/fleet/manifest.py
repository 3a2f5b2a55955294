"""What is to be added: jobs of a manifest, or of the command line. One job is one session with its report.

Nothing of the sessions is read here; a file that does not exist is found when the job runs, and becomes a row with its reason.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from lightleak.app_names import app_of
from lightleak.errors import FileError, LightleakError, UsageError
from lightleak.fleet.schema import OWN_COLUMNS
from lightleak.text import escaped

LABELS = ("version", "os", "device", "condition")
COLUMNS = ("session", "report", "app", *LABELS)
_MOST_BYTES = 1 << 28


class RunLabels(msgspec.Struct, frozen=True):
    """What a person says of a run; None where the session's header says it."""

    version: str | None = None
    os: str | None = None
    device: str | None = None
    condition: str | None = None
    further: tuple[tuple[str, str], ...] = ()
    """Further columns and their values."""

    def over(self, before: RunLabels) -> RunLabels:
        """Return the labels that hold when these are given after others: what these do not name stays as it was."""
        values = {name: getattr(self, name) or getattr(before, name) for name in LABELS}
        further = dict(before.further) | {name: value for name, value in self.further if value}
        return RunLabels(**values, further=tuple(further.items()))


class FleetJob(msgspec.Struct, frozen=True):
    """One session with its report, and what a person says of them. Paths are absolute: a worker has another folder."""

    sessions: tuple[str, ...]
    reports: tuple[str, ...]
    apps: tuple[tuple[str, RunLabels], ...] = ()
    """The apps that are asked for, each with its labels; none: those of the session."""
    labels: RunLabels = RunLabels()
    """The labels of an app that is not named."""
    problem: str | None = None
    """Why it cannot be done, where the manifest itself says so."""

    @property
    def name(self) -> str:
        """How messages call it."""
        return ", ".join(os.path.basename(path) for path in self.sessions) or "a row without a session"  # noqa: PTH119


def jobs_of(sessions: Sequence[Path], reports: Sequence[Path], settings: Iterable[str]) -> list[FleetJob]:
    """Return the jobs of the command line: each recording with all reports. Files of one recording are one job.

    settings: ``KEY=VALUE`` each. Raises: UsageError.
    """
    given = _settings(settings)
    app = given.pop("app", None)
    labels = _labels(given)
    apps = ((app_of(app), labels),) if app else ()
    paths = tuple(str(path.absolute()) for path in reports)
    return [FleetJob(tuple(files), paths, apps, labels) for files in _recordings(sessions)]


def read_manifest(path: Path) -> list[FleetJob]:
    """Return the jobs of a manifest, in its order. Paths in it are relative to its folder.

    Raises: FileError when it cannot be read, or is not a manifest; with the line.
    """
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise FileError(f"{path.name} is too long for a manifest", hint="check that this is the right file")
        text = data.decode("utf-8-sig")
    except OSError as problem:
        raise FileError(f"{path} cannot be read ({problem.strerror})", hint="name a manifest in CSV") from problem
    except UnicodeDecodeError as problem:
        raise FileError(f"{path} is not valid UTF-8", hint="name a manifest in CSV") from problem
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        further = _further_columns(header, path.name)
        cells = [_cells(row, header, f"{path.name}, line {rows.line_num}") for row in rows if any(map(str.strip, row))]
    except csv.Error as problem:
        raise FileError(f"{path.name} is not valid CSV ({problem})", hint=f"look at line {rows.line_num}") from problem
    return _grouped(cells, further, path.absolute().parent)


def _further_columns(header: list[str], name: str) -> list[str]:
    if missing := [column for column in ("session", "report") if column not in header]:
        raise FileError(
            f"{name} has no column {missing[0]}", hint=f"its first line names the columns: {','.join(COLUMNS)}"
        )
    lower = [column.lower() for column in header]
    for column in header:
        if not column or lower.count(column.lower()) > 1:
            raise FileError(f"{name} has two columns {escaped(column)!r:.60}, or one without a name", hint="rename one")
    further = [column for column in header if column not in COLUMNS]
    for column in further:
        _ensure_free(column, name)
    return further


def _ensure_free(column: str, name: str) -> None:
    if column.lower() in OWN_COLUMNS:
        raise FileError(f"{name} has a column {column}, which the store fills itself", hint="rename it")


def _cells(row: list[str], header: list[str], place: str) -> dict[str, str]:
    if len(row) != len(header):
        raise FileError(
            f"{place}: {len(row)} cells, where the first line has {len(header)}",
            hint="put a cell with a comma into double quotes, and separate files with ;",
        )
    return {column: cell.strip() for column, cell in zip(header, row, strict=True)}


def _grouped(rows: list[dict[str, str]], further: list[str], folder: Path) -> list[FleetJob]:
    """Join the rows of one session and report: they are about several of its apps."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[dict[str, str]]] = {}
    for row in rows:
        key = _files(row["session"], folder), _files(row["report"], folder)
        groups.setdefault(key, []).append(row)
    return _without_contradictions(
        [_job(sessions, reports, group, further) for (sessions, reports), group in groups.items()]
    )


def _without_contradictions(jobs: list[FleetJob]) -> list[FleetJob]:
    """Give jobs of one session that do not go together their problem: a session has one run of each app, with one report.

    The later would take the place of the earlier, with another version of the app, or without an app that only the earlier names.
    """
    of_session: dict[tuple[str, ...], list[FleetJob]] = {}
    for job in jobs:
        of_session.setdefault(job.sessions, []).append(job)
    return [
        job if job.problem or not job.sessions else msgspec.structs.replace(job, problem=_against(job, others))
        for job in jobs
        for others in [of_session[job.sessions]]
    ]


def _against(job: FleetJob, others: list[FleetJob]) -> str | None:
    """Return how a job contradicts others of its session; None where it does not."""
    for other in others:
        # Both fail with the same words: which of the two is right, nothing here says.
        pair = sorted((job, other), key=others.index)
        first, second = ({**dict(each.apps), **({} if each.apps else {None: each.labels})} for each in pair)
        for app in first.keys() & second.keys():
            if first[app] != second[app]:
                return _two_things(app, first[app], second[app])
    mine = {app for app, _ in job.apps}
    earlier = others[: others.index(job)]
    if mine and any(not other.apps or not mine.issuperset(dict(other.apps)) for other in earlier):
        return "the manifest compares the apps of one session with different reports: name all reports in each of its rows, separated by ;"
    return None


def _two_things(app: str | None, before: RunLabels, labels: RunLabels) -> str:
    return f"the manifest says two things of {escaped(app or 'all apps')} in one session: {_both(before, labels)}"


def _job(
    sessions: tuple[str, ...], reports: tuple[str, ...], rows: list[dict[str, str]], further: list[str]
) -> FleetJob:
    apps: dict[str, RunLabels] = {}
    rest, problem = RunLabels(), None if sessions else "the row of the manifest names no session"
    for row in rows:
        app = app_of(row["app"]) if row.get("app") else None
        labels = _labels({name: row[name] for name in (*LABELS, *further) if name in row})
        before = rest if app is None else apps.get(app)
        if before is not None and before != labels and (app is not None or before != RunLabels()):
            problem = _two_things(app, before, labels)
        elif app is None:
            rest = labels
        else:
            apps[app] = labels
    return FleetJob(sessions, reports, tuple(apps.items()), rest, problem)


def _both(one: RunLabels, other: RunLabels) -> str:
    """Return in what two labels differ."""
    values = [{**msgspec.structs.asdict(each), **dict(each.further)} for each in (one, other)]
    name = next(name for name in {**values[0], **values[1]} if values[0].get(name) != values[1].get(name))
    first, second = (escaped(each.get(name) or "nothing") for each in values)
    return f"{name} {first} and {second}"


def _files(cell: str, folder: Path) -> tuple[str, ...]:
    return tuple(str(folder / part.strip()) for part in cell.split(";") if part.strip())


def _settings(settings: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or not name:
            raise UsageError(f"--set takes KEY=VALUE (got {setting!r:.60})", hint="such as --set condition=wifi")
        if name not in ("app", *LABELS) and name.lower() in OWN_COLUMNS:
            raise UsageError(f"--set cannot fill {name}, which the store fills itself", hint="use another name")
        if name.lower() in map(str.lower, found):
            raise UsageError(f"--set names {name} twice", hint="leave one out")
        found[name] = value
    return found


def _labels(values: Mapping[str, str]) -> RunLabels:
    further = tuple((name, value) for name, value in values.items() if name not in (*LABELS, "app"))
    return RunLabels(**{name: values.get(name) or None for name in LABELS}, further=further)


def _recordings(sessions: Sequence[Path]) -> list[list[str]]:
    """Join the files of one rotated recording; a file that cannot be opened is a job of its own, and fails there."""
    from lightleak.trace.session import open_session

    groups: dict[str, list[str]] = {}
    for path in sessions:
        absolute = str(path.absolute())
        try:
            identity = open_session(path).session_id or absolute
        except (LightleakError, OSError):
            identity = absolute
        groups.setdefault(identity, []).append(absolute)
    return list(groups.values())
