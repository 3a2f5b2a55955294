"""The phone behaves as call graphs and real exports say that a phone does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from standin import Phone
from standin.settings import BUILD
from standin.truth import gather
from standin.waiting import account, records, until

pytestmark = pytest.mark.standin


@pytest.fixture
def phone():
    with Phone(idle_s=0.3, leeway=0.0) as phone:
        yield phone


def test_a_waiting_app_touches_photos_only_after_go(phone):
    app = phone.launch("refetch", wait=True)
    phone.new_photo()
    assert not account(phone, app, "call")
    assert not phone.binds
    app.go()
    assert until(lambda: account(phone, app, "call"))[0]["symbol"] == "-[PHPhotoLibrary registerChangeObserver:]"


def test_a_first_use_makes_two_entries_by_two_processes(phone):
    app = phone.launch("refetch")
    begins = until(lambda: len(found := records(phone, 2)) == 2 and found)
    assert {(begin["writer"], begin["accessor"]) for begin in begins} == {
        ("assetsd", "org.lightleak.refetch"),
        ("refetch", "org.lightleak.refetch"),
    }
    assert {begin["writer_pid"] for begin in begins} >= {app.pid}


def test_queries_closer_than_the_idle_time_are_one_entry(phone):
    app = phone.launch("refetch")
    for _ in range(4):
        app.order("fetch")
    ends = until(lambda: len(found := records(phone, 3)) == 2 and found)
    assert {end["reason"] for end in ends} == {"idle"}
    begin = next(begin for begin in records(phone, 2) if begin["writer_pid"] == app.pid)
    end = next(end for end in ends if end["writer_pid"] == app.pid)
    last_ns = account(phone, app, "call")[-1]["wall_ns"]
    assert end["identifier"] == begin["identifier"]
    assert end["wall_ns"] - last_ns >= 0.3e9  # the end is not set back to the last access


def test_an_observer_is_told_and_a_burst_is_gathered(phone):
    app = phone.launch("refetch")
    until(lambda: len(account(phone, app, "call")) == 2)
    phone.new_photo(5)
    told = until(lambda: len(found := account(phone, app, "notification")) == 2 and found)
    assert told[1]["mono_ns"] - told[0]["mono_ns"] >= 0.29e9
    reads = [call for call in account(phone, app, "call") if call["cause"] is not None]
    assert [read["cause"] for read in reads[:1]] == [1]


def test_an_app_that_is_suspended_is_told_when_it_runs_again(phone):
    app = phone.launch("refetch")
    begins = until(lambda: len(found := records(phone, 2)) == 2 and found)
    app.suspend()
    mine = next(begin["identifier"] for begin in begins if begin["writer_pid"] == app.pid)
    end = until(lambda: next((end for end in records(phone, 3) if end["identifier"] == mine), None))
    assert end["reason"] == "suspended"
    phone.new_photo()
    assert not account(phone, app, "notification")
    app.resume()
    assert until(lambda: account(phone, app, "notification"))


@pytest.mark.parametrize("how", ["kill", "crash", "terminate"])
def test_the_intervals_of_a_process_end_with_it(how):
    with Phone(idle_s=60) as phone:
        app = phone.launch("refetch")
        until(lambda: len(records(phone, 2)) == 2)
        getattr(app, how)()
        end = until(lambda: records(phone, 3))[0]
        assert (end["writer_pid"], end["reason"]) == (app.pid, "died")
        assert len(records(phone, 3)) == 1  # assetsd's continues


def test_registering_without_permission_asks_and_opens_only_after_yes():
    with Phone(idle_s=0.3) as phone:
        phone.trust.set("org.lightleak.quicksend", "not-determined", when_asked="authorized")
        app = phone.launch("quicksend", wait=True)
        app.go()
        until(lambda: records(phone, 2))
        assert [begin["writer"] for begin in records(phone, 2)] == ["assetsd"]


def test_a_denied_app_makes_no_entry():
    with Phone(idle_s=0.3) as phone:
        phone.trust.set("org.lightleak.refetch", "denied")
        app = phone.launch("refetch")
        until(lambda: len(account(phone, app, "call")) == 2)
        app.order("fetch")
        allowed = phone.launch("quicksend")
        until(lambda: records(phone, 2))
        assert {begin["accessor"] for begin in records(phone, 2)} == {allowed.identifier}


def test_the_picker_is_logged_only_when_something_was_chosen(phone):
    app = phone.launch("quicksend")
    until(lambda: records(phone, 2))
    phone.pick(app, 0)
    phone.pick(app, 2)
    chosen = until(lambda: len(found := account(phone, app, "picked")) == 2 and found)
    assert [line["count"] for line in chosen] == [0, 2]
    row = until(lambda: [record for record in records(phone, 2) if record["out_of_process"]])
    assert [(line["accessor"], line["writer"]) for line in row] == [("org.lightleak.quicksend", "photospicker")]


def test_a_broken_binding_is_made_again_and_logged_again(phone):
    app = phone.launch("quicksend")
    until(lambda: records(phone, 3))
    phone.drop_binding(app)
    again = until(lambda: records(phone, 2)[1:])
    assert again[0]["accessor"] == "org.lightleak.quicksend"
    phone.catch_up()
    assert [bind["event"] for bind in phone.binds] == ["bind", "rebind"]
    phone.new_photo()
    assert until(lambda: account(phone, app, "notification"))


def test_assetsd_dies_and_every_app_is_bound_again(phone):
    apps = [phone.launch("quicksend"), phone.launch("refetch")]
    until(lambda: len(phone.binds) == 2)
    phone.restart_assetsd()
    until(lambda: len(phone.binds) == 4)
    assert {bind["pid"] for bind in phone.binds[2:]} == {app.pid for app in apps}


@pytest.mark.parametrize("off_s", [0.0, 2.0])
def test_the_accounting_daemon_comes_back_finalises_and_gets_new_identifiers(off_s):
    with Phone(idle_s=60) as phone:
        app = phone.launch("refetch")
        until(lambda: len(records(phone, 2)) == 2)
        phone.restart_accounting(off_s=off_s)
        until(lambda: len(records(phone, 2)) == 4)
        finalised = [end for end in records(phone, 3) if end["reason"] == "finalised"]
        assert len(finalised) == 2
        assert len({end["wall_ns"] for end in finalised}) == 1
        begins = records(phone, 2)
        assert [begin["reason"] for begin in begins[2:]] == ["again", "again"]
        assert len({begin["identifier"] for begin in begins}) == 4
        late = phone.launch("gallery")
        begin = until(lambda: [begin for begin in records(phone, 2) if begin["writer_pid"] == late.pid])[0]
        assert begin["reason"] == "logged"
        app.order("fetch")  # belongs to the interval that started again
        assert len([begin for begin in records(phone, 2) if begin["writer_pid"] == app.pid]) == 2


def test_an_extension_is_a_process_with_an_identifier_of_its_own(phone):
    share = phone.launch("gallery", extension="share")
    assert (share.identifier, share.role) == ("org.lightleak.gallery.share", "extension")
    until(lambda: len(records(phone, 2)) == 2)
    assert {begin["accessor"] for begin in records(phone, 2)} == {share.identifier}


def test_gallery_reads_only_when_it_is_open(phone):
    app = phone.launch("gallery", background=True)
    phone.new_photo()
    assert not account(phone, app, "call")
    app.foreground()
    assert {call["state"] for call in until(lambda: account(phone, app, "call"))} == {"active"}


def test_scanner_reads_pixels_in_the_background_because_of_the_notification(phone):
    app = phone.launch("scanner")
    app.background()
    until(lambda: len(account(phone, app, "call")) == 8)  # the registration and the first scan
    phone.new_photo()
    calls = until(lambda: len(found := account(phone, app, "call")) == 15 and found)[8:]
    assert {(call["state"], call["cause"]) for call in calls} == {("background", 1)}
    assert {call["depth"] for call in calls} == {"metadata", "thumbnail", "data"}
    final = until(
        lambda: len(found := [line for line in account(phone, app, "delivery") if line["of"] > 8]) == 10 and found
    )
    assert sum(line["degraded"] for line in final) == 4
    assert sum(line["bytes"] is not None for line in final) == 2


@pytest.mark.parametrize("ios", ["15", "17", "17.4", "18.4", "26", "unknown"])
def test_every_version_of_photos_tells_its_observers(ios):
    with Phone(ios=ios, idle_s=0.3) as phone:
        app = phone.launch("quicksend")
        until(lambda: phone.binds)
        phone.new_photo()
        assert until(lambda: account(phone, app, "notification"))


def test_truth_says_why_each_entry_was_written(phone):
    app = phone.launch("refetch", wait=True)
    app.watch()
    time.sleep(0.06)  # an entry is observed when the process was watched 50 ms before it
    app.go()
    until(lambda: len(records(phone, 3)) == 2)
    truth = gather(phone)
    assert {(entry["why"], entry["cause"]) for entry in truth["entries"]} == {("bind", "open"), ("query", "query")}
    assert {entry["depth"] for entry in truth["entries"]} == {"metadata"}


def test_nothing_is_left_when_the_driver_dies():
    """A suspended app cannot end itself. The kernel ends it with the thread that started it."""
    code = (
        "import os\n"
        "from standin import Phone\n"
        "with Phone() as phone:\n"
        "    apps = [phone.launch('refetch'), phone.launch('quicksend')]\n"
        "    apps[0].suspend()\n"
        "    print(phone.folder, *(app.pid for app in apps), flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    tests = str(Path(__file__).resolve().parents[1])
    environment = os.environ | {"PYTHONPATH": tests}
    driver = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=False)
    folder, *pids = driver.stdout.decode().split()
    assert driver.returncode == -signal.SIGKILL
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    until(lambda: not _processes_of(folder))
    with Phone():
        assert not Path(folder).exists()  # the next driver removes the folder


def _processes_of(folder: str) -> list[str]:
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if folder.encode() in environment.read_bytes():
                found.append(environment.parent.name)
        except OSError:
            continue
    return found


def test_the_modules_lie_where_they_lie_on_a_phone(phone):
    app = phone.launch("quicksend")
    maps = Path(f"/proc/{app.pid}/maps").read_text(encoding="utf-8")
    for path in (
        "System/Library/Frameworks/Photos.framework/Photos",
        "System/Library/PrivateFrameworks/PrivacyAccounting.framework/PrivacyAccounting",
        "usr/lib/libobjc.A.dylib",
        "usr/lib/libdispatch.dylib",
        "Applications/quicksend.app/quicksend",
    ):
        assert f"{BUILD}/{path}\n" in maps


def test_photos_taken_while_the_app_was_not_connected_are_there_when_it_is(phone):
    phone.new_photo(3)
    started_ns = time.time_ns()
    app = phone.launch("gallery")
    calls = until(lambda: len(found := account(phone, app, "call")) == 7 and found)
    assert all(call["wall_ns"] >= started_ns for call in calls)


def test_an_app_that_somebody_else_starts_is_taken_in(phone):
    executable = BUILD / "Applications/refetch.app/refetch"
    with subprocess.Popen([executable], env=phone.environment()) as process:
        app = phone.adopt(process.pid, "refetch")
        assert until(lambda: account(phone, app, "call"))
        app.kill()


def test_the_bindings_of_a_watched_assetsd_are_open(phone):
    phone.assetsd.watch()
    phone.launch("quicksend")
    until(lambda: records(phone, 3))
    truth = gather(phone)
    assert [(entry["why"], entry["cause"]) for entry in truth["entries"]] == [("bind", "open")]
    assert {process["role"] for process in truth["processes"]} == {"app", "assetsd"}


def test_an_entry_right_after_a_notification_is_called_after_it(phone):
    app = phone.launch("quicksend")
    app.watch()
    until(lambda: records(phone, 3))  # the entry of its registration has ended, which is longer ago than the lag
    phone.new_photo()
    notified_ns = until(lambda: account(phone, app, "notification"))[0]["wall_ns"]
    phone.drop_binding(app)
    begin_ns = until(lambda: records(phone, 2)[1:])[0]["wall_ns"]
    lag_s = (begin_ns - notified_ns) / 1e9 + 0.001
    assert gather(phone, lag_s)["entries"][-1]["cause"] == "notification"


@pytest.mark.parametrize("act", ["touch", "key"])
def test_a_person_touches_the_app_and_presses_keys(phone, act):
    app = phone.launch("hardcases")
    app.order("case", name="touchable", way="now")
    getattr(app, act)()
    assert [note["way"] for note in account(phone, app, "touched")] == ["now"]
    assert len(account(phone, app, "call")) == 1


def test_the_system_calls_the_app_for_an_address(phone):
    app = phone.launch("hardcases")
    app.order("case", name="lifecycle")
    assert app.wake("url", address="lightleak:open")
    app.order("case", name="lifecycle", scene=True)
    assert app.wake("url")
    assert [note["where"] for note in account(phone, app, "lifecycle")] == [
        "application:openURL:options:",
        "scene:openURLContexts:",
    ]
