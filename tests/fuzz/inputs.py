"""One input: files that were made and changed by one seed, and the command that reads them."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import random
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fuzz.grammar import APPS, Grammar, ndjson
from fuzz.mutation import TEXTS, Mutator
from lightleak.errors import LightleakError
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.ndjson import import_trace
from report.protobuf_writer import field
from report.segb_writer import NewRecord, segment_bytes

REQUIRED = frozenset({"kind", "segment", "seq", "wall_ns", "mono_ns"})
BIOME = "private/var/mobile/Library/PrivacyAccounting/Biome/com.apple.privacy.accounting.stream.tcc/local"


class Input:
    """The files and arguments of one seed, in a folder that is emptied for each."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.grammar, self.mutate = Grammar(self.chance), Mutator(self.chance)

    def arguments(self) -> list[str]:
        """Write the files, and return the command with its arguments."""
        make = self.chance.choices(*zip(*_MAKERS, strict=True))[0]
        found = [str(each) for each in make(self)]
        if self.chance.random() < 0.02:
            found.insert(
                self.chance.randrange(len(found)), self.chance.choice(("--", "-", "--nonsense", "-o", "", *TEXTS))
            )
        # The system passes no argument with a zero byte.
        return [each.replace("\0", "?") for each in found]

    # What commands read

    def trace(self) -> bytes:
        """Return a trace: in half of all inputs as ``import`` takes it, with odd values only where it accepts them."""
        lines = [self.grammar.header(), *self.grammar.events()]
        style = self.chance.random()
        if style < 0.7:
            self.mutate.confuse(lines[1:], self.chance.randrange(6), keep=REQUIRED)
            if self.chance.random() < 0.3:
                self.mutate.confuse(
                    lines[:1], self.chance.randrange(3), keep=frozenset({"kind", "format", "version", "session"})
                )
        else:
            self.mutate.confuse(lines, self.chance.randrange(5))
            for _ in range(self.chance.randrange(3)):
                self.mutate.shuffle_lines(lines)
        if style < 0.9:
            return ndjson(lines)
        return self.mutate.bytes(ndjson(lines), self.chance.randrange(6))

    def session(self, name: str = "s.lightleak") -> Path:
        """Write a session file: imported, or framed as it is; with the bytes of the file changed in some."""
        path, trace = self.folder / name, self.trace()
        if self.chance.random() < 0.5:
            source = self.folder / f"{name}.ndjson"
            source.write_bytes(trace)
            with contextlib.suppress(LightleakError):
                import_trace(source, path, force=True)
                return path
        header, *lines = trace.split(b"\n")[:-1] or [b""]
        with contextlib.suppress(LightleakError):
            _write(path, header, lines, self.chance.randrange(1, 8), closed=self.chance.random() < 0.9)
        if path.exists() and self.chance.random() < 0.15:
            path.write_bytes(self.mutate.bytes(path.read_bytes(), self.chance.randrange(1, 5)))
        return path

    def report(self, name: str = "r.ndjson") -> Path:
        """Write a report: an export or a store, plain or packed, with its lines or bytes changed."""
        if self.chance.random() < 0.15:
            return self._packed(name, f"{BIOME}/{self.chance.randrange(9**9)}", self._store())
        lines = self.grammar.report()
        if self.chance.random() < 0.6:
            self.mutate.confuse(lines, self.chance.randrange(5))
        data = ndjson(lines)
        if self.chance.random() < 0.25:
            data = self.mutate.bytes(data, self.chance.randrange(1, 6))
        return self._packed(name, "App_Privacy_Report.ndjson", data)

    def _store(self) -> bytes:
        records = []
        for _ in range(self.chance.randrange(1, 5)):
            access = field(1, field(1, 1) + field(2, self.chance.choice(APPS))) + field(2, self.chance.randbytes(16))
            message = field(1, access + field(3, self.chance.randrange(5))) + field(2, "kTCCServicePhotos")
            if self.chance.random() < 0.3:
                message = self.mutate.bytes(message, 2)
            at_s = self.chance.choice((781_692_800.0, 781_692_900.5, 0.0, -1.0, 1e300, float("nan"), float("inf")))
            records.append(NewRecord(at_s, message, deleted=self.chance.random() < 0.1))
        data = segment_bytes(records)
        return self.mutate.bytes(data, self.chance.randrange(1, 4)) if self.chance.random() < 0.4 else data

    def _packed(self, name: str, member: str, data: bytes) -> Path:
        path = self.folder / name
        style = self.chance.randrange(12)
        if style == 0:
            data = gzip.compress(data, 1)
        elif style == 1:
            data = _zip({member: data, "other.txt": b"x"})
        elif style == 2:
            data = _tar({member: data})
        elif style == 3:
            data = gzip.compress(_tar({member: data, "../climb": b"x"}), 1)
        elif style == 4:
            data = _zip({"inner.zip": _zip({member: data}), f"{member}.gz": gzip.compress(data, 1)})
        elif style == 5:
            inside = path / member
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.write_bytes(data)
            return path
        if style < 5 and self.chance.random() < 0.5:
            data = self.mutate.bytes(data, self.chance.randrange(1, 5))
        path.write_bytes(data)
        return path

    def policy(self) -> Path:
        """Write a policy."""
        text = self.grammar.policy()
        if self.chance.random() < 0.5:
            text = self.mutate.text(text, self.chance.randrange(1, 6))
        path = self.folder / "policy.toml"
        path.write_bytes(text.encode())
        return path

    def facts(self) -> Path:
        """Write the facts of a field test."""
        found = self.grammar.facts()
        self.mutate.confuse([found], self.chance.randrange(3))
        data = json.dumps(found).encode("utf-8", "replace")
        path = self.folder / "facts.json"
        path.write_bytes(self.mutate.bytes(data, self.chance.randrange(1, 5)) if self.chance.random() < 0.3 else data)
        return path

    def filter(self) -> list[str]:
        """Return the option of a filter, or none."""
        if self.chance.random() < 0.5:
            return []
        text = self.grammar.filter()
        return ["--filter", self.mutate.text(text, self.chance.randrange(1, 4)) if self.chance.random() < 0.4 else text]

    def option(self, name: str, *values: str, often: float = 0.3) -> list[str]:
        """Return an option with one of these values or an odd one, or none."""
        if self.chance.random() > often:
            return []
        return [name, self.chance.choice(values if values and self.chance.random() < 0.6 else TEXTS)]


