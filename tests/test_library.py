"""``import lightleak``: what completion finds, paths in place of objects, and a sentence for whatever cannot be."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lightleak
from lightleak import LightleakError
from lightleak.cli import main
from stories import APP, Trace, entry_lines

DEMO = Path(__file__).parents[1] / "host" / "lightleak" / "assets" / "demo"
SESSION, REPORT = DEMO / "session.lightleak", DEMO / "report.ndjson"
POLICY = Path(__file__).parent / "data" / "policy" / "strict.toml"


@pytest.fixture(scope="module")
def compared() -> lightleak.Comparison:
    return lightleak.compare(SESSION, REPORT)


# What completion finds ------------------------------------------------------------------------------------------------


def test_completion_finds_the_functions_and_classes_and_nothing_else():
    """A person who pressed TAB after ``lightleak.`` saw importlib and annotations, and no compare."""
    assert dir(lightleak) == sorted(lightleak.__all__)
    for name in lightleak.__all__:
        assert getattr(lightleak, name) is not None
    assert {"compare", "check", "diff", "html", "export", "verify", "import_trace", "open"} < set(dir(lightleak))


def test_importing_it_loads_no_comparator():
    loaded = "import sys, lightleak; print([m for m in sys.modules if m.startswith('lightleak.') or m == 'numpy'])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['lightleak._version', 'lightleak.errors']"


@pytest.mark.parametrize("name", lightleak.__all__)
def test_each_has_a_docstring(name):
    if name != "__version__":
        assert getattr(lightleak, name).__doc__


# Paths ----------------------------------------------------------------------------------------------------------------


def test_a_path_is_taken_wherever_a_session_or_a_report_is(compared):
    opened, read = lightleak.open(str(SESSION)), lightleak.read_report(str(REPORT))
    wanted = compared.to_json()
    for sessions in (str(SESSION), SESSION, opened, [SESSION], (str(SESSION),), iter([opened])):
        assert lightleak.compare(sessions, REPORT).to_json() == wanted
    for report in (str(REPORT), REPORT, read, [REPORT], [str(REPORT)], [read]):
        assert lightleak.compare(opened, report).to_json() == wanted
    assert lightleak.read_report([REPORT]).files == lightleak.read_report(REPORT).files == ["report.ndjson"]
    assert lightleak.compare(SESSION, REPORT, apps="org.lightleak.refetch").apps[0].app == "org.lightleak.refetch"


def test_each_function_does_what_its_command_does(compared, tmp_path, capfdbinary):
    def command(*arguments: object) -> bytes:
        with pytest.raises(SystemExit):
            main(list(map(str, arguments)))
        return capfdbinary.readouterr().out

    assert compared.to_json().encode() == command("compare", SESSION, REPORT, "--json")
    chosen = lightleak.filter_verdicts(compared, "depth = data", since="04:55")
    assert chosen.to_json().encode() == command(
        "compare", SESSION, REPORT, "--json", "--filter", "depth = data", "--from", "04:55"
    )
    checked = lightleak.check(compared, POLICY)
    assert checked.to_json().encode() == command("check", SESSION, REPORT, "--policy", POLICY, "--json")
    assert lightleak.check(compared, lightleak.read_policy(str(POLICY))).to_json() == checked.to_json()
    apps = ["org.lightleak.scanner"]
    changed = lightleak.diff(SESSION, SESSION, apps=apps, old_report=REPORT, new_report=REPORT)
    same = ("diff", SESSION, SESSION, "--app", *apps, "--old-report", REPORT, "--new-report", REPORT, "--json")
    assert changed.to_json().encode() == command(*same)
    for name in ("e.csv", "e.ndjson"):
        lightleak.export(SESSION, tmp_path / name, expression="depth >= metadata")
        made = command("export", SESSION, "--format", name.partition(".")[2], "--filter", "depth >= metadata")
        assert (tmp_path / name).read_bytes() == made
    lightleak.export(SESSION, tmp_path / "whole.ndjson")
    again = lightleak.import_trace(tmp_path / "whole.ndjson", tmp_path / "again.lightleak")
    assert list(again.events()) == list(lightleak.open(SESSION).events())
    assert lightleak.verify(str(tmp_path / "again.lightleak")).ok


def test_the_page_is_that_of_the_command(compared, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(SESSION), str(REPORT), "-o", str(tmp_path / "p.html")])
    assert not ended.value.code
    assert lightleak.html(compared) == (tmp_path / "p.html").read_text(encoding="utf-8")


def test_events_are_filtered_as_show_does_it():
    deep = list(lightleak.filter_events(SESSION, "depth >= thumbnail and state = background"))
    assert deep
    assert {event.depth for event in deep} <= {"thumbnail", "data", "upload"}
    every = [event for event in lightleak.open(SESSION).events() if event.depth in ("thumbnail", "data", "upload")]
    assert len(deep) < len(every)
    with pytest.raises(LightleakError, match="unknown field"):
        lightleak.filter_events(SESSION, "dept = data")  # at once, not when it is read


def test_facts_are_taken_as_their_file(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text('{"facts": {"lag_s": 5.5}}')
    assert lightleak.compare(SESSION, REPORT, facts=path).lag.value_s == 5.5


# What cannot be -------------------------------------------------------------------------------------------------------

WRONG: dict[str, Any] = {
    "open(5)": lambda c: lightleak.open(5),
    "open(None)": lambda c: lightleak.open(None),
    "open('')": lambda c: lightleak.open(""),
    "open with NUL": lambda c: lightleak.open("a\0b"),
    "open(bytes)": lambda c: lightleak.open(b"x"),
    "open(folder)": lambda c: lightleak.open(DEMO),
    "open(report)": lambda c: lightleak.open(REPORT),
    "open(gone)": lambda c: lightleak.open("/no/such/file"),
    "read_report()": lambda c: lightleak.read_report(),
    "read_report([])": lambda c: lightleak.read_report([]),
    "read_report(5)": lambda c: lightleak.read_report(5),
    "read_report(session)": lambda c: lightleak.read_report(SESSION),
    "compare([], r)": lambda c: lightleak.compare([], REPORT),
    "compare(5, r)": lambda c: lightleak.compare(5, REPORT),
    "compare(None, r)": lambda c: lightleak.compare(None, REPORT),
    "compare([5], r)": lambda c: lightleak.compare([5], REPORT),
    "compare(s, 5)": lambda c: lightleak.compare(SESSION, 5),
    "compare(s, None)": lambda c: lightleak.compare(SESSION, None),
    "compare(s, [Report, Report])": lambda c: lightleak.compare(SESSION, [c.report, c.report]),
    "compare swapped": lambda c: lightleak.compare(REPORT, SESSION),
    "compare(apps=5)": lambda c: lightleak.compare(SESSION, REPORT, apps=5),
    "compare(apps=[5])": lambda c: lightleak.compare(SESSION, REPORT, apps=[5]),
    "compare(apps=misspelt)": lambda c: lightleak.compare(SESSION, REPORT, apps=["org.lightleak.refetc"]),
    "compare(lag='3 s')": lambda c: lightleak.compare(SESSION, REPORT, lag="3 s"),
    "compare(lag=True)": lambda c: lightleak.compare(SESSION, REPORT, lag=True),
    "compare(lag=-1)": lambda c: lightleak.compare(SESSION, REPORT, lag=-1),
    "compare(lag=nan)": lambda c: lightleak.compare(SESSION, REPORT, lag=float("nan")),
    "compare(facts=5)": lambda c: lightleak.compare(SESSION, REPORT, facts=5),
    "compare(facts=report)": lambda c: lightleak.compare(SESSION, REPORT, facts=REPORT),
    "check(path, p)": lambda c: lightleak.check(SESSION, POLICY),
    "check(c, 5)": lambda c: lightleak.check(c, 5),
    "check(c, report)": lambda c: lightleak.check(c, REPORT),
    "diff(s, 5)": lambda c: lightleak.diff(SESSION, 5),
    "diff with one report": lambda c: lightleak.diff(SESSION, SESSION, old_report=REPORT),
    "diff(apps=misspelt)": lambda c: lightleak.diff(SESSION, SESSION, apps=["org.lightleak.refetc"]),
    "html(path)": lambda c: lightleak.html(SESSION),
    "export without format": lambda c: lightleak.export(SESSION, "x.bin"),
    "export(format=x)": lambda c: lightleak.export(SESSION, "x.csv", format="x"),
    "export with another ending": lambda c: lightleak.export(SESSION, "x.csv", format="parquet"),
    "export onto a file": lambda c: lightleak.export(SESSION, REPORT, format="ndjson"),
    "export onto a folder": lambda c: lightleak.export(SESSION, DEMO, format="ndjson"),
    "export into no folder": lambda c: lightleak.export(SESSION, "/no/such/x.csv"),
    "export(expression=5)": lambda c: lightleak.export(SESSION, "x.csv", expression=5),
    "import_trace(5)": lambda c: lightleak.import_trace(5, "x"),
    "import_trace(report)": lambda c: lightleak.import_trace(REPORT, "x.lightleak"),
    "import_trace onto a file": lambda c: lightleak.import_trace(REPORT, SESSION),
    "verify(5)": lambda c: lightleak.verify(5),
    "verify(report)": lambda c: lightleak.verify(REPORT),
    "filter_verdicts(path)": lambda c: lightleak.filter_verdicts(SESSION, "depth = data"),
    "filter_verdicts(c, 5)": lambda c: lightleak.filter_verdicts(c, 5),
    "filter_verdicts(c, since=5)": lambda c: lightleak.filter_verdicts(c, since=5),
    "filter_verdicts(c, until=x)": lambda c: lightleak.filter_verdicts(c, until="soon"),
    "filter_verdicts(c, nonsense)": lambda c: lightleak.filter_verdicts(c, "depth ="),
    "filter_events(5, x)": lambda c: lightleak.filter_events(5, "depth = data"),
    "filter_events(s, None)": lambda c: lightleak.filter_events(SESSION, None),
    "read_policy(5)": lambda c: lightleak.read_policy(5),
    "read_policy(gone)": lambda c: lightleak.read_policy("/no/such"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_one_sentence(what, compared, tmp_path, monkeypatch):
    """A path in place of a session was an AttributeError of numpy's depths."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LightleakError) as caught:
        WRONG[what](compared)
    sentence = caught.value.sentence
    assert len(sentence) >= 15
    assert "\n" not in sentence
    assert not re.search(r"0x[0-9a-f]{6}|object at|NoneType", sentence)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_app_is_named_with_the_nearest():
    with pytest.raises(LightleakError, match=r"did you mean org\.lightleak\.refetch"):
        lightleak.compare(SESSION, REPORT, apps=["org.lightleak.refetc"])


