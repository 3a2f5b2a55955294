"""What differs between architectures in how code is called: registers, the stack, stubs, bits of a pointer that are no address."""

from __future__ import annotations

from typing import Any

import pytest

from agent.test_hardcases import assert_agreement
from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin


def test_functions_whose_code_is_hooked_get_every_argument_and_give_every_result(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        assert app.order("case", name="wide-check")["failed"] == []
        app.order("case", name="wide")
        phone.new_photo()
        answer: Any = watch.until(lambda: (given := app.order("case", name="wide-check"))["hooked"] == 5 and given)
        assert answer["failed"] == []
        assert not watch.of("hook", code="escape")
        assert not watch.faults
    assert app.order("case", name="wide-check")["failed"] == []


def test_a_message_through_a_stub_comes_from_the_function_that_sends_it(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="stub")
        assert_agreement(phone, app, watch)
        [read] = watch.of("access")
        [stack] = [one for one in watch.of("stack") if one["id"] == read["stack"]]
        named = watch.call("symbolicate", [frame["address"] for frame in stack["frames"]])
        assert named[0]["symbol"].split("+")[0] == "call_through_stub"
        assert read["caller"] == {key: stack["frames"][0][key] for key in ("image", "offset")}


def test_a_block_whose_code_pointer_has_other_bits_has_its_cause(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="marked-block")
        phone.new_photo()
        [read] = watch.until(lambda: watch.of("access"))
        [told] = watch.of("notification")
        assert read["cause"] == told["number"]
        assert not watch.of("hook", code="escape")
        assert not watch.faults


def test_a_handler_whose_code_pointer_has_other_bits_is_followed(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="marked-handler")
        assert_agreement(phone, app, watch)
        assert [event.get("reason") for event in watch.of("delivery")] == [None] * 4


@pytest.mark.parametrize(("width", "height"), [(100, 600), (600, 100), (100, 50)])
def test_a_size_is_two_numbers_in_two_registers(phone: Phone, width: int, height: int) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="size", width=width, height=height)
        assert_agreement(phone, app, watch)
        [read] = [event for event in watch.of("access") if event["depth"] != "metadata"]
        assert {name: read["detail"][name] for name in ("width", "height")} == {"width": width, "height": height}
