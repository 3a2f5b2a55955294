"""What each step does, and what of it is written down: one function a step, by name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from lightleak.device.helpers.script import attached_tool
from lightleak.device.spawn_gating import count_launches
from lightleak.errors import DeviceError
from lightleak.events import NS_PER_MS, Event
from lightleak.fieldtest.app_under_test import Lab
from lightleak.fieldtest.draft import Phone, StepFindings
from lightleak.fieldtest.operator import Person, in_the_meantime
from lightleak.fieldtest.private_classes import NAMES
from lightleak.fieldtest.steps import Step

SETTLE_S = 2.0
"""What an act causes at once: accounting is sent at background priority."""
CHANGE_S = 60.0
"""How long a change may take to reach an observer; a screenshot is saved within seconds."""
AWAKE_S = 20.0
CHANGE_TOLD_S = 5.0

Does = Callable[["Course", Step], Awaitable[StepFindings]]


@dataclass(slots=True)
class Course:
    """What the steps work with."""

    lab: Lab
    person: Person
    idle_s: float
    """Longer than an entry stays open after the last access."""
    settle_s: float = SETTLE_S
    fresh_s: float | None = None
    """When the app was started anew, by the host's monotonic clock; None where it was not."""
    phone: Phone | None = None
    _clock: tuple[int, int] = (0, 0)
    """The device's wall clock and the host's monotonic one, when the script last answered."""

    async def tasks(self, step: Step) -> list[int] | None:
        """Have the person do what the step asks; when each task ended, Unix ns of the device, or None where skipped."""
        ends = []
        for task in step.tasks:
            if not await in_the_meantime(self.person.does, step, task):
                return None
            ends.append(await self.now_ns())
        return ends

    async def now_ns(self) -> int:
        """Read the device's clock; where the script does not answer, as after a lock, carry the last reading forward."""
        try:
            now_ns = await self.lab.now_ns()
        except DeviceError:
            return self._clock[0] + time.monotonic_ns() - self._clock[1]
        self._clock = (now_ns, time.monotonic_ns())
        return now_ns

    async def quiet(self) -> None:
        """Wait until what was open is closed, so that what comes makes an entry of its own or none."""
        self.person.tells(f"waiting {self.idle_s:g} s, until the last entry is closed")
        await asyncio.sleep(self.idle_s)

    async def seen(self, began_ns: int, mark: int, **marks_ns: list[int]) -> StepFindings:
        """Write down what the recorder has seen since ``mark``, a number of events."""
        await asyncio.sleep(self.settle_s)
        events = self.lab.events[mark:]
        accounted: dict[str, int] = {}
        for event in events:
            if event.kind == "accounting" and event.get("identifier") and event.get("phase") != "end":
                accounted.setdefault(str(event["identifier"]), event.wall_ns)
        return StepFindings(
            began_ns=began_ns,
            ended_ns=await self.now_ns(),
            accounted=list(accounted.items()),
            queries_ns=[e.wall_ns for e in events if e.kind == "access" and e.depth == "metadata" and not e.internal],
            marks_ns=marks_ns,
        )


def skipped(reason: str) -> StepFindings:
    """Say why a step shows nothing."""
    return StepFindings(skipped=reason)


async def look(course: Course, _step: Step) -> StepFindings:
    """Learn which phone it is, and what the process has."""
    lab = course.lab
    description = lab.description
    who = f"{lab.process.name} (pid {lab.process.pid})"
    async with attached_tool(lab.device, lab.process.pid, who) as tool:
        app, test, shapes = await tool.app(), await tool.selftest(), await tool.shapes(NAMES)
    if app.permission not in ("authorized", "limited"):
        raise DeviceError(
            f"the app may not read photos ({app.permission or 'Photos is not loaded'})",
            hint="allow it in Settings, Privacy & Security, Photos, or take another app",
        )
    if app.recording is False:
        raise DeviceError(
            "App Privacy Report is off, so the phone notes nothing",
            hint="turn it on in Settings, Privacy & Security, App Privacy Report",
        )
    course.phone = Phone(description.model, description.os_version, description.platform, description.arch, app.frida)
    hooks = {str(event.get("probe")): event.get("status") for event in lab.events if event.kind == "hook"}
    return StepFindings(
        told={
            "shapes": msgspec.to_builtins(shapes),
            "hook": test.hook,
            "compiler": test.compiler,
            "accounting": hooks.get("accounting"),
        }
    )


async def register(course: Course, _step: Step) -> StepFindings:
    """Register an observer that does nothing, in an app that should not have touched its library yet."""
    lab = course.lab
    mark = len(lab.events)
    contact = any(_is_contact(event) for event in lab.events)
    began_ns = await course.now_ns()
    stretch = await lab.act("register")
    seen = await course.seen(began_ns, mark, acts=[_ns(stretch.began_ms)])
    seen.told["contact"] = contact or course.fresh_s is None
    seen.told["fresh_ago_s"] = None if course.fresh_s is None else time.monotonic() - course.fresh_s
    return seen


