"""``lightleak fleet``: adding 1,000 sessions, a question over 10,000,000 acts, one run more in a store of 100,000, and what compaction costs.

All are ratios within one run: adding against comparing the same files in one process, the tables of ``fleet query`` against the same SQL
on bare Parquet, one run into a store of 100,000 against one into an empty store.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

SESSIONS, EVENTS, ENTRIES = 1_000, 10_000, 100
DISTINCT = 10
APPS, ACTS, QUERY_ENTRIES = 200, 10_000_000, 1_000_000
STORED = 100_000

_CHILD = """
import resource, sys, time
from lightleak.cli import main
start = time.perf_counter()
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
took = time.perf_counter() - start
own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime
print(took, cpu, own.ru_maxrss / 1024, below.ru_maxrss / 1024)
"""

_ALONE = """
import sys, time
import lightleak
folder, count = sys.argv[1], int(sys.argv[2])
lightleak.compare(f"{folder}/s0.lightleak", f"{folder}/r0.ndjson").to_json()
start = time.perf_counter()
for number in range(count):
    lightleak.compare(f"{folder}/s{number}.lightleak", f"{folder}/r{number % 10}.ndjson").to_json()
print(time.perf_counter() - start, time.process_time())
"""

QUESTIONS = {
    "reads in the background by app, trigger and depth": (
        "SELECT app, trigger, depth, sum(count) AS n FROM {acts} WHERE state = 'background' GROUP BY ALL ORDER BY ALL"
    ),
    "entries by app and cause": "SELECT app, cause, count(*) AS n FROM {entries} GROUP BY ALL ORDER BY ALL",
    "acts by hour of one app": "SELECT hour, sum(count) AS n FROM {acts} WHERE app = 'org.app7' GROUP BY hour ORDER BY hour",
    "acts of runs with unexplained entries": (
        "SELECT a.app, sum(a.count) AS n FROM {acts} a WHERE a.run IN (SELECT run FROM {entries} WHERE cause = 'unexplained')"
        " GROUP BY a.app ORDER BY a.app"
    ),
}


def make_sessions(folder: Path, count: int) -> Path:
    """Write sessions of 10,000 events each, of ten stories, and a manifest. Return the manifest."""
    from tracekit import session

    compare = _sibling("compare")
    traces = []
    for number in range(DISTINCT):
        trace, report = compare.story(EVENTS, ENTRIES)
        header, *events = trace
        traces.append((json.loads(header), [line.encode() for line in events]))
        (folder / f"r{number}.ndjson").write_text("".join(line + "\n" for line in report))
    rows = ["session,report,app,version,os,device,condition"]
    for number in range(count):
        header, events = traces[number % DISTINCT]
        session(folder / f"s{number}.lightleak", events, header=header | {"session": str(uuid.uuid4())}, frame=2_000)
        rows.append(f"s{number}.lightleak,r{number % DISTINCT}.ndjson,,{number % 7},,,")
    (folder / "runs.csv").write_text("\n".join(rows) + "\n")
    return folder / "runs.csv"


def adding(count: int = SESSIONS) -> dict[str, Any]:
    """Compare all sessions in one process on one core; add them in one process; add them with two workers; compact."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        manifest = make_sessions(folder, count)
        core = {min(os.sched_getaffinity(0))}
        alone_s, alone_cpu = map(float, _python(_ALONE, folder, count, on=core))
        add = ("fleet", "add")
        one_s, one_cpu, one_mb, _ = map(float, _python(_CHILD, *add, folder / "one", "--manifest", manifest, on=core))
        two_s, two_cpu, _, worker_mb = map(
            float, _python(_CHILD, *add, folder / "two", "--manifest", manifest, "--workers", 2)
        )
        before = _size(folder / "one")
        _, compact_cpu, compact_mb, _ = map(float, _python(_CHILD, "fleet", "compact", folder / "one"))
        after = _size(folder / "one")
        _, report_cpu, report_mb, _ = map(
            float, _python(_CHILD, "fleet", "report", folder / "one", "--by", "version", "-o", folder / "x.json")
        )
        return {
            "sessions": count,
            "events": count * EVENTS,
            "seconds": {"comparisons alone": round(alone_s, 1), "add": round(one_s, 1), "two workers": round(two_s, 1)},
            "cpu_s": {
                "comparisons alone": round(alone_cpu, 1),
                "add": round(one_cpu, 1),
                "two workers": round(two_cpu, 1),
            },
            "ratio": round(one_s / alone_s, 2),
            "cpu_ratio": round(one_cpu / alone_cpu, 2),
            "two_workers_faster": round(one_s / two_s, 2),
            "load": os.getloadavg()[0],
            "peak_mb": {
                "add": round(one_mb),
                "a worker": round(worker_mb),
                "compact": round(compact_mb),
                "report": round(report_mb),
            },
            "compact_cpu_ms_a_run": round(1000 * compact_cpu / count, 1),
            "kb_a_run": round(before[1] / count / 1000, 1),
            "kb_a_run_compacted": round(after[1] / count / 1000, 1),
            "files_a_run": round(before[0] / count, 1),
            "files_compacted": after[0],
            "report_cpu_s": round(report_cpu, 2),
        }


