"""Private choke points: each optional, each reported, and told only where they say what nothing public says."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin

VERSIONS = ("15", "17", "17.4", "18.4", "26", "27", "unknown")
FAN_OUT = {
    "15": {"fan-out.merge", "fan-out.pass"},
    "17": {"fan-out.merge", "fan-out.pass"},
    "17.4": {"fan-out.merge", "fan-out.pass", "fan-out.publish"},
    "18.4": {"fan-out.merge", "fan-out.pass-with-event", "fan-out.publish-with-event"},
    "26": {"fan-out.merge", "fan-out.pass-with-event", "fan-out.change-registrar"},
    "27": {"fan-out.merge", "fan-out.pass-with-event", "fan-out.change-registrar"},
    "unknown": {"fan-out.merge", "fan-out.pass-with-event", "fan-out.change-registrar"},
}
OF_27 = {
    "observer-table.library-26",
    "observer-table.change-registrar",
    "observer-table.library-persistent-changes",
    "observer-table.registrar-persistent-changes",
}
TABLES = {
    "15": {"observer-table.library"},
    "17": {"observer-table.library"},
    "17.4": {"observer-table.library", "observer-table.registrar"},
    "18.4": {"observer-table.library", "observer-table.registrar"},
    "26": {"observer-table.library-26", "observer-table.change-registrar"},
    "27": OF_27,
    "unknown": OF_27,
}


def installed(watch: Watch, prefix: str) -> set[str]:
    """Return the probes of a family that are in place; every other one of it must have said why not."""
    hooks = [event for event in watch.of("hook") if event["probe"].startswith(prefix)]
    assert all(event["reason"] and event["absent"] for event in hooks if event["status"] == "skipped")
    return {event["probe"] for event in hooks if event["status"] == "installed"}


@pytest.mark.parametrize("ios", VERSIONS)
def test_each_version_has_its_own_private_probes_and_the_others_say_what_is_missing(ios: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios=ios) as phone:
        app = phone.launch("quicksend")
        with Watch(app, internal=True) as watch:
            assert installed(watch, "fan-out.") == FAN_OUT[ios]
            assert installed(watch, "observer-table.") == TABLES[ios]
            phone.new_photo()
            watch.until(lambda: watch.of("notification", observer=None) and watch.of("notification", internal=None))
            [told] = [event for event in watch.of("notification") if event["observer"] is not None]
            rounds = watch.of("notification", observer=None)
            assert all(event["internal"] for event in rounds)
            assert len(rounds) == len(FAN_OUT[ios])
            assert min(event["number"] for event in rounds) < told["number"]
            assert not watch.faults


@pytest.mark.parametrize(
    ("ios", "since"),
    [
        ("15", ["13", "15"]),
        ("17.4", ["13", "17.4"]),
        ("26", ["13", "26"]),
        ("27", ["13", "26", "27"]),
        ("unknown", ["13", None, None]),
    ],
)
def test_probes_says_which_version_s_tables_of_observers_are_there(ios: str, since: list[str | None]) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios=ios) as phone:
        app = phone.launch("quicksend")
        command = [sys.executable, "-m", "lightleak", "probes", "-p", str(app.pid), "--format", "json"]
        rows = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["probes"]
        assert [row["table"] for row in rows if "table" in row] == since


def test_a_witness_is_not_hooked_where_nobody_wants_to_hear_it(phone: Phone) -> None:
    app = phone.launch("quicksend")
    with Watch(app) as watch:
        assert installed(watch, "fan-out.") == set()
        reasons = {event["reason"] for event in watch.of("hook") if event["probe"] == "fan-out.merge"}
        assert all("--internal" in reason for reason in reasons)
        phone.new_photo()
        [told] = watch.until(lambda: watch.of("notification"))
        assert told["observer"] is not None


def test_the_regulatory_logger_is_heard_where_there_is_one() -> None:
    with Phone(idle_s=0.3, leeway=0.0, regulatory=True) as phone:
        app = phone.launch("hardcases")
        with Watch(app, internal=True) as watch:
            assert installed(watch, "regulatory.") == {
                "regulatory.reading",
                "regulatory.transmitting",
                "regulatory.location",
            }
            app.order("case", name="resource")
            said = watch.until(lambda: {e["symbol"]: e for e in watch.of("access") if "GreenTea" in e["symbol"]})
            watch.until(lambda: watch.of("access", symbol="plslogGreenTeaTransmittingPhotosOrVideos"))
            said = {event["symbol"]: event for event in watch.of("access") if "GreenTea" in event["symbol"]}
            assert said["plslogGreenTeaReadingPhotosOrVideos"]["depth"] == "metadata"
            assert said["plslogGreenTeaTransmittingPhotosOrVideos"]["depth"] == "data"
            assert all(event["internal"] for event in said.values())


def test_on_other_phones_the_regulatory_logger_is_absent_and_that_is_said(phone: Phone) -> None:
    app = phone.launch("quicksend")
    with Watch(app, internal=True) as watch:
        assert installed(watch, "regulatory.") == set()
        [hook] = watch.of("hook", probe="regulatory.reading")
        assert hook["reason"] == "this process has no function plslogGreenTeaReadingPhotosOrVideos"


def test_an_observer_that_came_by_the_private_way_is_told_too(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("fetch")  # opens the library, which the private way does not
        app.order("case", name="privately")
        [registered] = watch.until(lambda: watch.of("observer"))
        assert (registered["action"], registered["observer"]["class"]) == ("registered", "PlainObserver")
        assert registered["caller"]["image"] == "hardcases"
        phone.new_photo()
        [told] = watch.until(lambda: watch.of("notification"))
        assert told["observer"] == registered["observer"]


@pytest.mark.parametrize(("history", "type_"), [(False, "change"), (True, "persistent-changes")])
def test_on_27_an_observer_that_came_by_the_private_way_is_told_with_its_type(history: bool, type_: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            app.order("fetch")
            app.order("case", name="privately", history=history)
            [registered] = watch.until(lambda: watch.of("observer"))
            assert (registered["action"], registered["type"]) == ("registered", type_)
            phone.new_photo()
            [told] = watch.until(lambda: watch.of("notification"))
            assert (told["observer"], told["type"]) == (registered["observer"], type_)


def test_a_registration_by_the_public_way_is_told_once(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="inherit")
        app.order("fetch")
        watch.until(lambda: watch.of("access"))
        assert len(watch.of("observer")) == 1


def test_an_interval_that_expires_ends_once(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        assert installed(watch, "accounting.expire") == {"accounting.expire"}
        app.order("fetch")
        watch.until(lambda: watch.of("accounting", phase="end"))
        app.order("fetch")
        watch.until(lambda: len(watch.of("accounting", phase="end")) == 2)
        assert [event["phase"] for event in watch.of("accounting")] == ["begin", "end"] * 2
