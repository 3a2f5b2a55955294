"""The same input gives the same bytes from any folder, and no output for publication names a folder of the person who made it."""

from __future__ import annotations

import contextlib
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from lightleak.cli import main
from stories import Trace, entry_lines

DEMO = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "demo"
POLICY = Path(__file__).parents[1] / "data" / "policy" / "strict.toml"
APP = ("--app", "org.lightleak.refetch")

COMMANDS: dict[str, tuple[str, ...]] = {
    "compare": ("compare", "s.lightleak", "r.ndjson"),
    "compare, why": ("compare", "s.lightleak", "r.ndjson", "--why"),
    "compare, JSON": ("compare", "s.lightleak", "r.ndjson", "--json"),
    "compare, damaged": ("compare", "cut.lightleak", "broken.ndjson", "--json"),
    "compare, folder": ("compare", "s.lightleak", "reports", "--json"),
    "compare, archive": ("compare", "s.lightleak", "reports.zip", "--json"),
    "compare, one name twice": ("compare", "s.lightleak", "r.ndjson", "again/r.ndjson", "--json"),
    "compare, selection": ("compare", "s.lightleak", "r.ndjson", "--json", "--filter", "depth = data"),
    "compare, CSV": ("compare", "s.lightleak", "r.ndjson", "--format", "csv"),
    "compare, Parquet": ("compare", "s.lightleak", "r.ndjson", "-o", "OUT.parquet"),
    "compare, page": ("compare", "s.lightleak", "r.ndjson", "-o", "OUT.html"),
    "compare, page of damaged files": ("compare", "cut.lightleak", "broken.ndjson", "-o", "OUT.html"),
    "compare, page of an archive": ("compare", "s.lightleak", "reports.zip", "-o", "OUT.html"),
    "compare, facts": ("compare", "s.lightleak", "r.ndjson", "--json", "--facts", "facts.json"),
    "check": ("check", "cut.lightleak", "broken.ndjson", "--policy", "policy.toml"),
    "check, JSON": ("check", "cut.lightleak", "broken.ndjson", "--policy", "policy.toml", "--json"),
    "check, JUnit": ("check", "cut.lightleak", "broken.ndjson", "--policy", "policy.toml", "--format", "junit"),
    "diff": ("diff", "s.lightleak", "cut.lightleak", *APP),
    "diff, JSON": ("diff", "s.lightleak", "cut.lightleak", "--json", *APP),
    "inspect": ("inspect", "r.ndjson", "broken.ndjson"),
    "inspect, JSON": ("inspect", "r.ndjson", "broken.ndjson", "again/r.ndjson", "--json"),
    "inspect, folder": ("inspect", "reports", "--json"),
    "inspect, archive": ("inspect", "reports.zip", "--json"),
    "inspect, CSV": ("inspect", "r.ndjson", "again/r.ndjson", "--format", "csv"),
    "verify": ("verify", "s.lightleak"),
    "verify, JSON": ("verify", "cut.lightleak", "--json"),
    "verify, a part": ("verify", "part.2.lightleak", "--json"),
    "show": ("show", "cut.lightleak"),
    "replay": ("replay", "cut.lightleak", "--format", "ndjson"),
    "export, NDJSON": ("export", "cut.lightleak", "--format", "ndjson"),
    "export, CSV": ("export", "cut.lightleak", "--format", "csv"),
    "export, Timesketch": ("export", "cut.lightleak", "--format", "timesketch"),
    "export, Parquet": ("export", "cut.lightleak", "-o", "OUT.parquet"),
    "export, Perfetto": ("export", "cut.lightleak", "-o", "OUT.pftrace"),
    "import": ("import", "trace.ndjson", "-o", "OUT.lightleak"),
}
"""What is written for people to publish or for programs; OUT.x is a file, read afterwards."""


def furnish(folder: Path) -> Path:
    """Put the same files into a folder."""
    folder.mkdir(parents=True)
    shutil.copy(DEMO / "session.lightleak", folder / "s.lightleak")
    whole = (DEMO / "session.lightleak").read_bytes()
    (folder / "cut.lightleak").write_bytes(whole[:-300])
    report = (DEMO / "report.ndjson").read_text(encoding="utf-8")
    (folder / "r.ndjson").write_text(report)
    (folder / "broken.ndjson").write_text("not a line\n" + report)
    for place in ("again", "reports/one", "reports/two"):
        (folder / place).mkdir(parents=True)
        (folder / place / "r.ndjson").write_text(report + "not a line\n")
    with zipfile.ZipFile(folder / "reports.zip", "w") as archive:
        for name in ("one/App_Privacy_Report.ndjson", "../out.ndjson"):
            archive.writestr(zipfile.ZipInfo(name), "not a line\n" + report)
    shutil.copy(POLICY, folder / "policy.toml")
    (folder / "facts.json").write_text('{"facts": {"lag_s": 4}}')
    trace = Trace(session="00000000-0000-4000-8000-000000000001")
    trace.ready(0)
    trace.add(60, "mark", label="end")
    (folder / "trace.ndjson").write_text(trace.lines())
    trace.header["continues"] = {"part": 2, "file": "part.lightleak", "head": "0" * 64}
    trace.save(folder, "part.2.lightleak")
    (folder / "part.2.lightleak.ndjson").unlink()
    (folder / "small.ndjson").write_text(entry_lines(1, 10, 20))
    return folder


@pytest.fixture(scope="module")
def places(tmp_path_factory) -> tuple[Path, Path]:
    top = tmp_path_factory.mktemp("places")
    return furnish(top / "home-of-alice" / "case"), furnish(top / "b" / "other" / "deep" / "er")


def outcome(folder: Path, words: tuple[str, ...], *, absolute: bool) -> bytes:
    """Return what a command writes to stdout and to its file."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    written = [folder / word for word in words if word.startswith("OUT.")]
    for path in written:
        path.unlink(missing_ok=True)
    shown = {path.name for path in folder.iterdir()} | {"again/r.ndjson"}
    arguments = [
        str(folder / word) if word.startswith("OUT.") or (absolute and word in shown) else word for word in words
    ]
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(io.StringIO()),
        pytest.raises(SystemExit) as ended,
    ):
        main(arguments)
    assert ended.value.code in (0, None, 1, 3)
    out.flush()
    return out.buffer.getvalue() + b"".join(path.read_bytes() for path in written)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_changes_no_byte(command, places):
    """A published verdicts.json held the folder of its maker, and the same input gave other bytes elsewhere."""
    one, other = places
    first = outcome(one, COMMANDS[command], absolute=True)
    assert len(first) > 40
    assert first == outcome(one, COMMANDS[command], absolute=False)
    assert first == outcome(other, COMMANDS[command], absolute=True)
    assert b"home-of-alice" not in first