# How results look -----------------------------------------------------------------------------------------------------


def test_a_repr_is_one_short_line(compared):
    shown = [compared, compared.report, lightleak.open(SESSION), lightleak.filter_verdicts(compared, "depth = data")]
    shown += [lightleak.check(compared, POLICY), lightleak.diff(SESSION, SESSION)]
    for one in shown:
        assert repr(one).startswith(f"<{type(one).__name__} ")
        assert len(repr(one)) < 140
        assert "\n" not in repr(one)


def test_a_notebook_shows_figures_and_nothing_that_an_app_wrote_as_markup(tmp_path):
    hostile = "<script>alert(1)</script>\n<b>&"
    trace = Trace(app=hostile)
    trace.header["device"] = {"model": hostile, "os": hostile}
    trace.ready(0, name=hostile)
    trace.add(10, "accounting", phase="begin", identifier="A")
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10, 20, app=hostile))
    session = trace.save(tmp_path)
    found = lightleak.compare(session, report)
    shown = [found, found.report, session, lightleak.filter_verdicts(found)]
    for one in shown:
        page = one._repr_html_()
        assert "<script" not in page
        assert "<b>&<" not in page
        assert "\n" not in page
        assert "&lt;script&gt;" in page or one is shown[3]
        assert len(page) < 5_000
    assert "&lt;script&gt;" in shown[3]._repr_html_()