def asking(acts: int = ACTS, entries: int = QUERY_ENTRIES) -> dict[str, Any]:
    """Ask a compacted store of 200 apps, and the same Parquet files with bare DuckDB; and other engines the first question."""
    import duckdb

    from lightleak.fleet.query import FleetDatabase
    from lightleak.fleet.store import FleetStore

    with tempfile.TemporaryDirectory() as place:
        make_store(place, acts, entries)
        bare = duckdb.connect()
        database = FleetDatabase(FleetStore.open(place))
        tables = {
            name: f"read_parquet('{place}/{name}/*/*.parquet', hive_partitioning = true)"
            for name in ("acts", "entries")
        }
        ratios, times = {}, {}
        for question, sql in QUESTIONS.items():
            own = _best(lambda sql=sql: list(database.rows(sql.format(acts="acts", entries="entries")).rows))
            theirs = _best(lambda sql=sql: bare.sql(sql.format(**tables)).fetchall())
            ratios[question], times[question] = round(own / theirs, 2), round(own, 3)
        opening_s = _best(lambda: FleetDatabase(FleetStore.open(place)).close(), rounds=3)
        return {
            "acts": acts,
            "entries": entries,
            "ratio": ratios,
            "seconds": times,
            "opening_s": round(opening_s, 3),
            "engines_s": _engines(place, bare, tables),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }


def _engines(place: str, bare: Any, tables: dict[str, str]) -> dict[str, float]:
    """Time the first question with each engine that is installed, best of three, threads as each chooses."""
    import dask.dataframe as dd
    import polars as pl

    paths = f"{place}/acts/*/*.parquet"

    def in_polars() -> object:
        rows = pl.scan_parquet(paths, hive_partitioning=True).filter(pl.col("state") == "background")
        return rows.group_by("app", "trigger", "depth").agg(pl.col("count").sum()).collect()

    def in_dask() -> object:
        rows = dd.read_parquet(f"{place}/acts", columns=["app", "trigger", "depth", "state", "count"])
        return (
            rows[rows["state"] == "background"]
            .groupby(["app", "trigger", "depth"], observed=True)["count"]
            .sum()
            .compute()
        )

    sql = next(iter(QUESTIONS.values())).format(**tables)
    engines: dict[str, Callable[[], object]] = {
        "duckdb": lambda: bare.sql(sql).fetchall(),
        "polars": in_polars,
        "dask": in_dask,
    }
    return {name: round(_best(engine, rounds=3), 3) for name, engine in engines.items()}


