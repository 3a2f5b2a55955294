"""Run a field test: step by step, each saved when it is done, then the report, then the answers.

Separate because the command line asks and prints; this is the order of a test, which needs Frida.
"""

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
from lightleak.fieldtest.app_under_test import record_app
from lightleak.fieldtest.draft import Draft, read_draft, write_draft
from lightleak.fieldtest.evaluate import evaluate
from lightleak.fieldtest.operator import Operator, in_thread
from lightleak.fieldtest.report_rows import ReportRows, app_rows
from lightleak.fieldtest.step_actions import ACTIONS, SETTLE_S, StepContext, skipped
from lightleak.fieldtest.steps import STEPS, Step
from lightleak.report import read_report


@dataclass(frozen=True, slots=True)
class FieldTestPlan:
    """What the user asked for."""

    device: DeviceChoice
    target: Target
    output: Path
    idle_s: float = FIELD_IDLE_S
    settle_s: float = SETTLE_S
    skip: frozenset[str] = frozenset()
    """Steps to leave out."""
    store: str | None = None
    """Fetch the report from this folder of the device, as root; None: the operator exports it."""


def run_field_test(plan: FieldTestPlan, operator: Operator, notes: Notes) -> tuple[Draft, list[Answer]]:
    """Run the steps that are left, and evaluate all. Raises: LightleakError; the draft then keeps the finished steps."""
    if isinstance(plan.target, SpawnFile | Await):
        raise UsageError("a field test needs a running app", hint="open the app, and name it or its pid")
    draft = read_draft(plan.output) or Draft()
    draft.idle_s = plan.idle_s
    if left := [step for step in STEPS if step.name in ACTIONS and step.name not in draft.steps]:
        asyncio.run(_run_steps(plan, draft, left, operator, notes))
    return draft, evaluate(draft, _rows(plan, draft, operator))


async def _run_steps(plan: FieldTestPlan, draft: Draft, left: list[Step], operator: Operator, notes: Notes) -> None:
    fresh_s = await _start_fresh(plan, left, operator)
    async with record_app(plan.device, plan.target, notes) as app:
        identifier = app.description.identifier or app.process.name
        if draft.target not in ("", identifier):
            raise UsageError(
                f"this field test was started with {draft.target}", hint="name that app, or another file with -o"
            )
        draft.target = identifier
        context = StepContext(app, operator, plan.idle_s, plan.settle_s, fresh_s=fresh_s)
        for step in left:
            operator.start_step(step, STEPS.index(step) + 1, len(STEPS))
            await _run_step(plan, draft, context, step)
        await context.quiet()


async def _start_fresh(plan: FieldTestPlan, left: list[Step], operator: Operator) -> float | None:
    """Have the app restarted when a step needs a fresh one; return the host's monotonic time of that, s, or None."""
    fresh = STEPS[0]
    if "register" in plan.skip or all(step.name != "register" for step in left):
        return None
    operator.start_step(fresh, 1, len(STEPS))
    for task in fresh.tasks:
        await in_thread(operator.do_task, fresh, task)
    return time.monotonic()


async def _run_step(plan: FieldTestPlan, draft: Draft, context: StepContext, step: Step) -> None:
    seen = skipped("not wanted") if step.name in plan.skip else await ACTIONS[step.name](context, step)
    draft.steps[step.name] = seen
    draft.phone = context.phone or draft.phone
    write_draft(plan.output, draft)
    if seen.skipped:
        context.operator.show(f"skipped: {seen.skipped}")


def _rows(plan: FieldTestPlan, draft: Draft, operator: Operator) -> ReportRows | None:
    operator.start_step(STEPS[-1], len(STEPS), len(STEPS))
    if plan.store is not None:
        with tempfile.TemporaryDirectory() as folder:
            try:
                pull_store(plan.device, plan.store, Path(folder), operator.show)
                return app_rows(read_report(folder), draft.target, plan.idle_s)
            except LightleakError as problem:
                operator.show(f"the store was not read: {problem}")
    paths = operator.get_report()
    return app_rows(read_report(*paths), draft.target, plan.idle_s) if paths else None
