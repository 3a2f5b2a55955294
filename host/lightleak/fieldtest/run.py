"""Run a field test: step by step, each written down when it is done, then the report, then the answers."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from lightleak.defaults import FIELD_IDLE_S
from lightleak.device.helpers.store_fetch import pull_store
from lightleak.device.recorder.sink import Notes
from lightleak.device.targets import Await, DeviceChoice, SpawnFile, Target
from lightleak.errors import LightleakError, UsageError
from lightleak.fieldtest.answers import Answer
from lightleak.fieldtest.app_under_test import laboratory
from lightleak.fieldtest.draft import Draft, read_draft, write_draft
from lightleak.fieldtest.evaluate import judge
from lightleak.fieldtest.operator import Person, in_the_meantime
from lightleak.fieldtest.report_rows import ReportRows, rows_of
from lightleak.fieldtest.step_actions import DOES, SETTLE_S, Course, skipped
from lightleak.fieldtest.steps import STEPS, Step
from lightleak.report import read_report


@dataclass(frozen=True, slots=True)
class Plan:
    """What the person asked for."""

    device: DeviceChoice
    target: Target
    output: Path
    idle_s: float = FIELD_IDLE_S
    settle_s: float = SETTLE_S
    skip: frozenset[str] = frozenset()
    """Steps that are not wanted."""
    store: str | None = None
    """Fetch the report from this folder of the device, as root."""


def run_field_test(plan: Plan, person: Person, notes: Notes) -> tuple[Draft, list[Answer]]:
    """Run what has not been run yet, and judge. Raises: LightleakError; the draft then keeps what was done."""
    if isinstance(plan.target, SpawnFile | Await):
        raise UsageError("a field test needs an app that runs", hint="open the app, and name it or its pid")
    draft = read_draft(plan.output) or Draft()
    draft.idle_s = plan.idle_s
    if left := [step for step in STEPS if step.name in DOES and step.name not in draft.steps]:
        asyncio.run(_walk(plan, draft, left, person, notes))
    return draft, judge(draft, _rows(plan, draft, person))


async def _walk(plan: Plan, draft: Draft, left: list[Step], person: Person, notes: Notes) -> None:
    fresh_s = await _start_fresh(plan, left, person)
    async with laboratory(plan.device, plan.target, notes) as lab:
        identifier = lab.description.identifier or lab.process.name
        if draft.target not in ("", identifier):
            raise UsageError(
                f"this field test was begun with {draft.target}", hint="name that app, or another file with -o"
            )
        draft.target = identifier
        course = Course(lab, person, plan.idle_s, plan.settle_s, fresh_s=fresh_s)
        for step in left:
            person.begins(step, STEPS.index(step) + 1, len(STEPS))
            await _make(plan, draft, course, step)
        await course.quiet()


async def _start_fresh(plan: Plan, left: list[Step], person: Person) -> float | None:
    """Have the app started anew where the next step needs one that has done nothing yet; when that was, host monotonic."""
    fresh = STEPS[0]
    if "register" in plan.skip or all(step.name != "register" for step in left):
        return None
    person.begins(fresh, 1, len(STEPS))
    for task in fresh.tasks:
        await in_the_meantime(person.does, fresh, task)
    return time.monotonic()


async def _make(plan: Plan, draft: Draft, course: Course, step: Step) -> None:
    seen = skipped("not wanted") if step.name in plan.skip else await DOES[step.name](course, step)
    draft.steps[step.name] = seen
    draft.phone = course.phone or draft.phone
    write_draft(plan.output, draft)
    if seen.skipped:
        course.person.tells(f"skipped: {seen.skipped}")


def _rows(plan: Plan, draft: Draft, person: Person) -> ReportRows | None:
    person.begins(STEPS[-1], len(STEPS), len(STEPS))
    if plan.store is not None:
        with tempfile.TemporaryDirectory() as folder:
            try:
                pull_store(plan.device, plan.store, Path(folder), person.tells)
                return rows_of(read_report(folder), draft.target, plan.idle_s)
            except LightleakError as problem:
                person.tells(f"the store was not read: {problem}")
    paths = person.brings_report()
    return rows_of(read_report(*paths), draft.target, plan.idle_s) if paths else None
