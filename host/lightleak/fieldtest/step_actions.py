"""What each step does and records: one function a step, by name.

Separate because a step is data in ``steps``, which the command line imports without Frida.
"""

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
from lightleak.fieldtest.app_under_test import AppUnderTest
from lightleak.fieldtest.draft import Phone, StepFindings
from lightleak.fieldtest.operator import Operator, in_thread
from lightleak.fieldtest.private_classes import CLASS_NAMES
from lightleak.fieldtest.steps import Step

SETTLE_S = 2.0
"""Time for the direct effects of an action: accounting is sent at background priority."""
CHANGE_S = 60.0
"""How long a change may take to reach an observer; a screenshot is saved within seconds."""
AWAKE_S = 20.0
NOTIFIED_S = 5.0

StepAction = Callable[["StepContext", Step], Awaitable[StepFindings]]


@dataclass(slots=True)
class StepContext:
    """What the steps work with."""

    app: AppUnderTest
    operator: Operator
    idle_s: float
    """Pause between two actions, longer than an entry stays open after the last access."""
    settle_s: float = SETTLE_S
    fresh_s: float | None = None
    """When the app was restarted, by the host's monotonic clock; None when it was not."""
    phone: Phone | None = None
    _clock: tuple[int, int] = (0, 0)
    """The device's wall clock and the host's monotonic clock, ns, when the script last answered."""

    async def tasks(self, step: Step) -> list[int] | None:
        """Have the step's tasks done; return when each ended, Unix ns of the device, or None when skipped."""
        ends = []
        for task in step.tasks:
            if not await in_thread(self.operator.do_task, step, task):
                return None
            ends.append(await self.now_ns())
        return ends

    async def now_ns(self) -> int:
        """Return the device's clock, Unix ns; when the script does not answer, as after a lock, the last reading carried forward."""
        try:
            now_ns = await self.app.now_ns()
        except DeviceError:
            return self._clock[0] + time.monotonic_ns() - self._clock[1]
        self._clock = (now_ns, time.monotonic_ns())
        return now_ns

    async def quiet(self) -> None:
        """Wait until every open entry is closed, so that the next action makes its own entry or none."""
        self.operator.show(f"waiting {self.idle_s:g} s, until the last entry is closed")
        await asyncio.sleep(self.idle_s)

    async def seen(self, began_ns: int, mark: int, **marks_ns: list[int]) -> StepFindings:
        """Return what the recorder has seen since event number ``mark``."""
        await asyncio.sleep(self.settle_s)
        events = self.app.events[mark:]
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
    """Return the findings of a step that was not done, and why."""
    return StepFindings(skipped=reason)


async def look(context: StepContext, _step: Step) -> StepFindings:
    """Find out which phone it is, and which classes and permissions the process has."""
    app = context.app
    description = app.description
    who = f"{app.process.name} (pid {app.process.pid})"
    async with attached_tool(app.device, app.process.pid, who) as tool:
        access, test, shapes = await tool.app(), await tool.selftest(), await tool.shapes(CLASS_NAMES)
    if access.permission not in ("authorized", "limited"):
        raise DeviceError(
            f"the app may not read photos ({access.permission or 'Photos is not loaded'})",
            hint="allow it in Settings, Privacy & Security, Photos, or use another app",
        )
    if access.recording is False:
        raise DeviceError(
            "App Privacy Report is off, so the phone logs nothing",
            hint="turn it on in Settings, Privacy & Security, App Privacy Report",
        )
    context.phone = Phone(
        description.model,
        description.os_version,
        description.platform,
        description.arch,
        access.frida,
        app.device_kind,
    )
    hooks = {str(event.get("probe")): event.get("status") for event in app.events if event.kind == "hook"}
    return StepFindings(
        observations={
            "shapes": msgspec.to_builtins(shapes),
            "hook": test.hook,
            "compiler": test.compiler,
            "accounting": hooks.get("accounting"),
        }
    )


async def register(context: StepContext, _step: Step) -> StepFindings:
    """Register an observer that does nothing, in an app that should not have opened its library yet."""
    app = context.app
    mark = len(app.events)
    contact = any(_is_contact(event) for event in app.events)
    began_ns = await context.now_ns()
    action = await app.act("register")
    seen = await context.seen(began_ns, mark, acts=[_ns(action.began_ms)])
    seen.observations["contact"] = contact or context.fresh_s is None
    seen.observations["fresh_ago_s"] = None if context.fresh_s is None else time.monotonic() - context.fresh_s
    return seen


async def delivery(context: StepContext, step: Step) -> StepFindings:
    """Have the library changed while an observer that does nothing is registered."""
    return await _change(context, step, details=False)


