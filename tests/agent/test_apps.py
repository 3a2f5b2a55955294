"""What the agent says of the stand-in's apps is what they say of themselves."""

from __future__ import annotations

import pytest

from agent.watching import Watch, called, seen
from standin import App, Phone
from standin.waiting import account, records, until

pytestmark = pytest.mark.standin

VERSIONS = ("15", "17", "17.4", "18.4", "26", "27")


@pytest.mark.parametrize("name", ["refetch", "quicksend", "scanner", "gallery"])
def test_every_call_of_an_app_is_seen_once_and_nothing_else(phone: Phone, name: str) -> None:
    app = phone.launch(name, wait=True)
    with Watch(app) as watch:
        app.go()
        app.background()
        phone.new_photo(2)
        app.foreground()
        settle(phone, app, watch)
        assert not watch.faults


def settle(phone: Phone, app: App, watch: Watch) -> None:
    """Wait until both accounts agree, of calls, notifications and deliveries; both must have something to say."""

    def agree() -> bool:
        return (
            bool(watch.of("state", value="active"))
            and called(phone, app) == seen(watch)
            and len(account(phone, app, "notification")) == len(watch.of("notification"))
            and len(account(phone, app, "delivery")) == len(watch.of("delivery"))
        )

    try:
        watch.until(lambda: called(phone, app) and agree())
    except TimeoutError:
        assert called(phone, app) == seen(watch)
        assert len(account(phone, app, "notification")) == len(watch.of("notification"))
        assert len(account(phone, app, "delivery")) == len(watch.of("delivery"))
        raise


def test_deliveries_carry_the_bytes_that_the_app_counted(phone: Phone) -> None:
    app = phone.launch("refetch")
    with Watch(app) as watch:
        app.order("data", count=3)
        app.order("thumbnail", count=2)
        mine = watch.until(lambda: len(found := watch.of("delivery")) == 7 and found)
        theirs = account(phone, app, "delivery")
        facts = sorted((event["bytes"] or -1, event["degraded"]) for event in mine)
        assert facts == sorted((event["bytes"] or -1, event["degraded"]) for event in theirs)
        asked = {event["number"]: event for event in watch.of("access")}
        assert {asked[event["of"]]["depth"] for event in mine if event["bytes"] is not None} == {"data"}
        assert {asked[event["of"]]["depth"] for event in mine if event["degraded"]} == {"thumbnail"}


def test_reads_in_a_callback_carry_its_number(phone: Phone) -> None:
    app = phone.launch("refetch")
    with Watch(app) as watch:
        phone.new_photo()
        [told] = watch.until(lambda: len(watch.of("return")) >= 2 and watch.of("notification"))
        app.order("fetch")
        causes = watch.until(lambda: len(found := watch.of("access")) == 2 and [event["cause"] for event in found])
        assert causes == [told["number"], None]
        [back] = watch.of("return", of=told["number"])
        assert back["duration_ns"] >= back["cpu_ns"] > 0


@pytest.mark.parametrize("ios", VERSIONS)
def test_observers_from_before_the_attach_are_found_in_the_tables_of_each_version(ios: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios=ios) as phone:
        app = phone.launch("quicksend")
        with Watch(app) as watch:
            [found] = watch.of("observer", action="found")
            assert found["observer"]["class"] == "QuickSendObserver"
            assert found["observer"]["image"] == "quicksend"
            phone.new_photo()
            [told] = watch.until(lambda: watch.of("notification"))
            assert told["observer"] == found["observer"]


def test_where_no_table_is_known_callbacks_are_hooked_by_class_and_that_is_said() -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios="unknown") as phone:
        app = phone.launch("quicksend")
        with Watch(app) as watch:
            assert not watch.of("observer", action="found")
            [hook] = watch.of("hook", symbol="-[QuickSendObserver photoLibraryDidChange:]", status="installed")
            assert "by class" in hook["reason"]
            phone.new_photo()
            assert watch.until(lambda: watch.of("notification"))


def test_accounting_carries_the_identifiers_of_the_report(phone: Phone) -> None:
    app = phone.launch("refetch", wait=True)
    with Watch(app) as watch:
        app.go()
        app.order("fetch")
        watch.until(lambda: watch.of("accounting", phase="end"))
        [begin] = until(lambda: [record for record in records(phone, 2) if record["writer_pid"] == app.pid])
        events = watch.of("accounting")
        assert {event["identifier"] for event in events} == {begin["identifier"]}
        assert begin["identifier"] == begin["identifier"].upper()
        assert [event["phase"] for event in events] == ["begin", "touch", "end"]
        assert watch.of("hook", probe="accounting")[-1]["status"] == "installed"


def test_assetsd_tells_of_bindings_and_their_identifiers(phone: Phone) -> None:
    import frida

    [assetsd] = [process for name, process in phone._daemons.items() if name == "assetsd"]

    class Daemon:
        pid = assetsd.pid
        process = assetsd

    with Watch(Daemon(), set="assetsd") as watch:  # type: ignore[arg-type]
        phone.launch("quicksend")
        watch.until(lambda: watch.of("accounting", phase="begin"))
        assert watch.of("access", depth="open")
        assert watch.of("process")[0]["role"] == "assetsd"
        told = {event["identifier"] for event in watch.of("accounting", phase="begin")}
        # The accounting daemon writes in its own time.
        until(lambda: told <= {record["identifier"] for record in records(phone, 2)})
    assert frida is not None


def test_states_follow_the_app(phone: Phone) -> None:
    app = phone.launch("quicksend")
    with Watch(app) as watch:
        app.background()
        app.foreground()
        app.inactive()
        watch.until(
            lambda: (
                [event["value"] for event in watch.of("state")][-4:] == ["background", "inactive", "active", "inactive"]
            )
        )


def test_an_app_is_whole_after_the_agent_has_gone(phone: Phone) -> None:
    app = phone.launch("scanner")
    with Watch(app) as watch:
        phone.new_photo()
        watch.until(lambda: watch.of("notification"))
    before = len(account(phone, app, "delivery"))
    app.order("data", count=2)
    phone.new_photo()

    until(lambda: len(account(phone, app, "delivery")) > before + 8)
    assert app.process.poll() is None


def test_a_wake_carries_its_reason(phone: Phone) -> None:
    app = phone.launch("hardcases", background=True)
    reasons = {
        "push": "silent-push",
        "fetch": "background-task",
        "url-session": "background-url-session",
        "pushkit": "voip-push",
        "location": "location",
        "task": "background-task",
    }
    with Watch(app) as watch:
        app.order("case", name="subscribe")
        for reason in reasons:
            assert app.order("wake", reason=reason, identifier="org.lightleak.refresh")["handled"]
        notified = watch.until(
            lambda: len(found := [e for e in watch.of("state") if e["reason"]]) >= len(reasons) and found
        )
        assert sorted(event["reason"] for event in notified) == sorted(reasons.values())
        assert {event["value"] for event in notified} == {"background"}


def test_a_launch_in_the_background_says_what_for(phone: Phone) -> None:
    app = phone.launch("quicksend", wait=True, background=True, STANDIN_LAUNCH_REASON="location")
    with Watch(app) as watch:
        app.go()
        [told] = watch.until(lambda: [event for event in watch.of("state") if event["reason"]])
        assert told["reason"] == "location"