async def delivery(course: Course, step: Step) -> StepFindings:
    """Have the phone change, while an observer that does nothing is registered."""
    return await _change(course, step, details=False)


async def details(course: Course, step: Step) -> StepFindings:
    """The same, with an observer that asks what has changed in a result fetched before."""
    await course.lab.act("fetchOnce")
    return await _change(course, step, details=True)


async def _change(course: Course, step: Step, *, details: bool) -> StepFindings:
    lab = course.lab
    await lab.act("register")
    await lab.ask_for_details(on=details)
    await course.quiet()
    mark, began_ns = len(lab.events), await course.now_ns()
    before = len((await lab.heard()).deliveries)
    if await course.tasks(step) is None:
        return skipped("not done")
    for _ in range(round(CHANGE_S)):
        heard = await lab.heard()
        if len(heard.deliveries) > before:
            break
        await asyncio.sleep(min(1.0, course.settle_s))
    else:
        return skipped("no change reached the observer")
    await lab.ask_for_details(on=False)
    deliveries = [_ns(ms) for ms in heard.deliveries[before:]]
    seen = await course.seen(began_ns, mark, deliveries=deliveries, details=[_ns(ms) for ms in heard.details_ms])
    seen.told["fault"] = heard.fault
    return seen


async def query(course: Course, _step: Step) -> StepFindings:
    """Query once, when nothing is open."""
    return await _one(course, "fetch")


async def read(course: Course, _step: Step) -> StepFindings:
    """Read one image of a result that was fetched before, when nothing is open."""
    await course.lab.act("fetchOnce")
    seen = await _one(course, "read")
    if not seen.marks_ns.get("deliveries"):
        return skipped("the image was not delivered")
    return seen


async def _one(course: Course, act: str) -> StepFindings:
    await course.quiet()
    mark = len(course.lab.events)
    began_ns = await course.now_ns()
    stretch = await course.lab.act(act)
    await course.lab.until(lambda: act != "read" or _deliveries(course.lab.events[mark:]), CHANGE_S)
    return await course.seen(
        began_ns, mark, acts=[_ns(stretch.began_ms)], deliveries=_deliveries(course.lab.events[mark:])
    )


async def sleep(course: Course, step: Step) -> StepFindings:
    """Have the phone locked and unlocked, with a change in between."""
    lab = course.lab
    await lab.act("register")
    # An entry that is still open would be cut by the suspension, and its length be taken for the idle time.
    await course.quiet()
    mark, began_ns = len(lab.events), await course.now_ns()
    if await course.tasks(step) is None:
        return skipped("not done")

    def phases(phase: str) -> list[int]:
        return [e.wall_ns for e in lab.events[mark:] if e.kind == "process" and e.get("phase") == phase]

    def notified() -> list[int]:
        return [event.wall_ns for event in lab.events[mark:] if event.kind == "notification"]

    await lab.until(lambda: phases("resumed") and len(phases("resumed")) >= len(phases("suspended")), AWAKE_S)
    # What was waiting comes at most one pass of the observers later, and by the next batch.
    await lab.until(notified, CHANGE_TOLD_S)
    await asyncio.sleep(course.settle_s)
    return await course.seen(
        began_ns, mark, suspended=phases("suspended"), resumed=phases("resumed"), deliveries=notified()
    )


async def gate(course: Course, step: Step) -> StepFindings:
    """Hold launches for a moment, and count those that the device tells of."""
    if course.lab.device.type == "local":
        return skipped("on this machine every process would be held, yours too")
    try:
        async with count_launches(course.lab.device) as launches:
            if await course.tasks(step) is None:
                return skipped("not done")
            await asyncio.sleep(course.settle_s)
    except DeviceError as problem:
        return skipped(problem.message)
    return StepFindings(told={"launches": launches.count, "ended": launches.ended})


async def picker(course: Course, step: Step) -> StepFindings:
    """Have a picker cancelled, then used."""
    return await _by_hand(course, step)


async def extension(course: Course, step: Step) -> StepFindings:
    """Have a photo shared with the app's extension."""
    return await _by_hand(course, step)


async def _by_hand(course: Course, step: Step) -> StepFindings:
    mark, began_ns = len(course.lab.events), await course.now_ns()
    ends = await course.tasks(step)
    if ends is None:
        return skipped("not done")
    await asyncio.sleep(course.settle_s)
    return await course.seen(began_ns, mark, ends=ends)


DOES: dict[str, Does] = {
    "look": look,
    "register": register,
    "delivery": delivery,
    "query": query,
    "details": details,
    "read": read,
    "sleep": sleep,
    "gate": gate,
    "picker": picker,
    "extension": extension,
}


def _is_contact(event: Event) -> bool:
    return event.kind in ("observer", "accounting", "notification") or (event.kind == "access" and not event.internal)


def _deliveries(events: list[Event]) -> list[int]:
    return [event.wall_ns for event in events if event.kind == "delivery"]


def _ns(ms: float) -> int:
    return round(ms * NS_PER_MS)
