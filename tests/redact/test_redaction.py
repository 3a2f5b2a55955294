"""A redacted session: the same verdicts, and nothing of the person, the device or, where asked for, the app's inside."""

from __future__ import annotations

import json
import re

import pytest

import lightleak
from lightleak.cli import main
from lightleak.comparator import compare
from lightleak.losses import Losses
from lightleak.redact import original, redact
from lightleak.trace import Rotation, Writer
from lightleak.trace.verify import verify
from lightleak.views.page.details import details
from lightleak.views.page.evidence import reread
from page.pages import crowd, hostile, long_gap, ordinary
from redact.mapped import mapped_back, redact_mapped, verdicts
from stories import APP, Trace, entry_lines, ident, judge, only
from tracekit import HEADER, as_line, event, lines, session

PERSON = "Anna’s iPhone"
SECRETS = (
    "Anna", "9A1B7C3D-1111-2222-3333-444455556666", "192.168.1.7", "anna@example.org", "/private/var", "Holiday 2025",
    "0123456789abcdef0123456789abcdef01234567", "a-later-key", "IMG_0001",
)  # fmt: skip
INSIDE = ("GLScanner", "GLLibraryWatcher", "libsecret", "scanAll")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


def private() -> Trace:
    """A trace with everything that must not be published."""
    trace = Trace()
    trace.header |= {"a-later-key": "a-later-key", "device": {
        "name": PERSON, "model": "iPhone15,2", "os": "iOS", "os_version": "18.1", "time_zone": "Europe/Paris", "kind": "physical",
        "udid": "0123456789abcdef0123456789abcdef01234567",
    }}  # fmt: skip
    trace.header["target"] |= {"name": f"Gallery of {PERSON}", "version": "7.1", "path": "/private/var/x"}
    image = "/private/var/containers/Bundle/Application/9A1B7C3D-1111-2222-3333-444455556666/Gallery.app/libsecret"
    caller = {"image": image, "offset": 77, "a-later-key": "a-later-key"}
    frames = [{"image": image, "uuid": "U", "offset": 77, "symbol": "-[GLScanner scanAll]"}, image]
    observer = {"class": "GLLibraryWatcher", "id": "0x2801", "image": image}
    trace.add(-1, "stack", id=1, frames=frames)
    trace.ready(0)
    trace.add(0.1, "hook", probe="observer", symbol="-[GLLibraryWatcher photoLibraryDidChange:]", status="skipped",
              reason=f"not in {image}")  # fmt: skip
    trace.add(0.2, "state", value="active")
    trace.add(1, "observer", action="registered", observer=observer, type="change", caller=caller, stack=1)
    seq = trace.add(2, "notification", observer=observer, change="c1", type="change", stack=1)
    trace.add(2.5, "return", of=seq, duration_ns=10**8, cpu_ns=10**7)
    trace.add(9.9, "accounting", phase="begin", identifier="00000000-0000-0000-0000-000000000ABD", service="photos")
    detail = {"count": 3, "title": "Holiday 2025", "IMG_0001 Anna": 1}
    for asset in ("aa11", "bb22", "aa11"):
        data = trace.access(10, "data", asset=asset, caller=caller, stack=1, detail=detail)
    trace.add(10.5, "delivery", of=data, bytes=5, degraded=False, error="Error for anna@example.org at 192.168.1.7")
    trace.add(11, "mark", label="Holiday 2025")
    trace.add(12, "a-later-key", cause=data, words="a-later-key Anna")
    trace.add(20, "lost", count=4, reason=f"cable of {PERSON}")
    trace.add(30, "process", phase="detached", reason=f"{PERSON} went away")
    return trace


def texts(path) -> str:
    told = lightleak.open(path)
    return told.header_line.decode() + "".join(line.decode() + "\n" for line in told.lines())


@pytest.mark.parametrize("names", ["hash", "keep"])
def test_nothing_of_the_person_or_the_device_is_left(tmp_path, names):
    private().save(tmp_path)
    assert run("export", tmp_path / "s.lightleak", "--redact", "--names", names, "-o", tmp_path / "r.lightleak") == 0
    text = texts(tmp_path / "r.lightleak")
    assert [secret for secret in SECRETS if secret in text] == []
    assert [name for name in INSIDE if name in text] == ([] if names == "hash" else list(INSIDE))
    assert '"model":"iPhone15,2"' in text
    assert '"time_zone":"Europe/Paris","kind":"physical"' in text


