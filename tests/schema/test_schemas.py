"""Every output of a program's format is what its published JSON Schema says, and nothing that the schema requires can be left out."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import lightleak
from lightleak.cli import main
from lightleak.fieldtest.answers import encode_result, make_result
from lightleak.fieldtest.draft import Draft
from lightleak.fieldtest.evaluate import evaluate
from oracle.worlds import world
from schema.published import DRAFT, SCHEMAS, schema, strict, text
from simulator import Plan, simulate
from simulator.judging import compared
from standin import Phone
from stories import Trace

TOP = Path(__file__).resolve().parents[2]
FOLDER = TOP / "docs" / "schema"
DEMO = TOP / "host" / "lightleak" / "assets" / "demo"
SESSION, REPORT = str(DEMO / "session.lightleak"), str(DEMO / "report.ndjson")
POLICY = str(TOP / "tests" / "data" / "policy" / "strict.toml")
TRACES = sorted((TOP / "tests" / "data" / "trace").glob("*.lightleak"))
REPORTS = sorted((TOP / "tests" / "data" / "report").glob("*.ndjson"))


def validator(name: str, *, closed: bool = True) -> jsonschema.Draft202012Validator:
    document = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(strict(document) if closed else document)


def problems(name: str, output: Any, **options: bool) -> list[str]:
    """Return what is wrong with an output, each with its place."""
    found = validator(name, **options).iter_errors(output)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:300]}" for one in found]


def run(*arguments: str) -> str:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        main(list(arguments))
    out.flush()
    return out.buffer.getvalue().decode()  # type: ignore[attr-defined]


def output(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--format", "json"))


def field_test() -> Any:
    return json.loads(encode_result(make_result(Draft(), evaluate(Draft(), None), "2026-11-21")))


def fleet(*words: str) -> Any:
    """Return what a command says of a store with two versions of an app, and a run that failed."""
    from fleet.labs import run as put
    from fleet.labs import session

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with contextlib.redirect_stderr(io.StringIO()):
            for version in ("1.0", "1.1"):
                files = session(folder, version, version=version, reads=5)
                put("fleet", "add", folder / "lab", files[0], "--report", files[1])
            (folder / "junk").write_bytes(b"junk")
            put("fleet", "add", folder / "lab", folder / "junk")
        return output("fleet", words[0], str(folder / "lab"), *words[1:])


OUTPUTS: dict[str, Callable[[], Any]] = {
    "apps": lambda: output("apps", "-D", "local"),
    "check": lambda: output("check", SESSION, REPORT, "--policy", POLICY),
    "compare": lambda: output("compare", SESSION, REPORT),
    "compare-selection": lambda: output("compare", SESSION, REPORT, "--filter", "depth >= thumbnail"),
    "devices": lambda: output("devices"),
    "diff": lambda: output(
        "diff", SESSION, SESSION, "--old-report", REPORT, "--new-report", REPORT, "--app", "org.lightleak.refetch"
    ),
    "doctor": lambda: output("doctor", "-D", "local"),
    "fieldtest": field_test,
    "fleet-query": lambda: fleet("query", "SELECT app, run, flags FROM entries"),
    "fleet-report": lambda: fleet("report", "--by", "version"),
    "fleet-status": lambda: fleet("status"),
    "inspect": lambda: output("inspect", str(REPORTS[0])),
    "probes": lambda: output("probes"),
    "trace": lambda: json.loads(run("replay", SESSION, "--format", "ndjson").splitlines()[0]),
    "verify": lambda: output("verify", SESSION),
}
"""Schema → one output of its command."""


# The files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_published_is_what_the_types_say(name):
    assert (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8") == text(name), "run scripts/make-schemas"


def test_the_folder_and_its_page_have_each_schema_and_no_other():
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{name}.schema.json" for name in SCHEMAS}
    page = (FOLDER / "index.md").read_text(encoding="utf-8")
    for name, one in SCHEMAS.items():
        row = f"| [`{name}.schema.json`]({name}.schema.json) | {one.version} | {one.of} |"
        assert row in page
    assert set(OUTPUTS) == set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_needs_no_network(name):
    document = schema(name)
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["$schema"] == DRAFT
    assert document["$id"] == f"urn:lightleak:schema:{name}:{SCHEMAS[name].version}"
    assert "http" not in text(name).replace(DRAFT, "")


# Outputs --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_is_what_its_schema_says(name):
    made = OUTPUTS[name]()
    assert problems(name, made) == []
    assert problems(name, made, closed=False) == []


def keys(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of each key, of a list's first items only."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key)
            yield from keys(inner, (*place, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value[:2]):
            yield from keys(inner, (*place, at))


MAPS = {
    *("by_cause", "by_depth", "by_trigger", "background_by_trigger", "by_state", "around_callbacks", "state_hours"),
    *("triggers", "properties", "summary", "chance", "trigger_chance", "facts", "apps", "coverage", "accessors"),
    *("flags", "keys", "kinds", "steps", "classes", "figures", "files", "tables"),
}
"""Objects whose keys are names or words: any of them may be missing."""
INSIDE_MAPS = {"background_by_trigger": 2, "summary": 2}


def may_be_missing(name: str, place: tuple[Any, ...]) -> bool:
    """Return whether a key of an output may be absent: the schemas say of each that its output always has all of them."""
    parent = place[-2] if len(place) > 1 else None
    if "clauses" in place or (name == "trace" and place[0] not in ("kind", "format", "version")):
        return True
    if name == "fleet-query" and "rows" in place[:-1]:
        return True  # columns are those of the SQL
    if name == "inspect" and len(place) > 2 and place[-3] == "summary":
        return True
    return parent in MAPS or (len(place) > 2 and place[-3] == "background_by_trigger") or place[-1] == "broadcaster"


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_without_a_key_is_refused(name):
    """Dropping any key that is not a name of its own, one at a time, wherever it is."""
    made = OUTPUTS[name]()
    check = validator(name, closed=False)
    dropped = 0
    for place in keys(made):
        if may_be_missing(name, place):
            continue
        broken = copy.deepcopy(made)
        inner = broken
        for step in place[:-1]:
            inner = inner[step]
        del inner[place[-1]]
        assert not check.is_valid(broken), f"{name} without {'/'.join(map(str, place))} passes"
        dropped += 1
        if dropped > 150:
            break
    assert dropped >= 3


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("compare", ("entries", 0, "cause"), "guess"),
        ("compare", ("entries", 0, "depth"), "deep"),
        ("compare", ("entries", 0, "state"), "asleep"),
        ("compare", ("entries", 0, "match"), "likely"),
        ("compare", ("entries", 0, "flags"), ["odd"]),
        ("compare", ("entries", 0, "clauses", 0, "code"), "no-such-clause"),
        ("compare", ("report", "files", 0), "/home/somebody/report.ndjson"),
        ("compare", ("version",), 3),
        ("check", ("rules", 0, "result"), "perhaps"),
        ("verify", ("head",), "none"),
        ("trace", ("device", "kind"), "toy"),
    ],
)
def test_a_word_that_is_none_is_refused(name, place, value):
    made = OUTPUTS[name]()
    inner = made
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert not validator(name, closed=False).is_valid(made)


def test_an_event_of_an_unknown_kind_passes_and_one_without_its_number_does_not():
    line = {"kind": "weather", "segment": 1, "seq": 1, "wall_ns": 1, "mono_ns": 1, "rain": {"mm": [1]}}
    assert problems("trace", line) == []
    del line["seq"]
    assert problems("trace", line)


# Odd inputs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*TRACES, Path(SESSION)], ids=lambda path: path.name)
def test_each_line_of_a_trace_is_what_the_schema_says(path, tmp_path):
    written = tmp_path / "t.ndjson"
    lightleak.export(path, written)
    check = validator("trace")
    kinds = set()
    for line in written.read_text(encoding="utf-8").splitlines():
        made = json.loads(line)
        wrong = [one.message[:500] for one in check.iter_errors(made)]
        if path.name == "full.lightleak" or made["kind"] == "header":
            wrong = [one.message[:500] for one in validator("trace", closed=False).iter_errors(made)]
        assert wrong == [], line
        kinds.add(made["kind"])
    assert "header" in kinds
    assert problems("verify", output("verify", str(path))) == []


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_reports_of_phones(path):
    assert problems("inspect", output("inspect", str(path))) == []


@pytest.mark.parametrize("rough", [False, True])
@pytest.mark.parametrize("accounting", [False, True])
def test_a_simulated_week(rough, accounting):
    week = simulate(Plan(1, accounting, rough, days=2, origins=True))
    found = compared(week.header, [week.events], week.report)
    assert problems("compare", json.loads(found.to_json())) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_world_without_sense(seed, tmp_path):
    """Sessions and reports that no phone would write: verdicts, a selection, a check and a difference of them."""
    made = world(seed, rough=seed % 2 == 0)
    sessions, report = made.save_sessions(tmp_path), made.save_report(tmp_path)
    found = lightleak.compare(sessions, report)
    assert problems("compare", json.loads(found.to_json())) == []
    chosen = lightleak.filter_verdicts(found, "cause = query or cause = picker", since="00:00")
    assert problems("compare-selection", json.loads(chosen.to_json())) == []
    assert problems("check", json.loads(lightleak.check(found, POLICY).to_json())) == []
    changed = lightleak.diff(sessions[0], sessions[-1], old_report=report, new_report=report)
    assert problems("diff", json.loads(changed.to_json())) == []
    assert problems("inspect", output("inspect", str(report))) == []
    for session in sessions:
        assert problems("verify", output("verify", str(session.path))) == []


def test_a_session_without_an_event_and_a_report_without_an_entry(tmp_path):
    session = Trace().save(tmp_path)
    report = tmp_path / "r.ndjson"
    report.write_text('{"type":"networkActivity","bundleID":"a","domain":"b","hits":1,"context":"",'
                      '"firstTimeStamp":"2026-01-01T00:00:00Z","timeStamp":"2026-01-01T00:00:00Z","domainOwner":"",'
                      '"domainType":2,"initiatedType":"AppInitiated"}\n')  # fmt: skip
    found = lightleak.compare(session, report)
    assert problems("compare", json.loads(found.to_json())) == []
    assert problems("diff", json.loads(lightleak.diff(session, session).to_json())) == []
    assert problems("inspect", output("inspect", str(report))) == []


@pytest.mark.standin
def test_a_recording_of_the_stand_in_phone(tmp_path):
    """What the agent and the recorder really write, with nothing that the schema does not name."""
    session = tmp_path / "s.lightleak"
    with Phone(idle_s=0.5, leeway=0.0) as phone:
        app = phone.launch("hardcases")
        command = [sys.executable, "-m", "lightleak", "record", "-p", str(app.pid), "-o", str(session), "-t", "4"]
        probes = output("probes", "-p", str(app.pid))
        done = subprocess.run([*command, "--quiet", "--internal"], capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        report = phone.export_report(tmp_path)
    assert problems("probes", probes) == []
    check = validator("trace")
    lines = [json.loads(line) for line in run("replay", str(session), "--format", "ndjson").splitlines()]
    for line in lines:
        assert [one.message[:500] for one in check.iter_errors(line)] == [], line
    assert {"header", "process", "hook"} < {line["kind"] for line in lines}
    assert problems("verify", output("verify", str(session))) == []
    if report.stat().st_size:
        assert problems("compare", json.loads(lightleak.compare(session, report, apps=None).to_json())) == []