def _write(path: Path, header: bytes, lines: list[bytes], frame: int, *, closed: bool) -> None:
    writer = FrameWriter(path, header)
    try:
        for first in range(0, len(lines), frame):
            writer.append(lines[first : first + frame])
        if closed:
            writer.close()
        writer.publish(force=True)
    finally:
        writer.abandon()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


_TIMES = ("2025-10-09", "22:30", "2025-10-09T09:00:00+02:00", "0001-01-01", "9999-12-31", "24:00")


def _import(one: Input) -> list[Any]:
    source = one.folder / "t.ndjson"
    source.write_bytes(one.trace())
    return ["import", source, "-o", one.folder / "new.lightleak"]


def _show(one: Input) -> list[Any]:
    options = [
        *one.option("--from", *_TIMES),
        *one.option("--to", *_TIMES),
        *one.option("--events", "3", "all"),
        *one.option("--app", *APPS),
    ]
    if one.chance.random() < 0.2:
        options = [*one.option("--event", "1:2", "1:1", "2:3", "1:1:2", often=1.0), *one.option("--context", "0", "2")]
    return ["show", one.session(), *one.filter(), *options]


def _verify(one: Input) -> list[Any]:
    return ["verify", one.session(), *one.option("--format", "text", "json")]


def _replay(one: Input) -> list[Any]:
    return [
        "replay",
        one.session(),
        *one.filter(),
        *one.option("--format", "live", "ndjson"),
        *one.option("--speed", "1", "max", "1000000", "0.5", often=0.6),
    ]


def _export(one: Input) -> list[Any]:
    form = one.chance.choice(("csv", "csv", "ndjson", "timesketch", "timesketch", "perfetto", "perfetto", "parquet"))
    return ["export", one.session(), "--format", form, *one.filter()]


def _redact(one: Input) -> list[Any]:
    return [
        "export",
        one.session(),
        "--redact",
        "-o",
        one.folder / "public.lightleak",
        *one.option("--names", "hash", "keep"),
    ]


def _inspect(one: Input) -> list[Any]:
    more = [one.report("r2.ndjson")] if one.chance.random() < 0.2 else []
    return ["inspect", one.report(), *more, "--format", one.chance.choice(("json", "json", "json", "table", "csv"))]


def _comparison(one: Input) -> list[Any]:
    sessions = [one.session(), *([one.session("s2.lightleak")] if one.chance.random() < 0.25 else [])]
    lag = one.option("--lag", "0", "0.01", "3", "3600", "auto")
    facts = ["--facts", one.facts()] if one.chance.random() < 0.25 else []
    return [*sessions, "--report", one.report(), *lag, *facts, *one.option("--app", *APPS, often=0.15)]


def _compare(one: Input) -> list[Any]:
    form = one.chance.choice(("json", "json", "json", "table", "html"))
    return [
        "compare",
        *_comparison(one),
        "--format",
        form,
        *(["-o", one.folder / "page.html"] if form == "html" else []),
    ]


def _check(one: Input) -> list[Any]:
    return [
        "check",
        *_comparison(one),
        "--policy",
        one.policy(),
        "--format",
        one.chance.choice(("json", "json", "table", "junit")),
    ]


def _diff(one: Input) -> list[Any]:
    reports = (
        ["--old-report", one.report(), "--new-report", one.report("r2.ndjson")] if one.chance.random() < 0.3 else []
    )
    return [
        "diff",
        one.session(),
        one.session("s2.lightleak"),
        *reports,
        "--format",
        one.chance.choice(("json", "table")),
    ]


def _explain(one: Input) -> list[Any]:
    return ["fieldtest", "--explain", one.facts(), *one.option("--format", "table", "json")]


Maker = Callable[[Input], list[Any]]
_MAKERS: tuple[tuple[Maker, int], ...] = (
    *((_import, 12), (_show, 12), (_verify, 8), (_replay, 10), (_export, 16), (_redact, 8)),
    *((_inspect, 14), (_compare, 12), (_check, 8), (_diff, 5), (_explain, 2)),
)
"""How a command's input is made, and how often."""


def emptied(folder: Path) -> Path:
    """Return the folder without what an input before left in it."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder
