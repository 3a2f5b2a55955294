"""Add one run to a store: read, compare, write. It runs in this process or in a worker's, and never raises for what it reads."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from lightleak.comparator import Comparison, api
from lightleak.errors import CompareError, LightleakError
from lightleak.fleet.manifest import LABELS, FleetJob, RunLabels
from lightleak.fleet.rows import AppRows, rows_of
from lightleak.fleet.schema import FAILED, OK, TABLES
from lightleak.fleet.store import FleetStore, SessionState
from lightleak.known_apps import ensure_known
from lightleak.report import Report
from lightleak.report import read_report as read_reports
from lightleak.report.raw_rows import RawRows
from lightleak.trace.session import Session, grouped, open_session

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


def add_run(place: str, job: FleetJob) -> RunOutcome:
    """Add one run, and return what became of it. A run that cannot be read or compared becomes a row with its reason.

    Raises: FileError when the store itself cannot be read or written.
    """
    began_s = time.monotonic()
    store = FleetStore.open(place)
    unread = _Run(_unread_name(job.sessions, job.reports), None)
    if job.problem is not None:
        return _failed(store, job, unread, job.problem)
    run = unread
    try:
        session = _open(job.sessions)
        run = _Run(session.head_hash, hash_of(job.reports))
        state = SessionState(run.name, session.event_count)
        newest = store.newest_of(session.session_id) if session.session_id else None
        if newest is not None and newest.run != run.name and newest.events > state.events:
            return RunOutcome(job.name, KNOWN, "a later state of this session is in the store")
        before = store.added(run.name)
        if before is not None and before.status == OK and before.report == run.report:
            if session.session_id:
                store.set_newest(session.session_id, state)  # a writer that was killed may not have come so far
            return RunOutcome(job.name, KNOWN, seconds=time.monotonic() - began_s)
        apps = _compared(session, job, run)
    except LightleakError as problem:
        return _failed(store, job, run, problem.sentence)
    except (OSError, MemoryError, ValueError, ArithmeticError, LookupError, TypeError) as problem:
        # One file must not end the work on all the others.
        return _failed(store, job, run, f"{type(problem).__name__}: {problem}")
    store.add(run.name, run.report, OK, apps)
    store.forget(unread.name)
    if session.session_id:
        store.set_newest(session.session_id, state)
    events = sum(rows.tables["runs"]["events"][0] for rows in apps)
    return RunOutcome(job.name, OK, events=events, seconds=time.monotonic() - began_s)


def add_failed(place: str, job: FleetJob, problem: str) -> RunOutcome:
    """Add the row of a run that could not even be tried: its worker died each time. Raises: FileError."""
    return _failed(FleetStore.open(place), job, _Run(_unread_name(job.sessions, job.reports), None), problem)


class _Run(NamedTuple):
    """What distinguishes a run: its head hash, or its files' paths where that is not known, and the hash of its report."""

    name: str
    report: str | None


def hash_of(paths: Sequence[str]) -> str | None:
    """Return one hash for the content of files and folders, whatever their order; None for no file. Raises: OSError."""
    if not paths:
        return None
    hashes = []
    for path in paths:
        whole = Path(path)
        files = sorted(each for each in whole.rglob("*") if each.is_file()) if whole.is_dir() else [whole]
        for file in files:
            with file.open("rb") as opened:
                hashes.append(hashlib.file_digest(opened, "sha256").digest())
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


def _failed(store: FleetStore, job: FleetJob, run: _Run, problem: str) -> RunOutcome:
    before = store.added(run.name)
    if before is None or before.status != OK:
        # A run that is in the store stays there: what failed is another report.
        rows = [_failed_row(run, problem, app, labels) for app, labels in job.apps or ((None, job.labels),)]
        store.add(run.name, run.report, FAILED, rows, problem)
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
