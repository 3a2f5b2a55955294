"""Run all checks in their order; one that cannot be run says why.

Separate because it alone talks to the device; the checks are pure functions of what it found.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import frida

from lightleak.device.agent_bundle import agent_source
from lightleak.device.bisect.bisection import BisectPlan, bisect
from lightleak.device.bisect.result import BisectResult, Outcome
from lightleak.device.clocks import measure_offset
from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.doctor.checks_app import check_bridge, check_permission, check_recording, check_selftest
from lightleak.device.doctor.checks_connection import check_troubles, name_of, reached, unreached
from lightleak.device.doctor.checks_host import check_agent, check_host_disk, check_host_frida
from lightleak.device.doctor.checks_server import (
    MARKERS,
    check_clock,
    check_device_disk,
    check_device_frida,
    check_jailbreak,
    check_root,
)
from lightleak.device.doctor.finding import Examination, Finding, Status, unknown
from lightleak.device.doctor.known_issues import Jailbreak
from lightleak.device.endings import bisect_command
from lightleak.device.helpers.script import Tool, attached_tool, tool_in_frida_server
from lightleak.device.known_troubles import Circumstances
from lightleak.device.processes import ProcessInfo, find_process
from lightleak.device.queries import query_hooks
from lightleak.device.reconnect import GONE_CHECKS, is_gone
from lightleak.device.recorder.sink import Notes
from lightleak.device.system import DeviceSystem
from lightleak.device.targets import Await, DeviceChoice, SpawnFile, Target
from lightleak.errors import DeviceError, HarmError, UsageError
from lightleak.events import NS_PER_MS

CHECKS = (
    "host-frida", "agent", "host-disk", "reach", "token", "certificate", "known-troubles", "device-frida", "jailbreak", "root",
    "clock", "device-disk", "process", "bridge", "hooks", "compiler", "permission", "recording",
)  # fmt: skip
_PHONE_FOLDER = "/var/mobile"
LINGER_S = 5.0
"""How long the app is looked at, from the attachment on: many that look for Frida end after 1 to 4 s."""
_LOOK_S = 0.25
_NO_TARGET = "no app was named"
_BISECTED = "not checked with --bisect, which attaches to the app in its own way"
_STATUS: dict[Outcome, Status] = {
    "stays": "ok",
    "found": "warning",
    "not-repeated": "warning",
    "not-finished": "problem",
    "ends-alone": "problem",
    "ends-attached": "problem",
}
_NAME_ONE = "lightleak doctor TARGET, with a running app"


@dataclass(frozen=True, slots=True)
class Bisect:
    """Which probes the app does not bear is asked too: in the place of the other checks of the app."""

    plan: BisectPlan
    notes: Notes


def examine(choice: DeviceChoice, target: Target | None, folder: Path, bisecting: Bisect | None = None) -> Examination:
    """Check everything from this machine to the app; ``folder`` is where recordings would go. Raises: UsageError."""
    if bisecting is not None and target is None:
        raise UsageError("--bisect needs a target", hint="name the app that ends; lightleak apps lists them")
    if isinstance(target, SpawnFile | Await):
        raise UsageError("the doctor needs a running target", hint="start the app, and name it or its pid")
    return asyncio.run(_Examiner(choice, target, folder, bisecting).examine())


class _Examiner:
    """One run of the doctor."""

    def __init__(
        self, choice: DeviceChoice, target: Target | None, folder: Path, bisecting: Bisect | None = None
    ) -> None:
        self._choice = choice
        self._target = target
        self._bisecting = bisecting
        self._bisected: BisectResult | None = None
        self._folder = folder
        self._connection = DeviceConnection(choice)
        self._findings: dict[str, Finding] = {}
        self._name = name_of(choice)
        self._jailbreak: Jailbreak = "unknown"

    async def examine(self) -> Examination:
        self._note(check_host_frida(), check_agent(), check_host_disk(self._folder))
        reason, remedy = "the device could not be asked", ""
        try:
            device = await self._connection.device()
        except HarmError:
            self._note(*reached(self._choice, None), check_troubles(self._circumstances(self._connection.system)))
            reason, remedy = "not asked: the phone might panic", "--i-know"
        except DeviceError as problem:
            self._note(*unreached(self._choice, problem))
            troubles = check_troubles(self._circumstances(DeviceSystem()))
            if troubles.status != "ok":
                self._note(troubles)
        else:
            self._note(*reached(self._choice, device))
            self._name = str(device.name)
            usb = device.type == "usb"
            self._note(check_troubles(Circumstances(self._connection.system, usb=usb), warned=self._choice.i_know))
            await self._ask_device(device)
            reason, remedy = (_NO_TARGET, _NAME_ONE) if self._target is None else ("the process could not be asked", "")
            if self._target is not None and self._bisecting is not None:
                await self._bisect(self._target, self._bisecting)
                reason = _BISECTED
            elif self._target is not None:
                await self._ask_target(device, self._target)
        finally:
            await self._connection.close()
        findings = tuple(self._findings.get(check) or unknown(check, reason, remedy) for check in CHECKS)
        target = None if self._target is None else str(self._target)
        return Examination(self._name, target, findings, self._bisected)

    def _circumstances(self, system: DeviceSystem) -> Circumstances:
        return Circumstances(system, usb=self._choice.kind == "usb")

    @property
    def _ios(self) -> str | None:
        system = self._connection.system
        return system.version if system.is_phone else None

    def _note(self, *findings: Finding) -> None:
        for finding in findings:
            self._findings[finding.check] = finding

    async def _ask_device(self, device: Device) -> None:
        access = self._connection.system.access
        try:
            async with tool_in_frida_server(device) as tool:
                environment = await tool.environment(MARKERS, _PHONE_FOLDER if device.type != "local" else "/")
                finding, self._jailbreak = check_jailbreak(environment, access)
                self._note(finding, check_root(environment), check_device_disk(environment))
                self._note(check_device_frida(environment.frida, self._jailbreak, self._ios))
                await self._ask_clock(tool)
        except DeviceError as problem:
            # A portal has no such process, and that of Gadget is the app itself.
            portal = isinstance(problem.__cause__, frida.ProcessNotFoundError)
            reason = "the server has none" if portal else problem.message.rpartition(": ")[2]
            why = f"only Frida's own process on the device can answer this, and it cannot be asked: {reason}"
            self._note(*(unknown(check, why) for check in ("jailbreak", "root", "device-disk")))

    async def _ask_clock(self, tool: Tool) -> None:
        async def read() -> tuple[int, int]:
            return round(await tool.clock_ms() * NS_PER_MS), 0

        self._note(check_clock(await measure_offset(read)))

    async def _bisect(self, target: Target, asked: Bisect) -> None:
        try:
            result = await bisect(self._choice, self._connection, target, asked.plan, asked.notes)
        except DeviceError as problem:
            self._note(Finding("process", "problem", problem.message, "there is nothing to try", problem.hint))
            return
        self._bisected = result
        status = "unknown" if result.stopped and result.outcome == "not-finished" else _STATUS[result.outcome]
        self._note(Finding("process", status, result.found(), result.why(), result.remedy()))

    async def _ask_target(self, device: Device, target: Target) -> None:
        since_s = time.monotonic()
        process: ProcessInfo | None = None
        try:
            process = await find_process(device, target)  # type: ignore[arg-type]  # examine() refuses targets that do not run
            async with attached_tool(device, process.pid, f"{process.name} (pid {process.pid})") as tool:
                look = await tool.app()
                self._note(Finding("process", "ok", f"{process.name} runs, pid {process.pid}"))
                self._note(*check_selftest(await tool.selftest()))
                self._note(check_permission(look), check_recording(look))
                if "device-frida" not in self._findings:
                    self._note(check_device_frida(look.frida, self._jailbreak, self._ios))
                await self._ask_clock(tool)
            description, probes = await query_hooks(device, process, agent_source())
            self._note(check_bridge(description.bridge, probes))
            await self._look_for_end(device, process, since_s)
        except DeviceError as problem:
            if process is not None and await self._has_ended(device, process, since_s):
                return
            check = "bridge" if "process" in self._findings else "process"
            self._note(Finding(check, "problem", problem.message, "it cannot be recorded as it is", problem.hint))

    async def _look_for_end(self, device: Device, process: ProcessInfo, since_s: float) -> None:
        """Give an app that does not bear being attached to the time to end."""
        while time.monotonic() - since_s < LINGER_S:
            if await self._has_ended(device, process, since_s):
                return
            await asyncio.sleep(_LOOK_S)

    async def _has_ended(self, device: Device, process: ProcessInfo, since_s: float) -> bool:
        """Return whether the app has ended, and note it. Once shows nothing of why."""
        try:
            for last in reversed(range(GONE_CHECKS)):
                if not await is_gone(device, process.pid):
                    return False
                await asyncio.sleep(_LOOK_S * last)
        except DeviceError:
            return False
        self._note(
            Finding(
                "process",
                "problem",
                f"{process.name} ended {time.monotonic() - since_s:.1f} s after it was attached to (1 of 1 time)",
                "whether it also ends without is not known from one run; it may look for Frida, or not bear a hook",
                bisect_command(process.identifier or process.name),
            )
        )
        return True