def test_equal_stays_equal_and_assets_are_hashed_again(tmp_path):
    private().save(tmp_path)
    opened = original(tmp_path / "s.lightleak")
    for name in ("one", "two"):
        redact(opened, tmp_path / name, hide_names=True)
    one, two = ([e["asset"] for e in lightleak.open(tmp_path / n).events() if e.get("asset")] for n in ("one", "two"))
    assert one[0] == one[2] != one[1]
    assert set(one).isdisjoint({"aa11", "bb22"})
    assert set(one).isdisjoint(two)
    told = list(lightleak.open(tmp_path / "one").events())
    watcher = {e["observer"]["class"] for e in told if e.get("observer")}
    assert len(watcher) == 1
    assert re.fullmatch(r"class-[0-9a-f]{12}", watcher.pop())
    (hook,) = (e["symbol"] for e in told if e["kind"] == "hook" and e["probe"] != "accounting")
    assert re.fullmatch(r"-\[class-[0-9a-f]{12} photoLibraryDidChange:\]", hook)
    (access,) = {e["symbol"] for e in told if e["kind"] == "access"}
    assert re.fullmatch(r"-\[PHImageManager selector-[0-9a-f]{12}\]", access)


VERDICT = (
    "identifier",
    "app",
    "begin",
    "end",
    "out_of_process",
    "cause",
    "depth",
    "match",
    "state",
    "flags",
    "evidence",
)


@pytest.mark.parametrize("story", [ordinary, hostile, long_gap, crowd])
@pytest.mark.parametrize("hide_names", [True, False])
def test_the_verdicts_are_the_originals(tmp_path, story, hide_names):
    report = story(tmp_path).report
    redact(original(tmp_path / "s.lightleak"), tmp_path / "r.lightleak", hide_names=hide_names)
    before, after = (compare([lightleak.open(tmp_path / n)], report).to_dict() for n in ("s.lightleak", "r.lightleak"))
    assert before["entries"]
    for one, other in zip(before["entries"], after["entries"], strict=True):
        assert {key: other[key] for key in VERDICT} == {key: one[key] for key in VERDICT}
    assert (before["summary"], before["clock"]) == (after["summary"], after["clock"])
    if story is ordinary and not hide_names:
        assert [entry["why"] for entry in before["entries"]] == [entry["why"] for entry in after["entries"]]


def caused() -> Trace:
    """A trace with every origin, in which six entries are each set off by another."""
    trace = Trace()
    trace.ready(0, reason="launch")
    trace.add(0.1, "state", value="active", reason=None)
    trace.add(0.2, "state", value="active", reason=None, changed=False)
    observer = {"class": "GLLibraryWatcher", "id": "0x2801", "image": "libsecret"}
    trace.add(1, "observer", action="registered", observer=observer, type="persistent-changes")
    trace.add(2, "state", value="background", reason=None)
    origins = [
        ("notification", {"observer": observer, "change": "c1", "type": "change"}),
        ("input", {"type": "touch", "a-later-key": "a-later-key"}),
        ("state", {"value": "background", "reason": "silent-push"}),
        ("mark", {"label": "nothing"}),
    ]
    for n, (kind, keys) in enumerate(origins):
        at = 100 * (n + 1)
        seq = trace.add(at, kind, **keys)
        link = {} if kind == "mark" else {"cause": seq}
        trace.access(at + 0.1, "metadata", **link)
        trace.add(at + 0.2, "accounting", phase="begin", identifier=ident(n), service="photos")
        trace.access(at + 0.3, "data", **link, resumed_by=seq)
        trace.add(at + 0.4, "property", symbol="-[PHAsset location]", count=40, assets=12, **link)
        trace.add(
            at + 0.5,
            "usage",
            cpu_ns=at * 10**6,
            footprint_bytes=at * 10**5,
            energy_nj=None,
            wakeups=at,
            disk_read_bytes=at,
        )
    trace.access(500, "metadata", cause=None, cause_lost=True)
    trace.add(500.1, "accounting", phase="begin", identifier=ident(4), service="photos")
    trace.access(600, "metadata")
    trace.add(600.1, "accounting", phase="begin", identifier=ident(5), service="photos")
    trace.add(700, "process", phase="detached", reason="application-requested")
    return trace