async def details(context: StepContext, step: Step) -> StepFindings:
    """Have the library changed while an observer asks what has changed in an earlier result."""
    await context.app.act("fetchOnce")
    return await _change(context, step, details=True)


async def _change(context: StepContext, step: Step, *, details: bool) -> StepFindings:
    app = context.app
    await app.act("register")
    await app.ask_for_details(on=details)
    await context.quiet()
    mark, began_ns = len(app.events), await context.now_ns()
    before = len((await app.observer_calls()).deliveries)
    if await context.tasks(step) is None:
        return skipped("not done")
    for _ in range(round(CHANGE_S)):
        calls = await app.observer_calls()
        if len(calls.deliveries) > before:
            break
        await asyncio.sleep(min(1.0, context.settle_s))
    else:
        return skipped("no change reached the observer")
    await app.ask_for_details(on=False)
    deliveries = [_ns(ms) for ms in calls.deliveries[before:]]
    seen = await context.seen(began_ns, mark, deliveries=deliveries, details=[_ns(ms) for ms in calls.details_ms])
    seen.observations["fault"] = calls.fault
    return seen


async def query(context: StepContext, _step: Step) -> StepFindings:
    """Query once, when no entry is open."""
    return await _act_once(context, "fetch")


async def read(context: StepContext, _step: Step) -> StepFindings:
    """Read one image of an earlier result, when no entry is open."""
    await context.app.act("fetchOnce")
    seen = await _act_once(context, "read")
    if not seen.marks_ns.get("deliveries"):
        return skipped("the image was not delivered")
    return seen


async def _act_once(context: StepContext, act: str) -> StepFindings:
    await context.quiet()
    mark = len(context.app.events)
    began_ns = await context.now_ns()
    action = await context.app.act(act)
    await context.app.until(lambda: act != "read" or _deliveries(context.app.events[mark:]), CHANGE_S)
    return await context.seen(
        began_ns, mark, acts=[_ns(action.began_ms)], deliveries=_deliveries(context.app.events[mark:])
    )


async def sleep(context: StepContext, step: Step) -> StepFindings:
    """Have the phone locked and unlocked, with a change in between."""
    app = context.app
    await app.act("register")
    # The suspension would end an entry that is still open, and its length would be taken for the idle time.
    await context.quiet()
    mark, began_ns = len(app.events), await context.now_ns()
    if await context.tasks(step) is None:
        return skipped("not done")

    def phases(phase: str) -> list[int]:
        return [e.wall_ns for e in app.events[mark:] if e.kind == "process" and e.get("phase") == phase]

    def notified() -> list[int]:
        return [event.wall_ns for event in app.events[mark:] if event.kind == "notification"]

    await app.until(lambda: phases("resumed") and len(phases("resumed")) >= len(phases("suspended")), AWAKE_S)
    # Pending notifications arrive at most one pass of the observers later, with the next batch.
    await app.until(notified, NOTIFIED_S)
    await asyncio.sleep(context.settle_s)
    return await context.seen(
        began_ns, mark, suspended=phases("suspended"), resumed=phases("resumed"), deliveries=notified()
    )


async def gate(context: StepContext, step: Step) -> StepFindings:
    """Hold launches for a moment, and count those that the device reports."""
    if context.app.device.type == "local":
        return skipped("on this machine every process would be held, also yours")
    try:
        async with count_launches(context.app.device) as launches:
            if await context.tasks(step) is None:
                return skipped("not done")
            await asyncio.sleep(context.settle_s)
    except DeviceError as problem:
        return skipped(problem.message)
    return StepFindings(observations={"launches": launches.count, "ended": launches.ended})


async def picker(context: StepContext, step: Step) -> StepFindings:
    """Have a picker cancelled, then used."""
    return await _by_hand(context, step)


async def extension(context: StepContext, step: Step) -> StepFindings:
    """Have a photo shared with the app's extension."""
    return await _by_hand(context, step)


async def _by_hand(context: StepContext, step: Step) -> StepFindings:
    mark, began_ns = len(context.app.events), await context.now_ns()
    ends = await context.tasks(step)
    if ends is None:
        return skipped("not done")
    await asyncio.sleep(context.settle_s)
    return await context.seen(began_ns, mark, ends=ends)


ACTIONS: dict[str, StepAction] = {
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
    return event.kind in ("observer", "accounting", "notification", "access") and not event.internal


def _deliveries(events: list[Event]) -> list[int]:
    return [event.wall_ns for event in events if event.kind == "delivery" and event.get("reason") is None]


def _ns(ms: float) -> int:
    return round(ms * NS_PER_MS)
