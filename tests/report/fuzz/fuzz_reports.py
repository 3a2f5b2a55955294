#!/usr/bin/env python3
"""Fuzz the readers of privacy reports: whatever the bytes, a report or the project's own error, and nothing else.

pip install atheris          # optional; without it, inputs are mutated blindly
tests/report/fuzz/fuzz_reports.py export  --runs 1000000
tests/report/fuzz/fuzz_reports.py store   --runs 1000000
tests/report/fuzz/fuzz_reports.py archive --runs 100000
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "host")]

coverage_guided = find_spec("atheris") is not None
if coverage_guided:
    import atheris

with atheris.instrument_imports(include=["lightleak"]) if coverage_guided else contextlib.nullcontext():
    from lightleak.errors import ReportError
    from lightleak.report import Report, read_report
    from lightleak.report.categories import STREAM
    from lightleak.report.export import read_export
    from lightleak.report.raw_rows import RawRows
    from lightleak.report.store import read_store

from report.stored import records, segments  # noqa: E402  after the instrumented imports
from report.written import GENERATIONS, export, half, moment, network, text  # noqa: E402

MAX_BYTES = 4096
SCRATCH = Path(tempfile.mkdtemp(prefix="lightleak-fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def export_input(data: bytes) -> None:
    """Read the bytes as an export."""
    collected = RawRows()
    with contextlib.suppress(ReportError):
        read_export(io.BytesIO(data), "fuzz", collected)  # type: ignore[arg-type]
    _use(Report(collected))


def store_input(data: bytes) -> None:
    """Read the bytes as a segment of the stream that the first byte names."""
    streams = (".tcc", ".location", ".oop", ".replay-kit", "")
    place = f"{STREAM}{streams[data[0] % 5] if data else ''}/local/{'tombstone/' if data[:1] > b'x' else ''}1"
    collected = RawRows()
    with contextlib.suppress(ReportError):
        read_store(data[1:], "fuzz", place, collected)
    _use(Report(collected))


def archive_input(data: bytes) -> None:
    """Read the bytes as a file of any kind."""
    path = SCRATCH / "input"
    path.write_bytes(data)
    with contextlib.suppress(ReportError):
        _use(read_report(path))


def _use(report: Report) -> None:
    for entry in report.entries:
        assert entry.begin or entry.end
    list(report.network)
    report.summary()
    report.holes()
    report.beside_photos()
    report.reconciliation()


TARGETS: dict[str, Callable[[bytes], None]] = {"export": export_input, "store": store_input, "archive": archive_input}


def seeds(target: str) -> list[bytes]:
    """Return inputs to begin with: real ones."""
    entries = [moment(1, 0, 5000), moment(2, 100, 74_900), moment(3, 9000, None, out_of_process=True)]
    exports = [(export(entries, g) + text([network(g)])).encode() for g in GENERATIONS]
    exports.append(text([half(entries[0], "G3c", "intervalTouch", 1_599_998_400_000), network(new=[{}])]).encode())
    stores = [bytes([n]) + content for n, content in enumerate(segments(entries).values())]
    stores += [b"\0" + content[:300] for content in stores if len(records(entries[0]))]
    if target == "export":
        return exports
    if target == "store":
        return stores
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.ndjson", exports[-1])
        archive.writestr(f"{STREAM}.tcc/local/1", stores[0][1:])
    return [gzip.compress(exports[-1]), zipped.getvalue(), stores[0][1:], exports[0]]


def blindly(target: str, runs: int, seed: int) -> None:
    """Mutate without looking at coverage."""
    chance, corpus = random.Random(seed), seeds(target)
    for number in range(runs):
        data = bytearray(chance.choice(corpus))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(4):
                case 0:
                    data[at : at + chance.randrange(9)] = chance.randbytes(chance.randrange(9))
                case 1:
                    data[at : at + 1] = chance.choice([b"\n", b'"', b"{", b"}", b"[", b"\0", b"-", b"9", b"\xff"])
                case 2:
                    other = chance.choice(corpus)
                    start = chance.randrange(len(other))
                    data[at:at] = other[start : start + chance.randrange(64)]
                case 3:
                    del data[at : at + chance.randrange(64)]
        try:
            TARGETS[target](bytes(data))
        except BaseException:
            (SCRATCH / f"crash-{number}").write_bytes(data)
            sys.stderr.write(f"input {number}, kept in {SCRATCH / f'crash-{number}'}\n")
            raise


def main() -> None:
    """Fuzz one target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--corpus", type=Path, help="keep what was found here, and go on from it")
    parser.add_argument("--blind", action="store_true", help="without atheris, even where it is installed")
    chosen = parser.parse_args()
    started = time.monotonic()
    if coverage_guided and not chosen.blind:
        corpus = chosen.corpus or SCRATCH / "corpus"
        corpus.mkdir(exist_ok=True)
        for number, data in enumerate(seeds(chosen.target)):
            (corpus / str(number)).write_bytes(data)
        options = [
            f"-runs={chosen.runs}",
            f"-seed={chosen.seed}",
            f"-max_len={MAX_BYTES}",
            f"-artifact_prefix={SCRATCH}/",
        ]
        # Atheris itself leaks some 5 kB an input: a million go in ten runs of a hundred thousand with one --corpus.
        options += ["-rss_limit_mb=0", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[chosen.target])
        atheris.Fuzz()
    else:
        blindly(chosen.target, chosen.runs, chosen.seed)
        print(f"{chosen.runs} inputs in {time.monotonic() - started:.0f} s, nothing but reports and ReportError")


if __name__ == "__main__":
    main()
