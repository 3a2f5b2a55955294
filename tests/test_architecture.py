"""docs/architecture.md is a map that is true: what it names exists, and its three walks pass the modules that it lists.

The walks are measured: a module is passed when one of its functions runs. Shared tools of the ground floor (arrays, wording,
time zones, errors) are not rooms of a walk, and are not counted.
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import msgspec
import pytest

import lightleak
from device.rig import Heard
from device.scripted import AGENT, Reached, at, describe
from lightleak.comparator import compare
from lightleak.device.agent_link import Link
from lightleak.device.processes import ProcessInfo
from lightleak.device.reconnect import AttachContext
from lightleak.device.recorder.attachment import Attachment
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.events import FORMAT, FORMAT_VERSION
from lightleak.trace import Writer
from standin.waiting import within

TOP = Path(__file__).parent.parent
HOST = TOP / "host" / "lightleak"
PAGE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
DEMO = HOST / "assets" / "demo"

ROOTS = (TOP, HOST, TOP / "agent" / "src", TOP / "host" / "page" / "src", HOST / "report")
BESIDE = {"device/frida_errors", "device/recorder/statistics"}
"""They run with a batch and are not on its way to the disk: errors of calls are translated, and events are counted."""

BATCH = "A batch of the agent until it is on disk"
VERDICT = "A session and a report until they are verdicts"
LINE = "A report line until it is an entry"


def test_every_path_that_the_map_names_exists() -> None:
    named = re.findall(r"`([a-z_0-9]+(?:/[a-zA-Z_0-9.]*)+|[a-z_]+\.(?:py|ts))`", PAGE)
    assert len(named) > 60
    assert [name for name in named if not any((root / name).exists() for root in ROOTS)] == []


@pytest.mark.parametrize("walk", [BATCH, VERDICT, LINE])
def test_a_walk_has_as_many_modules_as_the_page_says(walk: str) -> None:
    modules = listed(walk)
    assert len(set(modules)) == len(modules)
    assert [name for name in modules if not (HOST / f"{name}.py").exists()] == []
    said = re.search(rf"^\| {walk} \| \d+ \| (\d+) \| \d+ \|$", PAGE, re.MULTILINE)
    assert said is not None
    assert int(said[1]) == len(modules)


def test_a_batch_passes_the_modules_that_the_page_lists(tmp_path: Path) -> None:
    events = [{"kind": "stack", "at": at(1), "tid": 1, "id": 1, "frames": [{"address": "0x1"}]}]

    async def story(collect: Callable[[], None]) -> None:
        def create(header: dict[str, Any]) -> Writer:
            return Writer(tmp_path / "s.lightleak", header)

        recording = SessionRecorder(create, Heard())
        recording.begin({"kind": "header", "format": FORMAT, "version": FORMAT_VERSION, "session": recording.session})
        inbox: asyncio.Queue[Any] = asyncio.Queue()
        link = Link(None, ProcessInfo(7, "app"), inbox)  # type: ignore[arg-type]
        exports = Exports()
        link._script = SimpleNamespace(exports=exports, unload=nothing)
        way = AttachContext(Reached(), ProcessInfo(7, "app"), recording, "")  # type: ignore[arg-type]
        attachment = Attachment(way, inbox, link, describe(started=False))
        await attachment.start()
        running = asyncio.create_task(attachment.run())
        await recording.flush()
        collect()
        link._on_message(
            {"type": "send", "payload": {"type": "batch", "agent": AGENT, "first": 1}}, msgspec.json.encode(events)
        )
        async with asyncio.timeout(within(20)):
            await exports.acknowledged.wait()
        running.cancel()

    with modules_run("device/", "pipeline", "trace/") as (found, collect):
        asyncio.run(story(collect))
    assert sorted(found - BESIDE) == sorted(listed(BATCH))


def test_a_verdict_passes_the_modules_that_the_page_lists() -> None:
    def walk() -> None:
        session = lightleak.open(DEMO / "session.lightleak")
        compare([session], lightleak.read_report(DEMO / "report.ndjson")).to_json()

    walk()  # what is imported is imported now
    with modules_run("comparator/") as (found, collect):
        collect()
        walk()
    assert sorted(found) == sorted(listed(VERDICT))


def test_a_report_line_passes_the_modules_that_the_page_lists() -> None:
    def walk() -> None:
        list(lightleak.read_report(DEMO / "report.ndjson").entries)

    walk()
    with modules_run("report/") as (found, collect):
        collect()
        walk()
    assert sorted(found) == sorted(listed(LINE))


class Exports:
    """The agent's side of the calls that a running attachment makes."""

    def __init__(self) -> None:
        self.acknowledged = asyncio.Event()

    async def start(self, _options: object) -> None:
        """Install nothing."""

    async def clock(self) -> tuple[int, int, int, int]:
        return at(0)

    async def symbolicate(self, addresses: list[str]) -> list[dict[str, Any]]:
        return [{"address": name, "image": None, "uuid": None, "offset": None, "symbol": None} for name in addresses]

    async def acknowledge(self, _number: int, _place: object = None) -> None:
        self.acknowledged.set()


async def nothing() -> None:
    """Unload nothing."""


def listed(walk: str) -> list[str]:
    """Return the modules in the block under a walk's heading."""
    block = re.search(rf"^### {walk}$.*?^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert block is not None, walk
    return re.findall(r"[a-z_]+(?:/[a-z_]+)*", re.sub(r"\(.*?\)", "", block[1]))


@contextmanager
def modules_run(*rooms: str) -> Iterator[tuple[set[str], Callable[[], None]]]:
    """Give the set of modules of ``rooms`` in which a function runs, in any new thread, after the function given is called."""
    found: set[str] = set()
    collecting: list[bool] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and collecting and frame.f_code.co_filename.startswith(str(HOST)):
            name = str(Path(frame.f_code.co_filename).relative_to(HOST).with_suffix(""))
            if name.startswith(rooms) and not name.endswith("__init__"):
                found.add(name)

    sys.setprofile(note)
    threading.setprofile(note)
    try:
        yield found, lambda: collecting.append(True)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
