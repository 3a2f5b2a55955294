"""Each claim is decided by what was seen and by nothing else; where something else may have been at work, it is not."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from lightleak.device.spawn_gating import count_launches
from lightleak.errors import DeviceError, FileError
from lightleak.events import NS_PER_S
from lightleak.fieldtest.answers import Answer, read_result
from lightleak.fieldtest.draft import Draft, Phone, StepFindings
from lightleak.fieldtest.evaluate import evaluate
from lightleak.fieldtest.report_rows import ReportRows
from lightleak.fieldtest.step_actions import StepContext
from lightleak.report import Entry

APP = "com.example.app"
S = NS_PER_S


def entry(begin_s: float, *, length_s: float | None = 61, identifier: str = "X", picked: bool = False) -> Entry:
    begin_ns = round(begin_s * S)
    end_ns = None if length_s is None else begin_ns + round(length_s * S)
    return Entry(identifier, APP, "photos", begin_ns, end_ns, 0, 0, picked, None, 1, 2, "f", "f", ())


def answer(
    number: int, steps: dict[str, StepFindings], rows: ReportRows | None = None, phone: Phone | None = None
) -> Answer:
    draft = Draft(steps=steps, phone=phone or Phone())
    return next(found for found in evaluate(draft, rows) if found.number == number)


def acted(at_s: float, **more: Any) -> StepFindings:
    return StepFindings(
        began_ns=round(at_s * S), ended_ns=round((at_s + 2) * S), marks_ns={"acts": [round(at_s * S)]}, **more
    )


def test_an_entry_of_sixty_seconds_confirms_the_idle_timer_and_another_refutes_it() -> None:
    for length_s, holds in ((60.0, True), (75.0, True), (44.9, False), (None, None)):
        assert answer(6, {"query": acted(100)}, ReportRows(APP, [entry(100.2, length_s=length_s)])).holds is holds


def test_a_row_far_from_the_act_is_not_its_row() -> None:
    assert answer(2, {"query": acted(100)}, ReportRows(APP, [entry(130)])).holds is False


def test_a_query_whose_entry_the_app_did_not_log_is_not_the_claim() -> None:
    found = answer(2, {"query": acted(100)}, ReportRows(APP, [entry(100.2)]))

    assert (found.holds, found.facts) == (False, {"query_makes_entry": None})


def test_a_library_opened_by_the_query_is_distinguished_from_one_opened_by_the_registration() -> None:
    query = acted(200, accounted=[("A", 200 * S)])
    rows = ReportRows(APP, [entry(200.1, identifier="A"), entry(200.3, identifier="B")])

    found = answer(3, {"register": acted(100, observations={"fresh_ago_s": 20}), "query": query}, rows)

    assert found.facts == {"registration_opens": False, "opening_makes_entry": True}


@pytest.mark.parametrize("before", [{"contact": True}, {"fresh_ago_s": 20}])
def test_an_app_that_had_opened_its_library_before_decides_nothing_of_registration(before: dict[str, Any]) -> None:
    rows = ReportRows(APP, [entry(90)] if "fresh_ago_s" in before else [])

    assert answer(3, {"register": acted(100, observations=before)}, rows).holds is None


def test_an_app_that_queries_in_its_callback_decides_nothing_of_deliveries() -> None:
    delivered = StepFindings(marks_ns={"deliveries": [100 * S]}, queries_ns=[round(100.1 * S)])

    assert answer(4, {"delivery": delivered}, ReportRows(APP, [entry(100.3)])).holds is None


def test_without_the_details_a_delivery_without_a_row_decides_half() -> None:
    found = answer(4, {"delivery": StepFindings(marks_ns={"deliveries": [100 * S]})}, ReportRows(APP))

    assert (found.holds, found.facts) == (None, {"delivery_makes_entry": False})


@pytest.mark.parametrize(
    ("rows", "holds"),
    [([(110, True)], True), ([(101, True), (110, True)], False), ([], False), ([(110, False)], False)],
)
def test_the_picker_marks_what_was_chosen_and_only_that(rows: list[tuple[float, bool]], holds: bool) -> None:
    seen = StepFindings(began_ns=100 * S, marks_ns={"ends": [105 * S, 112 * S]})

    assert (
        answer(9, {"picker": seen}, ReportRows(APP, [entry(at, picked=picked) for at, picked in rows])).holds is holds
    )


def test_an_extension_is_recognised_by_its_own_rows() -> None:
    seen = StepFindings(began_ns=100 * S, ended_ns=110 * S)

    assert answer(10, {"extension": seen}, ReportRows(APP, [], [entry(105)])).holds is True
    assert answer(10, {"extension": seen}, ReportRows(APP, [entry(105)])).holds is False
    assert answer(10, {"extension": seen}, ReportRows(APP)).holds is None


def test_a_stamp_before_the_call_refutes_that_it_is_later() -> None:
    seen = acted(100, accounted=[("A", 100 * S)])

    assert answer(7, {"query": seen}, ReportRows(APP, [entry(100.4, identifier="A")])).holds is True
    assert answer(7, {"query": seen}, ReportRows(APP, [entry(99.9, identifier="A")])).holds is False


def test_a_report_without_a_row_of_that_time_refutes_no_identifier() -> None:
    assert answer(1, {"query": acted(100, accounted=[("A", 100 * S)])}, ReportRows(APP)).holds is None


def test_a_change_delivered_during_sleep_refutes_that_it_waits() -> None:
    def seen(at_s: float) -> StepFindings:
        marks = {"suspended": [100 * S], "resumed": [160 * S], "deliveries": [round(at_s * S)]}
        return StepFindings(marks_ns=marks)

    assert answer(11, {"sleep": seen(130)}).holds is False
    assert answer(11, {"sleep": seen(160.3)}).holds is True
    assert answer(15, {"sleep": seen(160.3)}).holds is True
    assert answer(15, {"sleep": StepFindings()}).holds is False


def test_hooks_and_compiler_are_judged_on_arm64_of_apple_alone() -> None:
    look = StepFindings(observations={"shapes": {}, "hook": None, "compiler": "no toolchain"})

    assert answer(12, {"look": look}, phone=Phone(platform="darwin", arch="arm64")).holds is False
    assert answer(12, {"look": look}, phone=Phone(platform="linux", arch="arm64")).holds is None


def test_a_device_that_tells_of_launches_confirms_gating_and_is_let_go_of() -> None:
    class Device:
        def __init__(self) -> None:
            self.resumed: list[int] = []
            self.gating = False

        def on(self, signal: str, callback: Any) -> None:
            assert signal == "spawn-added"
            self.launched = callback

        async def enable_spawn_gating(self) -> None:
            self.gating = True

        async def disable_spawn_gating(self) -> None:
            self.gating = False

        async def resume(self, pid: int) -> None:
            self.resumed.append(pid)

    async def run() -> tuple[Any, Device]:
        device = Device()
        async with count_launches(device) as launches:
            device.launched(SimpleNamespace(pid=7))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return launches, device

    launches, device = asyncio.run(run())
    assert (launches.count, launches.ended, device.resumed, device.gating) == (1, False, [7], False)
    assert answer(14, {"gate": StepFindings(observations={"launches": 1})}).holds is True
    assert answer(14, {"gate": StepFindings(observations={"launches": 0})}).holds is False


def test_a_clock_that_cannot_be_read_any_more_goes_on_from_its_last_reading() -> None:
    class AppUnderTest:
        answers = True

        async def now_ns(self) -> int:
            if not self.answers:
                raise DeviceError("the phone was locked")
            return 100 * S

    async def run() -> tuple[int, int]:
        app: Any = AppUnderTest()
        context = StepContext(app, None, 1.0)  # type: ignore[arg-type]
        before = await context.now_ns()
        app.answers = False
        return before, await context.now_ns()

    before, after = asyncio.run(run())
    assert before == 100 * S
    assert 0 <= after - before < 60 * S


def test_a_device_that_cannot_hold_launches_says_so() -> None:
    import frida

    class Device:
        def on(self, _signal: str, _callback: Any) -> None:
            pass

        async def enable_spawn_gating(self) -> None:
            raise frida.NotSupportedError("not supported here")

    async def run() -> None:
        async with count_launches(Device()):
            pass

    with pytest.raises(DeviceError, match="not supported here"):
        asyncio.run(run())


@pytest.mark.parametrize("raw", [b"", b"{}", b"[" * 100_000, b'{"format":"x"}', b"\xff"])
def test_a_file_that_is_no_result_is_refused(raw: bytes) -> None:
    with pytest.raises(FileError):
        read_result(raw, "x")