@pytest.mark.parametrize("hide_names", [True, False])
def test_what_set_each_entry_off_is_the_same_byte_for_byte_but_for_the_observers_name(tmp_path, hide_names):
    rows = "".join(entry_lines(n, 100 * (n + 1) + 0.2, 100 * (n + 1) + 60) for n in range(6))
    report = judge(tmp_path, caused(), rows).report
    meaning = redact_mapped(tmp_path / "s.lightleak", tmp_path / "r.lightleak", hide_names=hide_names)
    before, after = (compare([lightleak.open(tmp_path / n)], report).to_dict() for n in ("s.lightleak", "r.lightleak"))
    kinds = [(entry["trigger"]["kind"], entry["trigger"]["by"]) for entry in before["entries"]]
    assert kinds == [
        ("change", "link"), ("touch", "link"), ("wake", "link"), ("none", "none"), ("unknown", "none"), ("none", "none"),
    ]  # fmt: skip
    assert before["entries"][0]["properties"] == {"-[PHAsset location]": 40}
    assert (after["entries"][0]["trigger"]["what"] == "GLLibraryWatcher") != hide_names
    assert verdicts(mapped_back(after, meaning)) == verdicts(before)
    text = texts(tmp_path / "r.lightleak")
    assert "a-later-key" not in text
    assert text.count('"type":"persistent-changes"') == 1
    assert text.count('"changed":false') == 1