def test_a_notebook_shows_the_first_rows_of_many(compared):
    many = lightleak.filter_verdicts(compared)
    assert many._repr_html_().count("<tr>") == 1 + len(many.chosen)
    assert all(cause in compared._repr_html_() for cause in ("picker", "unobserved"))


# Frames ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["to_pandas", "to_polars"])
def test_events_as_a_frame(method):
    pytest.importorskip(method.removeprefix("to_"))
    session = lightleak.open(SESSION)
    frame = getattr(session, method)()
    events = list(session.events())
    assert len(frame) == len(events)
    assert list(frame["seq"]) == [event.seq for event in events]
    assert list(frame["kind"]) == [event.kind for event in events]
    first = frame["time"][0]
    assert first.utcoffset().total_seconds() == 8 * 3600
    assert [int(at) for at in frame["wall_ns"]] == [event.wall_ns for event in events]
    deep = getattr(session, method)("depth >= thumbnail and state = background")
    assert len(deep) == len(list(lightleak.filter_events(session, "depth >= thumbnail and state = background")))
    assert list(map(str, deep.dtypes)) == list(map(str, frame.dtypes))


@pytest.mark.parametrize("method", ["to_pandas", "to_polars"])
def test_a_report_as_a_frame(method, tmp_path):
    pytest.importorskip(method.removeprefix("to_"))
    path = tmp_path / "r.ndjson"
    path.write_text(entry_lines(1, 10, 71) + entry_lines(2, 20, None) + entry_lines(3, None, 30, category="contacts"))
    report = lightleak.read_report(path)
    frame = getattr(report, method)()
    assert list(frame["category"]) == [entry.category for entry in report.entries]
    assert [list(flags) for flags in frame["flags"]] == [list(entry.flags) for entry in report.entries]
    missing = [str(at) in ("NaT", "None") for at in frame["begin"]]
    assert missing == [entry.begin is None for entry in report.entries]
    assert len(getattr(lightleak.read_report(REPORT), method)()) == 17


