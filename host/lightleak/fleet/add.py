"""Add one run to a store: read, compare, write. It runs in this process or in a worker's, and never raises for what it reads."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from lightleak.comparator import Comparison, api
from lightleak.errors import CompareError, FileError, LightleakError
from lightleak.fleet.manifest import LABELS, FleetJob, RunLabels
from lightleak.fleet.rows import AppRows, rows_of
from lightleak.fleet.schema import FAILED, OK, TABLES
from lightleak.fleet.store import AddedRun, FleetStore, Plan, SessionState
from lightleak.known_apps import ensure_known
from lightleak.report import Report
from lightleak.report import read_report as read_reports
from lightleak.report.raw_rows import RawRows
from lightleak.trace.session import Session, grouped, open_session

_TOGETHER, _LONGEST_S = 16, 1.0
"""So many runs are written together, and for so long the first of them waits."""

KNOWN = "known"
"""The status of a run that the store has already."""


class RunOutcome(msgspec.Struct, frozen=True):
    """What became of one job."""

    name: str
    status: str
    """``ok``, ``failed``, or ``known``: it was in the store already."""
    problem: str | None = None
    events: int = 0
    seconds: float = 0.0


def add_runs(place: str, jobs: Iterable[FleetJob]) -> Iterator[RunOutcome]:
    """Add runs, and yield what became of each. A run that cannot be read or compared becomes a row with its reason.

    Some are written together, because a disk takes about as long to sync one as to sync several. What was yielded is on the disk.
    Raises: FileError when the store itself cannot be read or written.
    """
    batch = _Batch(FleetStore.open(place))
    waiting: list[RunOutcome] = []
    for job in jobs:
        waiting.append(_add(batch, job))
        if len(waiting) >= _TOGETHER or batch.age_s > _LONGEST_S:
            batch.commit()
            yield from waiting
            waiting = []
    batch.commit()
    yield from waiting


def add_failed(place: str, job: FleetJob, problem: str) -> RunOutcome:
    """Add the row of a run that could not even be tried: its worker died each time. Raises: FileError."""
    batch = _Batch(FleetStore.open(place))
    outcome = _failed(batch, job, _Run(_unread_name(job.sessions, job.reports), None), problem)
    batch.commit()
    return outcome


class _Batch:
    """Runs that are written together. What belongs to one of them is not looked up in the store until they are."""

    def __init__(self, store: FleetStore) -> None:
        self.store = store
        self._plans: list[Plan] = []
        self._afterwards: list[Callable[[], None]] = []
        self._keys: set[str] = set()
        self._since_s = time.monotonic()

    @property
    def age_s(self) -> float:
        """For how long the first of them has been waiting, at most."""
        return time.monotonic() - self._since_s

    def clear_of(self, *keys: str) -> None:
        """Write what waits where some of it is of the same run or session."""
        if self._keys.intersection(keys):
            self.commit()

    def put(self, plan: Plan, *keys: str, afterwards: Callable[[], None] | None = None) -> None:
        """Take a plan. afterwards: what is done when it is written."""
        self._plans.append(plan)
        self._keys.update(filter(None, keys))
        if afterwards is not None:
            self._afterwards.append(afterwards)

    def commit(self) -> None:
        """Write all that waits. Raises: FileError."""
        if self._plans:
            self.store.commit(self._plans)
        for do in self._afterwards:
            do()
        self._plans, self._afterwards, self._keys = [], [], set()
        self._since_s = time.monotonic()


def _add(batch: _Batch, job: FleetJob) -> RunOutcome:
    began_s = time.monotonic()
    store = batch.store
    unread = _Run(_unread_name(job.sessions, job.reports), None)
    batch.clear_of(unread.name)
    if job.problem is not None:
        return _failed(batch, job, unread, job.problem)
    run = unread
    try:
        session = _open(job.sessions)
        run = _Run(session.head_hash, None)
        batch.clear_of(run.name, session.session_id)
        run = _Run(session.head_hash, hash_of(job.reports))
        state = SessionState(run.name, session.event_count)
        newest = store.newest_of(session.session_id) if session.session_id else None
        if newest is not None and newest.run != run.name and newest.events > state.events:
            return RunOutcome(job.name, KNOWN, "a later state of this session is in the store")
        before = store.added(run.name)
        said = _said(job)
        is_repeated = before is not None and before.status == OK and before.report == run.report
        if before is not None and is_repeated:
            job = _joined(job, before)
            said = _said(job)
        if before is not None and is_repeated and said == before.said:
            if session.session_id:
                store.set_newest(session.session_id, state)  # a writer that was killed may not have come so far
            return RunOutcome(job.name, KNOWN, seconds=time.monotonic() - began_s)
        apps = _compared(session, job, run)
        plan = store.plan(run.name, run.report, OK, apps, said=said)
    except LightleakError as problem:
        return _failed(batch, job, run, problem.sentence)
    except (OSError, MemoryError, ValueError, ArithmeticError, LookupError, TypeError) as problem:
        # One file must not end the work on all the others.
        return _failed(batch, job, run, f"{type(problem).__name__}: {problem}")

    def afterwards() -> None:
        store.forget(unread.name)
        if session.session_id:
            store.set_newest(session.session_id, state)

    batch.put(plan, run.name, unread.name, session.session_id, afterwards=afterwards)
    events = sum(rows.tables["runs"]["events"][0] for rows in apps)
    return RunOutcome(job.name, OK, events=events, seconds=time.monotonic() - began_s)


def _said(job: FleetJob) -> list[tuple[str | None, RunLabels]]:
    """Return what a job says of its apps, sorted; of None: of all apps of the session."""
    return [*sorted(job.apps, key=lambda one: one[0])] if job.apps else [(None, job.labels)]


def _joined(job: FleetJob, before: AddedRun) -> FleetJob:
    """Return the job that adds what is new to a run with the same report: another app, or other labels. The rest stays."""
    earlier = dict(before.said)
    rest = earlier.get(None)
    if not job.apps and rest is not None:
        return msgspec.structs.replace(job, labels=job.labels.over(rest))
    labels = {app: earlier.get(app, rest or RunLabels()) for app in before.apps if app is not None}
    now = dict(job.apps) or dict.fromkeys(labels, job.labels)
    for app, given in now.items():
        labels[app] = given.over(labels.get(app, RunLabels()))
    if rest is not None and all(app in before.apps and labels[app] == rest for app in labels):
        return msgspec.structs.replace(job, apps=(), labels=rest)  # one app of all that were added
    return msgspec.structs.replace(job, apps=tuple(sorted(labels.items(), key=lambda one: one[0])))


class _Run(NamedTuple):
    """What distinguishes a run: its head hash, or its files' paths where that is not known, and the hash of its report."""

    name: str
    report: str | None