def test_what_a_framework_did_on_its_own_counts_nowhere_in_the_redacted_one_either(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.add(10, "accounting", phase="begin", identifier=ident(1), internal=True)
    trace.add(80, "mark", label="end")
    report = judge(tmp_path, trace, entry_lines(1, 10.1, 12)).report
    redact(original(tmp_path / "s.lightleak"), tmp_path / "r.lightleak", hide_names=True)
    found = [only(compare([lightleak.open(tmp_path / name)], report)) for name in ("s.lightleak", "r.lightleak")]
    assert [verdict["cause"] for verdict in found] == ["unexplained", "unexplained"]


def test_every_event_keeps_its_place_and_its_clocks_and_unknown_kinds_keep_nothing_else(tmp_path):
    private().save(tmp_path)
    redact(original(tmp_path / "s.lightleak"), tmp_path / "r.lightleak", hide_names=True)
    before, after = (list(lightleak.open(tmp_path / name).events()) for name in ("s.lightleak", "r.lightleak"))
    place = ("segment", "seq", "wall_ns", "mono_ns", "of", "cause")
    assert [[e.get(key) for key in place] for e in after] == [[e.get(key) for key in place] for e in before]
    assert [e["kind"] for e in before if e["kind"] != "a-later-key"] == [
        e["kind"] for e in after if "-" not in e["kind"]
    ]
    (odd,) = (e for e in after if re.fullmatch("kind-[0-9a-f]{12}", e["kind"]))
    assert set(odd) == {"kind", "segment", "seq", "wall_ns", "mono_ns", "cause"}


def test_verify_finds_it_whole_and_names_the_original(tmp_path, capfd):
    path = session(tmp_path / "s", lines(25))
    head = lightleak.open(path).head_hash
    assert run("export", path, "--redact", "-o", tmp_path / "r") == 0
    said = capfd.readouterr().err
    assert head in said
    assert re.search(r"replaced \d+ values?, left out \d+ keys?", said)
    assert run("verify", tmp_path / "r") == 0
    assert f"it was redacted, names hashed, from the session with the head hash {head}" in capfd.readouterr().out
    assert (tmp_path / "r").stat().st_mode & 0o777 == 0o600
    assert lightleak.open(tmp_path / "r").session_id != HEADER["session"]


def test_what_the_recording_lost_is_lost_in_the_redacted_one_too(tmp_path):
    path = session(tmp_path / "s", [*lines(5), as_line(event(9, kind="lost", count=3, reason="not delivered"))])
    redact(original(path), tmp_path / "r", hide_names=True)
    before, after = verify(path), verify(tmp_path / "r")
    assert (after.ok, after.losses, after.gaps) == (before.ok, before.losses, before.gaps) != (None, Losses(), [])


@pytest.mark.parametrize("what", ["cut", "unfinished", "damaged"])
def test_damage_of_the_original_is_not_healed_by_redacting_it(tmp_path, what):
    """A recording with a damaged frame became a whole file, and a rule that asks whether all was seen held."""
    whole = session(tmp_path / "s", lines(2000)).read_bytes()
    (tmp_path / "s").write_bytes(
        {
            "cut": whole[:-30],
            "unfinished": whole[: whole.rindex(b"\x5a\x2a\x4d\x18")],
            "damaged": whole[: (middle := len(whole) // 2)] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        }[what]
    )
    before = lightleak.open(tmp_path / "s")
    assert before.notices
    redact(original(tmp_path / "s"), tmp_path / "r", hide_names=True)
    redact(original(tmp_path / "r"), tmp_path / "again", hide_names=True)
    for name in ("r", "again"):
        after = lightleak.open(tmp_path / name)
        assert [type(notice) for notice in after.file_notices] == [type(notice) for notice in before.file_notices]
        assert all(f"the session that {name} was redacted from" in notice for notice in after.notices)
        assert verify(tmp_path / name).ok == (what != "damaged")  # its hole in seq stays


@pytest.mark.parametrize("damage", [{"a": 1}, 5, "Anna", [{"code": "cut-tail"}], [5]])
def test_a_header_that_says_odd_things_about_damage_still_says_that_there_is_some(tmp_path, damage):
    header = {**HEADER, "redacted": {"head": "x", "names": "kept", "damage": damage}}
    assert lightleak.open(session(tmp_path / "s", lines(2), header=header)).notices


def test_all_files_of_a_rotated_recording_become_one_session(tmp_path, capfd):
    header = {key: value for key, value in HEADER.items() if key != "continues"}
    with Writer(tmp_path / "w.lightleak", header, rotation=Rotation(size_bytes=1)) as writer:
        for line in lines(4):
            writer.write([line])
            writer.flush()
    assert len(writer.paths) > 2
    assert run("export", tmp_path / "w.lightleak", "--redact", "-o", tmp_path / "r") == 0
    assert [e.seq for e in lightleak.open(tmp_path / "r").events()] == [1, 2, 3, 4]
    assert verify(tmp_path / "r").ok
    assert lightleak.open(tmp_path / "r").header["redacted"]["head"] == writer.head_hash
    assert run("export", writer.paths[1], "--redact", "-o", tmp_path / "x") == 1
    assert "name its first file" in capfd.readouterr().err
    writer.paths[2].unlink()
    assert run("export", tmp_path / "w.lightleak", "--redact", "-o", tmp_path / "x") == 1
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--redact"], "--redact needs an output file"),
        (["--redact", "-o", "x", "--format", "csv"], "writes a session"),
        (["--redact", "-o", "x", "--filter", "kind = access"], "cannot be combined with --filter"),
        (["--format", "session", "-o", "x"], "add --redact"),
        (["--format", "csv", "--names", "keep"], "--names requires --redact"),
        ([], "--format"),
    ],
)
def test_wrong_usage_is_an_error(tmp_path, capfd, options, said):
    assert run("export", session(tmp_path / "s", lines(3)), *options) == 2
    assert said in capfd.readouterr().err


def test_an_existing_file_is_refused_unless_forced(tmp_path):
    path = session(tmp_path / "s", lines(3))
    (tmp_path / "r").write_text("mine")
    assert run("export", path, "--redact", "-o", tmp_path / "r") == 1
    assert (tmp_path / "r").read_text() == "mine"
    assert run("export", path, "--redact", "-o", tmp_path / "r", "--force") == 0
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["r", "s"]


def test_the_page_of_a_redacted_session_is_made(tmp_path):
    private().save(tmp_path)
    (tmp_path / "report.ndjson").write_text(entry_lines(1, 10.1, 71, app=APP))
    redact(original(tmp_path / "s.lightleak"), tmp_path / "r.lightleak", hide_names=True)
    found = compare([lightleak.open(tmp_path / "r.lightleak")], lightleak.read_report(tmp_path / "report.ndjson"))
    assert json.loads(found.to_json())["entries"][0]["cause"] == "query"
    told = json.dumps(details(found, list(found.verdicts()), reread(found, list(found.verdicts()))))
    assert re.search(r'"callers": \["image-[0-9a-f]{12}"\]', told)
