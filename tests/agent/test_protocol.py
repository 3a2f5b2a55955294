"""Agent and host speak one language: the fixtures are what the host understands and what the agent says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.watching import Watch
from lightleak.device.placed_batch import PlacedBatch
from lightleak.device.protocol import AgentBatch, Beat, Displaced, Fault, decode_description, decode_message, unplaced
from lightleak.device.recorder.event_codec import wire_clocks
from standin import Phone
from standin.attaching import attach

OPTIONAL = ("number", "internal", "absent", "code", "changed")
FIXTURES = Path(__file__).parents[1] / "data" / "protocol"


def fixture(name: str) -> dict[str, Any]:
    """Read one fixture."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "kind"), [("beat", Beat), ("final", Beat), ("fault", Fault), ("displaced", Displaced)]
)
def test_the_host_understands_every_message(name: str, kind: type) -> None:
    assert isinstance(decode_message(fixture(name)["message"]), kind)


def test_the_host_understands_every_event_of_a_batch() -> None:
    batch = fixture("batch")
    message = decode_message(batch["message"], json.dumps(batch["data"]).encode())
    assert isinstance(message, AgentBatch)
    assert all(wire_clocks(event) is not None for event in message.events)


def test_the_host_takes_placed_events_as_they_are_and_without_their_place() -> None:
    placed = fixture("placed")
    message = decode_message(placed["message"], json.dumps(placed["data"], separators=(",", ":")).encode())
    assert isinstance(message, PlacedBatch)
    lines = message.lines()
    assert lines is not None
    assert [json.loads(line) for line in lines.lines] == placed["data"][1:]
    without_place = unplaced(message)
    assert isinstance(without_place, AgentBatch)
    assert without_place.events == [e for e in fixture("batch")["data"] if e["kind"] not in ("process", "stack")]


def test_the_host_understands_the_description() -> None:
    assert decode_description(fixture("description")["answer"]).bridge


@pytest.mark.standin
def test_the_agent_says_what_the_fixtures_say_key_by_key(phone: Phone) -> None:
    shapes = {event["kind"]: list(event) for event in fixture("batch")["data"]}
    app = phone.launch("refetch", wait=True)
    with Watch(app) as watch:
        assert list(watch.call("describe")) == list(fixture("description")["answer"])
        app.go()
        app.order("data")
        app.touch()
        phone.new_photo()
        watch.until(
            lambda: (
                {"input", "usage", "delivery", "notification", "accounting", "return"}
                <= {e["kind"] for e in watch.events}
            )
        )
        for event in watch.events:
            assert [key for key in event if key not in OPTIONAL] == shapes[event["kind"]]
        beats = watch.until(lambda: watch.beats)
        assert list(beats[0]) == list(fixture("beat")["message"])


@pytest.mark.standin
def test_numbers_have_no_holes_and_a_resend_is_the_same_again(phone: Phone) -> None:
    app = phone.launch("refetch")
    with Watch(app) as watch:
        app.order("data", count=5)
        watch.until(lambda: len(watch.of("delivery")) == 5)
        first = {event["number"]: event for event in watch.events}
        assert sorted(first) == list(range(1, len(first) + 1))
        watch.events.clear()
        watch.call("resend", 3)
        watch.call("flush")
        again = {event["number"]: event for event in watch.events}
        assert set(again) >= {number for number in first if number >= 3}
        assert all(again[number] == first[number] for number in again if number in first)


@pytest.mark.standin
@pytest.mark.parametrize("options", [{"colour": "red"}, {"set": "all"}, {"salt": "zz"}, {"bound": -1}])
def test_options_that_are_not_understood_are_refused_with_a_sentence(phone: Phone, options: dict[str, Any]) -> None:
    import frida

    app = phone.launch("quicksend")
    watch = Watch(app)
    watch.session = attach(app.pid)
    watch.load()
    with pytest.raises(frida.core.RPCException, match=next(iter(options))):
        watch.call("start", options)
    watch.end()


@pytest.mark.standin
def test_a_survey_installs_nothing_and_says_why_not(phone: Phone) -> None:

    app = phone.launch("quicksend")
    watch = Watch(app)
    watch.session = attach(app.pid)
    watch.load()
    rows = {row["symbol"]: row for row in watch.call("probe", {"set": "app"})}
    assert rows["-[PHQuery executeQuery]"]["status"] == "would install"
    missing = rows["-[UIImagePickerController setDelegate:]"]
    assert missing["status"] == "skipped"
    assert "no class" in missing["reason"]
    assert not watch.events
    watch.end()