def make_store(place: str, acts: int, entries: int) -> None:
    """Write a compacted store: a set of each app, all columns filled with plausible values."""
    import io

    import msgspec
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from lightleak.events import DEPTHS, STATES, TRIGGERS
    from lightleak.fleet.partition import folder_of
    from lightleak.fleet.schema import arrow_schema
    from lightleak.fleet.store import FleetStore, Pack

    store, chance = FleetStore.create(place), np.random.default_rng(1)
    causes = np.array(["query", "open", "notification", "picker", "unexplained", "unobserved"])
    for app in range(APPS):
        folder = folder_of(f"org.app{app}")
        runs = np.array([f"{app:08x}{run:056x}" for run in range(50)])
        n, m = acts // APPS, entries // APPS
        tables = {
            "acts": {
                "run": np.sort(runs[chance.integers(0, 50, n)]), "hour": 1_760_000_000_000 // 3_600_000 * 3_600_000 + chance.integers(0, 2_000, n) * 3_600_000,
                "depth": np.array(DEPTHS)[chance.integers(1, 7, n)], "trigger": np.array(TRIGGERS)[chance.integers(0, 7, n)],
                "state": np.array(STATES)[chance.integers(0, 4, n)], "count": chance.integers(1, 60, n), "bytes": chance.integers(0, 1 << 20, n),
                "image": np.array(["App", "Sdk", "Photos"])[chance.integers(0, 3, n)],
            },
            "entries": {
                "identifier": np.array([str(uuid.UUID(int=at)) for at in range(m)]), "run": np.sort(runs[chance.integers(0, 50, m)]),
                "begin_ns": chance.integers(0, 1 << 60, m), "end_ns": chance.integers(0, 1 << 60, m), "out_of_process": np.zeros(m, bool),
                "cause": causes[chance.choice(6, m, p=(0.7, 0.1, 0.08, 0.05, 0.02, 0.05))], "depth": np.array(DEPTHS)[chance.integers(0, 7, m)],
                "trigger": np.array(TRIGGERS)[chance.integers(0, 7, m)], "trigger_by": np.full(m, "link"), "match": np.full(m, "identifier"),
                "state": np.array(STATES)[chance.integers(0, 4, m)], "flags": [[]] * m, "brief": np.full(m, "Queried the photo library in the background."),
                "watched": np.ones(m, bool),
            },
        }  # fmt: skip
        for table, columns in tables.items():
            schema = arrow_schema(table)
            file = io.BytesIO()
            pq.write_table(
                pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in schema], schema=schema),
                file,
                compression="zstd",
            )
            store.objects.put(f"{table}/{folder}/pack-{app:032x}.parquet", file.getvalue())
        names = [f"{run}-000001-{'0' * 16}" for run in runs]
        store.objects.put(f"packs/pack-{app:032x}.json", msgspec.json.encode(Pack(folder, names, list(tables))))


def one_more(stored: int = STORED) -> dict[str, Any]:
    """Add one run to a store of 100,000, none of them compacted, and to an empty one; count what is read."""
    from lightleak.fleet import objects
    from lightleak.fleet.add import add_runs
    from lightleak.fleet.manifest import read_manifest
    from lightleak.fleet.store import FleetStore

    reads: list[str] = []
    real = {name: getattr(objects.StoreObjects, name) for name in ("get", "names")}

    def counting(name: str) -> Callable[..., Any]:
        def count(self: objects.StoreObjects, *arguments: Any) -> Any:
            reads.append(str(arguments[0] if arguments else ""))
            return real[name](self, *arguments)

        return count

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        jobs = read_manifest(make_sessions(folder, 24))
        list(add_runs(FleetStore.create(str(folder / "first")).objects.place, jobs[-1:]))
        (sample,) = (folder / "first").glob("runs/*/*.parquet")
        content = sample.read_bytes()
        store = FleetStore.create(str(folder / "large"))
        for number in range(stored):
            name = f"{number:064x}-000001-{'0' * 16}.parquet"
            path = folder / "large" / "runs" / f"app=org.app{number % 1000}" / name
            if number < 1000:
                path.parent.mkdir(parents=True)
            path.write_bytes(content)
        empty = FleetStore.create(str(folder / "empty"))
        for name in real:
            setattr(objects.StoreObjects, name, counting(name))
        seconds: dict[str, list[float]] = {"empty": [], "large": []}
        counts: dict[str, int] = {}
        try:
            for job in jobs[:20]:
                for name, one in (("empty", empty), ("large", store)):
                    reads.clear()
                    start = time.perf_counter()
                    list(add_runs(one.objects.place, [job]))
                    seconds[name].append(time.perf_counter() - start)
                    counts[name] = len(reads)
        finally:
            for name, function in real.items():
                setattr(objects.StoreObjects, name, function)
        shutil.rmtree(folder / "large")
        medians = {name: sorted(times)[len(times) // 2] for name, times in seconds.items()}
        return {
            "stored": stored,
            "ms": {name: round(1000 * value, 1) for name, value in medians.items()},
            "ratio": round(medians["large"] / medians["empty"], 2),
            "small_files_read": counts,
        }


def _python(program: str, *arguments: object, on: set[int] | None = None) -> list[str]:
    """Run a program in a new process, on some cores only; return the words that it prints last."""
    prepare = None if on is None else (lambda: os.sched_setaffinity(0, on))
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=prepare)
    return done.stdout.split("\n")[-2].split()


def _size(folder: Path) -> tuple[int, int]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


def _best(action: Callable[[], object], rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def _sibling(name: str) -> Any:
    path = Path(__file__).with_name(f"{name}.py")
    specification = importlib.util.spec_from_file_location(f"bench_{name}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def run() -> dict[str, Any]:
    """Measure. Required: adding ≤ 1.15 and ≥ 1.7 times as fast with two workers; a question ≤ 1.5; one run more ≤ 1.1; ≤ 1,000 MB."""
    return {"add": adding(), "query": asking(), "one_more": one_more()}
