"""The field test runs completely on the stand-in, and its answers match how the stand-in was built."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from device.rig import Portal
from fieldtest.people import Hands
from lightleak.comparator.assumptions import read_assumptions
from lightleak.device.targets import Await, DeviceChoice, Either, Pid, SpawnFile
from lightleak.errors import DeviceError, UsageError
from lightleak.fieldtest.answers import Answer, encode_result, make_result, read_result
from lightleak.fieldtest.draft import Draft, draft_path, read_draft
from lightleak.fieldtest.run import FieldTestPlan, run_field_test
from lightleak.fieldtest.steps import Step
from standin import Phone

pytestmark = pytest.mark.standin

QUICK = frozenset({"sleep", "gate", "picker", "extension"})
UUID = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-", re.IGNORECASE)


@pytest.fixture
def test_on(tmp_path: Path) -> Iterator[Callable[..., tuple[Draft, dict[int, Answer], Hands]]]:
    phones: list[Phone] = []

    def run(skip: frozenset[str] = QUICK, **settings: Any) -> tuple[Draft, dict[int, Answer], Hands]:
        phone = Phone(idle_s=0.8, leeway=0.0, **settings)
        phone.__enter__()
        phones.append(phone)
        app = phone.launch("hardcases")
        hands = Hands(phone, app, tmp_path)
        draft, answers = run_field_test(plan(app.pid, tmp_path, skip), hands, hands)
        return draft, {answer.number: answer for answer in answers}, hands

    yield run
    for phone in phones:
        phone.__exit__(None, None, None)


def plan(pid: int, folder: Path, skip: frozenset[str] = QUICK, **more: Any) -> FieldTestPlan:
    return FieldTestPlan(DeviceChoice(), Pid(pid), folder / "field.json", idle_s=2.0, settle_s=0.5, skip=skip, **more)


def test_every_step_is_made_and_the_answers_are_what_the_phone_is(test_on: Any, tmp_path: Path) -> None:
    draft, answers, hands = test_on(frozenset(), model="iPhone15,3", os_version="18.4")

    assert {number: answer.holds for number, answer in answers.items()} == {
        1: True, 2: True, 3: True, 4: True, 5: True,
        6: False,  # this phone's idle time is 0.8 s, not 60
        7: True, 8: True, 9: True,
        10: None,  # the app has no extension, and the person skips the step
        11: True,
        12: None,  # no arm64e
        13: None,  # an export, no store
        14: None,  # this machine's launches are not held
        15: True,
    }  # fmt: skip
    assert answers[6].figures["length_s"] == [pytest.approx(0.8, abs=0.3)]
    assert hands.begun[0] == "fresh"
    assert hands.begun[-1] == "report"
    text = encode_result(make_result(draft, list(answers.values()), "2026-11-21"))
    assert "hardcases" not in text
    assert "lightleak.hardcases" not in text
    assert not UUID.search(text)
    facts = read_assumptions(text, "field.json")
    assert (facts.identifier_is_shown, facts.idle_timer_closes, facts.delivery_makes_entry) == (True, False, False)
    assert (facts.model, facts.os_version) == ("iPhone15,3", "18.4")
    assert draft.phone.kind == "stand-in"
    assert read_result(text.encode(), "field.json").answers[0].holds is True


def test_a_phone_that_is_otherwise_gives_other_answers(test_on: Any) -> None:
    _, answers, _ = test_on(quirks=("binds-unlogged", "details-log", "pixels-log"))

    assert (answers[3].holds, answers[3].facts["opening_makes_entry"]) == (False, False)
    assert answers[4].holds is False
    assert answers[4].figures == {"delivery_makes_entry": False, "details_make_entry": True}
    assert (answers[5].holds, answers[1].holds, answers[2].holds) == (False, True, True)


def test_identifiers_that_the_report_replaces_and_deliveries_that_are_logged_are_found_out(test_on: Any) -> None:
    _, answers, _ = test_on(quirks=("identifiers-replaced", "deliveries-log"))

    assert answers[1].holds is False
    assert answers[1].facts == {"identifier_is_shown": False}
    assert answers[4].facts == {"delivery_makes_entry": True}
    assert answers[7].holds is None
    assert (answers[2].holds, answers[3].holds, answers[5].holds) == (True, True, True)


@pytest.mark.parametrize(("ios", "holds", "table"), [("15", True, "iOS 15"), ("unknown", False, None)])
def test_the_table_of_observers_names_its_version(ios: str, holds: bool, table: str | None, test_on: Any) -> None:
    _, answers, _ = test_on(QUICK | {"register", "delivery", "query", "details", "read"}, ios=ios)

    assert (answers[8].holds, answers[8].figures["table"]) == (holds, table)
    assert answers[1].why == "no report was read"
    assert answers[14].why == "gate: not wanted"


def test_the_store_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    with Phone(idle_s=0.8, leeway=0.0) as phone:
        app = phone.launch("hardcases")

        class Rooted(Hands):
            def start_step(self, step: Step, number: int, of: int) -> None:
                super().start_step(step, number, of)
                if step.name == "report":
                    (tmp_path / "phone").mkdir()
                    phone.copy_store(tmp_path / "phone")

        hands = Rooted(phone, app, tmp_path)
        skip = QUICK | {"delivery", "details", "read"}
        _, answers = run_field_test(plan(app.pid, tmp_path, skip, store=str(tmp_path / "phone")), hands, hands)

    by_number = {answer.number: answer for answer in answers}
    assert by_number[13].holds is True
    assert by_number[1].holds is True


def test_it_runs_over_a_network_too_and_a_lock_does_not_cut_the_entry_that_is_measured(tmp_path: Path) -> None:
    with Phone(idle_s=0.8, leeway=0.0) as phone:
        app = phone.launch("hardcases")
        portal = Portal(token="secret")
        try:
            portal.join(app.pid)
            hands = Hands(phone, app, tmp_path)
            choice = DeviceChoice(kind="remote", host=f"127.0.0.1:{portal.control}", token="secret")
            skip = frozenset({"delivery", "details", "read", "gate", "picker", "extension"})
            output = tmp_path / "field.json"
            asked = FieldTestPlan(choice, Either("hardcases"), output, idle_s=2.0, settle_s=0.5, skip=skip)
            _, answers = run_field_test(asked, hands, hands)
        finally:
            portal.close()

    by_number = {answer.number: answer for answer in answers}
    [length_s] = by_number[6].figures["length_s"]
    assert 0.75 < length_s < 2  # cut by the lock it would be shorter than the idle time
    assert {number: by_number[number].holds for number in (1, 2, 3, 11, 15)} == dict.fromkeys((1, 2, 3, 11, 15), True)


def test_an_extension_of_the_app_is_found_under_its_own_name(tmp_path: Path) -> None:
    with Phone(idle_s=0.8, leeway=0.0) as phone:
        app = phone.launch("gallery")
        hands = Hands(phone, app, tmp_path, skips=frozenset())
        skip = frozenset({"register", "delivery", "query", "details", "read", "sleep", "gate", "picker"})
        _, answers = run_field_test(plan(app.pid, tmp_path, skip), hands, hands)

    assert next(answer.holds for answer in answers if answer.number == 10) is True
    assert "fresh" not in hands.begun


def test_an_interrupted_test_goes_on_where_it_was(tmp_path: Path) -> None:
    class Gone(Exception):  # noqa: N818
        pass

    class Leaving(Hands):
        def do_details(self, _task: int) -> None:
            raise Gone

    with Phone(idle_s=0.8, leeway=0.0) as phone:
        app = phone.launch("hardcases")
        first = Leaving(phone, app, tmp_path)
        with pytest.raises(Gone):
            run_field_test(plan(app.pid, tmp_path), first, first)
        left = read_draft(tmp_path / "field.json")
        assert left is not None
        assert list(left.steps) == ["look", "register", "delivery", "query"]
        assert draft_path(tmp_path / "field.json").stat().st_mode & 0o777 == 0o600

        second = Hands(phone, app, tmp_path)
        _, answers = run_field_test(plan(app.pid, tmp_path), second, second)

    assert second.begun == ["details", "read", "sleep", "gate", "picker", "extension", "report"]
    assert {answer.number: answer.holds for answer in answers if answer.number <= 5} == dict.fromkeys(range(1, 6), True)


@pytest.mark.parametrize("what", ["denied", "off"])
def test_an_app_that_can_show_nothing_is_refused_with_what_to_do(what: str, tmp_path: Path) -> None:
    with Phone(idle_s=1, accounting=what != "off") as phone:
        phone.trust.set("org.lightleak.hardcases", "denied" if what == "denied" else "authorized")
        app = phone.launch("hardcases")
        hands = Hands(phone, app, tmp_path)
        with pytest.raises(DeviceError) as refused:
            run_field_test(plan(app.pid, tmp_path), hands, hands)

    assert "Settings" in refused.value.hint


def test_another_app_cannot_go_on_with_a_test(tmp_path: Path) -> None:
    (tmp_path / ".field.json.draft").write_text('{"target":"org.example.other"}')
    with Phone(idle_s=1) as phone:
        app = phone.launch("hardcases")
        hands = Hands(phone, app, tmp_path)
        with pytest.raises(UsageError, match=r"org\.example\.other"):
            run_field_test(plan(app.pid, tmp_path), hands, hands)


@pytest.mark.parametrize("target", [SpawnFile(("/bin/true",)), Await("x")])
def test_an_app_that_does_not_run_is_refused(target: Any, tmp_path: Path) -> None:
    hands: Any = None
    with pytest.raises(UsageError):
        run_field_test(FieldTestPlan(DeviceChoice(), target, tmp_path / "f"), hands, hands)