@pytest.mark.parametrize("method", ["to_pandas", "to_polars"])
@pytest.mark.parametrize("of", ["session", "report", "selection"])
def test_without_the_library_a_frame_is_a_sentence(method, of, compared, monkeypatch):
    monkeypatch.setitem(sys.modules, method.removeprefix("to_"), None)
    shown = {"session": lightleak.open(SESSION), "report": compared.report}
    with pytest.raises(LightleakError, match=r"is not installed: install lightleak\[frames\]"):
        getattr(shown.get(of) or lightleak.filter_verdicts(compared), method)()


# Types ----------------------------------------------------------------------------------------------------------------

USER = """
from pathlib import Path
from typing import Literal, assert_type

import lightleak

comparison = lightleak.compare(["a.lightleak", Path("b.lightleak")], "report.ndjson", apps=["org.example"], lag="auto")
for verdict in comparison.verdicts():
    if verdict.cause == "query" and verdict.depth == "data" and verdict.state == "background":
        trigger = verdict.trigger
        if trigger is not None and trigger.kind == "change" and trigger.by == "link":
            print(verdict.begin, verdict.brief, verdict.match == "identifier", "twin" in verdict.flags)
chosen: lightleak.Selection = lightleak.filter_verdicts(comparison, "depth = data", since="2026-11-20")
checked: lightleak.Checked = lightleak.check(comparison, "policy.toml")
changed: lightleak.Difference = lightleak.diff("old.lightleak", lightleak.open("new.lightleak"))
page: str = lightleak.html(comparison)
lightleak.export("a.lightleak", Path("a.csv"), format="csv")
session: lightleak.Session = lightleak.import_trace("t.ndjson", "s.lightleak")
depths = [event.depth for event in lightleak.filter_events(session, "depth >= metadata")]
assert_type(lightleak.verify("a.lightleak").ok, bool)
assert_type(lightleak.read_report("a", Path("b")), lightleak.Report)
"""
MISTAKES = {
    'verdict.cause == "qeury"': "comparison-overlap",
    'verdict.depth == "pixels"': "comparison-overlap",
    'verdict.state == "asleep"': "comparison-overlap",
    'verdict.match == "certain"': "comparison-overlap",
    'trigger.kind == "chance"': "comparison-overlap",
    'trigger.by == "chance"': "comparison-overlap",
    'lightleak.compare("a", "b", lag="3 s")': "arg-type",
    'lightleak.export("a", "b", format="cvs")': "arg-type",
    "lightleak.compare(5, 'b')": "arg-type",
    "lightleak.conpare": "attr-defined",
}


