"""The order of a bisection: the controls, all probes, then halves, then what was found on its own, and the rest.

The controls tell an app that ends by itself, and one that ends however little is hooked, from one that does not bear a hook.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from lightleak.device.agent_bundle import agent_source
from lightleak.device.bisect.result import BisectResult, GuiltySet
from lightleak.device.bisect.runs import AppRun, AppRuns
from lightleak.device.bisect.search import smallest_set
from lightleak.device.connection import DeviceConnection
from lightleak.device.endings import Endings
from lightleak.device.probe_choice import grouped_probes, shortest_words
from lightleak.device.recorder.sink import Notes
from lightleak.device.stop_signals import signals_set
from lightleak.device.targets import DeviceChoice, Target
from lightleak.errors import DeviceError
from lightleak.wording import plural

ALONE_TIMES = 3
"""How much longer the app is watched without being attached to."""


@dataclass(frozen=True, slots=True)
class BisectPlan:
    """What the user asked for."""

    left_out: tuple[str, ...] = ()
    """Probes that are not tried."""
    window_s: float = 10.0
    """How long each run is watched."""
    repeat: int = 3
    """Runs before a set counts as borne, and of each control."""
    wait_s: float = 300.0
    """How long the person has to start the app again."""


class _Decided(Exception):  # noqa: N818  not an error
    """The outcome is known."""


async def bisect(
    choice: DeviceChoice, connection: DeviceConnection, target: Target, plan: BisectPlan, notes: Notes
) -> BisectResult:
    """Find which probes the app does not bear; Ctrl-C, a lost device and an app that stays away end it with what was found.

    Raises: DeviceError when the app cannot be found at the beginning.
    """
    groups = {name: group for name, group in grouped_probes().items() if name not in plan.left_out}
    runs = AppRuns(
        connection, target, agent_source(), notes, names=grouped_probes(), window_s=plan.window_s, wait_s=plan.wait_s
    )
    await runs.find()
    result = BisectResult(
        str(runs.target),
        plan.window_s,
        plan.repeat,
        tuple(sorted(groups)),
        not_tried=plan.left_out,
        device_words=choice.words,
    )
    stop = asyncio.Event()
    with signals_set(stop):
        task = asyncio.create_task(_Bisection(runs, groups, result, notes).run())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            result.problem, result.stopped = "it was stopped", True
            # A run that is cancelled takes its hooks out before it ends.
            task.cancel()
        stopped.cancel()
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        except DeviceError as problem:
            result.problem, result.hint = problem.message, problem.hint
        result.between = runs.between
    return result


class _Bisection:
    """One search."""

    def __init__(self, runs: AppRuns, groups: dict[str, str], result: BisectResult, notes: Notes) -> None:
        self._runs = runs
        self._groups = groups
        self._result = result
        self._notes = notes
        self._alone_is_fresh = False

    async def run(self) -> None:
        """Decide the outcome. Raises: DeviceError."""
        with contextlib.suppress(_Decided):
            await self._controls()
            await self._search()

    async def _controls(self) -> None:
        result, repeat = self._result, self._result.repeat
        # One of them is kept for the first time that the app was started again: many apps end at their start only.
        for _ in range(max(1, repeat - 1)):
            await self._alone()
        while result.alone.ended and result.alone.runs < repeat:
            await self._alone()
        self._end_if_alone()
        for _ in range(repeat):
            await self._note(await self._runs.attached())
        self._end_if_alone()
        if result.attached.ended:
            result.outcome = "ends-attached"
            raise _Decided

    async def _search(self) -> None:
        result, left = self._result, tuple(self._groups)
        while await self._ends(frozenset(left)):
            guilty = await smallest_set(left, self._groups, self._ends)
            endings = await self._all_runs(guilty)
            if not endings.ended:
                result.outcome = "not-repeated"
                raise _Decided
            result.guilty.append(GuiltySet(guilty, endings))
            self._notes.info(f"it ends with {', '.join(shortest_words(guilty))}; now all others")
            left = tuple(name for name in left if name not in guilty)
            if not left:
                break
        if left and result.guilty:
            result.rest = result.endings("hooked", left)
        result.outcome = "found" if result.guilty else "stays"

    async def _ends(self, probes: frozenset[str]) -> bool:
        """Return whether the app ended in one of the runs with these probes; it counts as borne after ``repeat`` runs."""
        while not (seen := self._result.endings("hooked", sorted(probes))).ended and seen.runs < self._result.repeat:
            await self._hooked(probes)
        return seen.ended > 0

    async def _all_runs(self, probes: Sequence[str]) -> Endings:
        """Make the runs with these probes complete, however they end."""
        while (seen := self._result.endings("hooked", probes)).runs < self._result.repeat:
            await self._hooked(frozenset(probes))
        return seen

    async def _hooked(self, probes: frozenset[str]) -> None:
        await self._note(await self._runs.hooked(probes))

    async def _alone(self) -> None:
        run = await self._runs.alone(self._result.window_s * ALONE_TIMES)
        self._alone_is_fresh |= run.fresh
        await self._note(run)

    async def _note(self, run: AppRun) -> None:
        self._result.runs.append(run)
        self._notes.info(f"run {len(self._result.runs)}, {_what(run)}: {_how(run)}")
        if run.ended and run.kind != "alone" and not self._alone_is_fresh:
            await self._alone()
            self._end_if_alone()

    def _end_if_alone(self) -> None:
        if self._result.alone.ended:
            self._result.outcome = "ends-alone"
            raise _Decided


def _what(run: AppRun) -> str:
    match run.kind:
        case "alone":
            return "not attached to"
        case "attached":
            return "attached to, nothing hooked"
    words = shortest_words(run.probes)
    named = ", ".join(words[:3]) + (", …" if len(words) > 3 else "")
    return f"{plural(len(run.probes), 'probe')} ({named})"


def _how(run: AppRun) -> str:
    if not run.ended:
        return f"it stayed for {run.after_s:.1f} s"
    return f"it ended after {run.after_s:.1f} s" + (f" ({run.reason})" if run.reason else "")