def hash_of(paths: Sequence[str]) -> str | None:
    """Return one hash for the content of files and folders, whatever their order; None for no file. Raises: FileError."""
    if not paths:
        return None
    hashes = []
    for path in paths:
        whole = Path(path)
        try:
            files = sorted(each for each in whole.rglob("*") if each.is_file()) if whole.is_dir() else [whole]
            for file in files:
                with file.open("rb") as opened:
                    hashes.append(hashlib.file_digest(opened, "sha256").digest())
        except OSError as problem:
            raise FileError(
                f"{path} cannot be read ({problem.strerror})", hint="name a privacy report, a file or a folder"
            ) from problem
    return hashlib.sha256(b"".join(sorted(hashes))).hexdigest()


def _open(paths: Sequence[str]) -> Session:
    """Open the files of one recording. Raises: LightleakError when one cannot be read, or they are of several recordings."""
    sessions = grouped([open_session(path) for path in paths])
    if len(sessions) > 1:
        raise CompareError(
            f"the files are of {len(sessions)} recordings, and one row has one", hint="give each recording its own row"
        )
    return sessions[0]


def _compared(session: Session, job: FleetJob, run: _Run) -> list[AppRows]:
    report = read_reports(*job.reports) if job.reports else Report(RawRows())
    labels = dict(job.apps)
    comparison = api.compare([session], report, apps=list(labels) or None)
    _ensure_useful(comparison, list(labels), run.report)
    return [
        rows_of(comparison, found, run.name, run.report, labels.get(found.app, job.labels)) for found in comparison.apps
    ]


def _ensure_useful(comparison: Comparison, apps: list[str], report: str | None) -> None:
    """Raise CompareError or UsageError when nothing can be said of what was asked for."""
    known = {*comparison.sessions.identifiers(), *comparison.report.columns.apps}
    ensure_known(apps, known)
    if report is not None:
        comparison.ensure_comparable()


def _failed(batch: _Batch, job: FleetJob, run: _Run, problem: str) -> RunOutcome:
    before = batch.store.added(run.name)
    if before is None or before.status != OK:
        # A run that is in the store stays there: what failed is another report.
        rows = [_failed_row(run, problem, app, labels) for app, labels in job.apps or ((None, job.labels),)]
        unread = _unread_name(job.sessions, job.reports)
        batch.put(
            batch.store.plan(run.name, run.report, FAILED, rows, problem=problem),
            run.name,
            unread,
            # A row of the time when not even the session could be read.
            afterwards=None if unread == run.name else lambda: batch.store.forget(unread),
        )
    return RunOutcome(job.name, FAILED, problem)


def _failed_row(run: _Run, problem: str, app: str | None, labels: RunLabels) -> AppRows:
    known = {"run": run.name, "status": FAILED, "problem": problem, "report": run.report}
    said = {name: getattr(labels, name) for name in LABELS}
    row = {name: [{**known, **said}.get(name)] for name in TABLES["runs"]}
    row |= {name: [value] for name, value in labels.further}
    return AppRows(app, {"runs": row, "problems": {"run": [run.name], "about": ["run"], "problem": [problem]}})


def _unread_name(sessions: Sequence[str], reports: Sequence[str]) -> str:
    """Return the name of a run whose head hash is not known: by its files' paths, so that a later success replaces it."""
    paths = "\0".join([*sessions, "", *reports])
    return "unread" + hashlib.sha256(paths.encode(errors="surrogateescape")).hexdigest()