def test_a_users_program_is_checked_and_a_word_that_is_none_is_found(tmp_path):
    """With ``mypy --strict``, by the package's own types."""
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text(USER)
    head = 'import lightleak\nverdict = next(lightleak.compare("a", "b").verdicts())\ntrigger = verdict.trigger\nassert trigger\n'
    bad.write_text(head + "".join(f"{one}\n" for one in MISTAKES))
    package = Path(lightleak.__file__).parents[1]
    options = ["--strict", "--cache-dir", str(Path(__file__).parents[1] / ".mypy_cache"), "--follow-imports", "silent"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(good), str(bad)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"MYPYPATH": str(package), "PATH": "/usr/bin"},
    )  # fmt: skip
    found = re.findall(r"(\w+)\.py:(\d+): error: .*\[([\w-]+)\]", done.stdout)
    first = len(head.splitlines()) + 1
    assert found == [("bad", str(first + at), code) for at, code in enumerate(MISTAKES.values())], done.stdout
    assert (Path(lightleak.__file__).parent / "py.typed").is_file()


def test_a_verdict_is_frozen(compared):
    verdict = next(iter(compared.verdicts()))
    with pytest.raises(AttributeError):
        verdict.cause = "picker"


# Names of files -------------------------------------------------------------------------------------------------------


def test_two_files_with_one_name_are_told_apart_by_a_number(tmp_path):
    places = []
    for n in (1, 2):
        folder = tmp_path / str(n)
        folder.mkdir()
        trace = Trace(session=f"00000000-0000-4000-8000-00000000000{n}")
        trace.ready(n * 1000)
        trace.add(n * 1000 + 60, "mark", label="end")
        trace.save(folder)
        (folder / "report.ndjson").write_text(entry_lines(n, n * 1000 + 10, n * 1000 + 20) + "not a line\n")
        places.append(folder)
    sessions, reports = ([folder / name for folder in places] for name in ("s.lightleak", "report.ndjson"))
    found = lightleak.compare(sessions, reports)
    shown = json.loads(found.to_json())
    assert [one["files"] for one in shown["sessions"]] == [["s.lightleak"], ["s.lightleak (2)"]]
    assert shown["report"]["files"] == ["report.ndjson", "report.ndjson (2)"]
    assert [one["file"] for one in shown["report"]["problems"]] == ["report.ndjson", "report.ndjson (2)"]
    assert lightleak.open(sessions[1]).names == ["s.lightleak"]  # the caller's session keeps its name
    shutil.copyfile(sessions[1], places[1] / "cut.lightleak")
    with (places[1] / "s.lightleak").open("ab") as file:
        file.write(b"rest")
    damaged = lightleak.compare([places[0] / "s.lightleak", places[1] / "s.lightleak"], reports)
    assert any("s.lightleak (2)" in notice for notice in damaged.notices)
    assert not any(str(tmp_path) in notice for notice in damaged.notices)


def test_apps_of_the_report_alone_may_be_asked_for(tmp_path):
    trace = Trace(app=None)
    trace.add(1, "mark", label="end")
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10, 20))
    assert len(list(lightleak.compare(trace.save(tmp_path), report, apps=APP).verdicts())) == 1


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_has_each_function_with_its_signature():
    """docs/python.md gave compare another signature than it had."""
    page = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
    written = dict(re.findall(r"^\| `lightleak\.(\w+)(\(.*?\))` \|", page, flags=re.MULTILINE))
    functions = {name for name in lightleak.__all__ if inspect.isfunction(getattr(lightleak, name))}
    assert set(written) == functions
    for name, signature in written.items():
        real = inspect.signature(getattr(lightleak, name))
        bare = real.replace(
            parameters=[one.replace(annotation=one.empty) for one in real.parameters.values()],
            return_annotation=real.empty,
        )
        assert signature == str(bare), name
    classes = {name for name in lightleak.__all__ if inspect.isclass(getattr(lightleak, name))}
    assert [
        name for name in classes if f"`{name}`" not in page and name not in ("Trigger", "Event", "LightleakError")
    ] == []


def test_what_the_page_says_that_results_have_they_have(compared):
    page = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
    session = lightleak.open(SESSION)
    results = {
        "Session": session, "Report": compared.report, "Comparison": compared,
        "Checked": lightleak.check(compared, POLICY), "Difference": lightleak.diff(SESSION, SESSION),
        "Verification": lightleak.verify(SESSION),
    }  # fmt: skip
    rows = re.findall(r"an? `(\w+)`[^|:]*: ([^|]+) \|", page)
    assert {name for name, _ in rows} >= set(results)
    for name, said in rows:
        for attribute in re.findall(r"`(\w+)(?:\(\))?`", said):
            assert name not in results or hasattr(results[name], attribute), (name, attribute)
