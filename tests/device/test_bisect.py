"""``doctor APP --bisect`` on apps of the stand-in phone that end for a reason that the test chose."""

from __future__ import annotations

import asyncio
import itertools
import signal
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from agent.watching import Watch
from lightleak.device.bisect import runs
from lightleak.device.bisect.bisection import BisectPlan
from lightleak.device.bisect.result import BisectResult
from lightleak.device.bisect.search import smallest_set
from lightleak.device.doctor import Bisect, Examination, examine
from lightleak.device.probe_choice import grouped_probes, left_out_probes, probe_names, shortest_words
from lightleak.device.processes import ProcessInfo, list_processes
from lightleak.device.targets import DeviceChoice, Pid
from lightleak.errors import DeviceError, UsageError
from standin import App, Phone

FETCH = "+[PHAsset fetchAssetsWithMediaType:options:]"
IMAGE = "-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]"
FETCH_PROBE, IMAGE_PROBE = "asset.fetch-assets-with-media-type", "image-manager.request-image-for-asset"
FEW = ("asset.fetch-assets-*", "image-manager.*")
"""So many probes that there are halves of halves, and so few that a test is short."""


class Person:
    """Starts the app again whenever that is asked for; ``leaves`` yields for each launch why it will end, or None."""

    def __init__(self, phone: Phone, leaves: Callable[[], str | None]) -> None:
        self.phone = phone
        self.said: list[str] = []
        self.asked = 0
        self.apps: list[App] = []
        self.threads: list[threading.Thread] = []
        self.most = 10**6
        """How often the person does it."""
        self._leaves = leaves
        self.launch()

    def launch(self) -> App:
        leaves = self._leaves()
        self.apps.append(self.phone.launch("leaver", **({} if leaves is None else {"STANDIN_LEAVES": leaves})))
        return self.apps[-1]

    def info(self, text: str) -> None:
        self.said.append(text)
        if "start it again" in text:
            self.asked += 1
            if self.asked <= self.most:
                self.threads.append(threading.Thread(target=self.launch))
                self.threads[-1].start()

    def warning(self, text: str) -> None:
        self.said.append(f"warning: {text}")


@pytest.fixture
def only_ours(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of this machine run apps of the same name: show those of this phone only."""

    async def listed(device: Any) -> list[ProcessInfo]:
        ours = {app.pid for app in phone.apps if app.process.poll() is None}
        return [process for process in await list_processes(device) if process.pid in ours]

    monkeypatch.setattr(runs, "list_processes", listed)


def plan(only: Collection[str] = FEW, **more: Any) -> BisectPlan:
    return BisectPlan(**{"left_out": left_out_probes(only, []), "window_s": 1.5, "repeat": 1, "wait_s": 20.0} | more)


def doctor(person: Person, asked: BisectPlan | None = None) -> tuple[Examination, BisectResult]:
    found = examine(DeviceChoice(), Pid(person.apps[0].pid), Path(), Bisect(asked or plan(), person))
    for thread in person.threads:
        thread.join()
    assert found.bisect is not None, found.of("process")
    return found, found.bisect


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_an_app_that_stays_bears_all_probes_and_keeps_running_without_hooks(phone: Phone) -> None:
    person = Person(phone, lambda: None)

    examination, result = doctor(person, plan(["*"], repeat=2))

    assert (result.outcome, person.asked) == ("stays", 0)
    assert [run.kind for run in result.runs] == ["alone", "attached", "attached", "hooked", "hooked"]
    assert examination.of("process").status == "ok"
    assert "ended 0 of 2 times" in examination.of("process").found
    assert examination.of("bridge").status == "unknown"
    assert result.command == "lightleak record leaver"
    assert person.apps[0].process.poll() is None


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_the_one_probe_that_an_app_does_not_bear_is_found_with_the_command_to_record_without_it(phone: Phone) -> None:
    person = Person(phone, lambda: f"code:0.2:{FETCH}")

    examination, result = doctor(person)

    finding = examination.of("process")
    assert (result.outcome, [guilty.probes for guilty in result.guilty]) == ("found", [(FETCH_PROBE,)])
    assert (
        result.command
        == f"lightleak record leaver --without {','.join(shortest_words([*plan().left_out, FETCH_PROBE]))}"
    )
    assert result.rest is not None
    assert (result.rest.ended, result.attached.ended, result.alone.ended) == (0, 0, 0)
    assert result.alone.runs == 2, "one more after it was started again"
    assert any(run.kind == "alone" and run.fresh for run in result.runs)
    assert finding.status == "warning"
    assert FETCH_PROBE in finding.found
    assert "can differ by chance" in finding.why
    assert person.asked == sum(run.ended for run in result.runs)


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_two_probes_that_are_guilty_only_together_are_found_as_a_set(phone: Phone) -> None:
    person = Person(phone, lambda: f"code:0.2:{FETCH}|{IMAGE}")

    examination, result = doctor(person)

    assert [guilty.probes for guilty in result.guilty] == [(FETCH_PROBE, IMAGE_PROBE)]
    assert "leaving out one of them may be enough" in examination.of("process").why
    assert "together" in examination.of("process").found


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_two_probes_of_which_each_is_guilty_are_found_one_after_the_other(phone: Phone) -> None:
    person = Person(phone, lambda: f"any:0.2:{FETCH}|{IMAGE}")

    _, result = doctor(person, plan([FETCH_PROBE, IMAGE_PROBE, "handoffs", "inputs"]))

    assert sorted(guilty.probes for guilty in result.guilty) == [(FETCH_PROBE,), (IMAGE_PROBE,)]
    assert result.rest is not None
    assert (result.rest.ended, result.rest.runs) == (0, 1)


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
@pytest.mark.parametrize("seconds", ["0", "1"])
def test_an_app_that_looks_for_frida_ends_with_no_hook_at_all_and_no_halves_are_tried(
    phone: Phone, seconds: str
) -> None:
    person = Person(phone, lambda: f"frida:{seconds}")

    examination, result = doctor(person, plan(repeat=2, window_s=3.0))

    finding = examination.of("process")
    assert (result.outcome, result.command) == ("ends-attached", None)
    assert {run.kind for run in result.runs} == {"alone", "attached"}
    assert (result.attached.ended, result.attached.runs, result.alone.ended) == (2, 2, 0)
    assert finding.status == "problem"
    assert "2 of 2 times" in finding.found
    assert "0 of 2 times" in finding.found


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_an_app_that_ends_by_itself_is_not_held_against_the_hooks(phone: Phone) -> None:
    person = Person(phone, lambda: "alone:1.5")

    examination, result = doctor(person, plan(repeat=2))

    assert result.outcome == "ends-alone"
    assert {run.kind for run in result.runs} == {"alone"}
    assert (result.alone.ended, result.alone.runs) == (2, 2)
    assert examination.of("process").status == "problem"


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_an_app_that_ends_shortly_after_its_start_is_found_by_the_control_after_it_was_started_again(
    phone: Phone,
) -> None:
    """The first process is old when it is attached to; later ones are not: without this the hooks would look guilty."""
    launches = itertools.chain([f"code:0.2:{FETCH}"], itertools.repeat("alone:1"))
    person = Person(phone, lambda: next(launches))

    _, result = doctor(person)

    assert result.outcome == "ends-alone"
    assert [run.kind for run in result.runs] == ["alone", "attached", "hooked", "alone"]


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_an_app_that_does_not_end_each_time_is_said_to_be_so(phone: Phone) -> None:
    """Its third process bears everything, so that no half seems to be guilty: a set is found, and it is too large."""
    launches = itertools.chain([f"code:0.2:{FETCH}"] * 2, itertools.repeat(None))
    person = Person(phone, lambda: next(launches))

    examination, result = doctor(person, plan([FETCH_PROBE, IMAGE_PROBE, "handoffs"], repeat=2))

    assert (result.outcome, result.mixed) == ("found", True)
    [guilty] = result.guilty
    assert FETCH_PROBE in guilty.probes
    assert (guilty.endings.ended, guilty.endings.runs) == (1, 2)
    assert "does not end each time" in examination.of("process").why


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_an_app_that_is_not_started_again_ends_the_search_with_what_was_found(phone: Phone) -> None:
    person = Person(phone, lambda: f"code:0.2:{FETCH}")
    person.most = 1

    examination, result = doctor(person, plan(wait_s=2.0))

    finding = examination.of("process")
    assert (result.outcome, finding.status) == ("not-finished", "problem")
    assert result.problem is not None
    assert "was not started again within 2 s" in result.problem
    assert result.problem in finding.found
    assert FETCH_PROBE in result.narrowed
    assert result.command is not None
    assert result.command.startswith("lightleak doctor leaver --bisect --only ")
    assert "ended 0 of 2 times" in finding.found


def test_without_a_target_it_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--bisect needs a target"):
        examine(DeviceChoice(), None, Path(), Bisect(plan(), Person.__new__(Person)))


def test_every_set_of_one_to_three_is_found_and_of_one_in_few_trials() -> None:
    groups = {f"{group}{n}": group for group in "abc" for n in range(4)}

    async def found(guilty: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
        tried: list[frozenset[str]] = []

        async def ends(probes: frozenset[str]) -> bool:
            tried.append(probes)
            return set(guilty) <= probes

        return await smallest_set(tuple(groups), groups, ends), len(tried)

    for size, most in ((1, 8), (2, 12), (3, 16)):
        for guilty in itertools.combinations(groups, size):
            smallest, trials = asyncio.run(found(guilty))
            assert smallest == guilty
            assert trials <= most


def test_words_mean_exactly_the_probes_that_they_stand_for() -> None:
    names = set(probe_names())
    for some in (names, set(), {"handoff"}, names - {FETCH_PROBE}, set(left_out_probes(["reads"], []))):
        words = shortest_words(some)
        assert set(words) == set() if not some else names - set(left_out_probes(words, [])) == some
    assert set(grouped_probes()) == names


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
@pytest.mark.parametrize(("kind", "after_s"), [("alone", 1.0), ("attached", 1.5), ("hooked", 0.2), ("hooked", 3.0)])
def test_ctrl_c_in_any_run_prints_what_was_found_and_leaves_the_app_without_hooks(
    phone: Phone, kind: str, after_s: float
) -> None:
    """Also while the hooks go in."""
    person = Person(phone, lambda: None)
    at = {"alone": "", "attached": "run 1, not attached to", "hooked": "run 2, attached to"}[kind]

    over = threading.Event()

    def stop_later() -> None:
        while not any(text.startswith(at) for text in person.said or [""] * (not at)):
            if over.wait(0.05):
                return
        # After the search it would end the process that runs the tests.
        if not over.wait(after_s):
            signal.raise_signal(signal.SIGINT)

    stopping = threading.Thread(target=stop_later)
    stopping.start()
    examination, result = doctor(person, plan(window_s=2.0 if kind != "hooked" else 6.0))
    over.set()
    stopping.join()

    [app] = person.apps
    assert (result.outcome, result.problem) == ("not-finished", "it was stopped")
    assert examination.of("process").status == "unknown"
    assert not examination.prevents_recording
    with Watch(app) as watch:
        # A process with hooks of another recorder in it could not be started.
        assert watch.answer["installed"] > 0
    assert app.process.poll() is None


@pytest.mark.standin
@pytest.mark.usefixtures("only_ours")
def test_a_device_that_is_lost_in_the_middle_ends_the_search_with_what_was_found(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(phone, lambda: f"code:0.2:{FETCH}")
    listed = runs.list_processes

    async def lost(device: Any) -> list[ProcessInfo]:
        if person.asked:
            raise DeviceError("listing what runs on phone: the connection broke", hint="check the cable")
        return await listed(device)

    monkeypatch.setattr(runs, "list_processes", lost)
    examination, result = doctor(person)

    assert (result.outcome, result.problem) == ("not-finished", "listing what runs on phone: the connection broke")
    assert [run.kind for run in result.runs] == ["alone", "attached", "hooked"]
    finding = examination.of("process")
    assert "it has ended with" in finding.found
    assert finding.remedy == "check the cable, then run the same command again"


def test_without_a_command_what_stopped_the_search_is_to_be_mended_first() -> None:
    """While ``watch`` recorded the app, the remedy was to run the same command again: it fails in the same way."""
    result = BisectResult("app", 1.0, 1, ("a",), problem="app is being recorded by another lightleak")
    assert result.remedy() == "run the same command again"
    result.hint = "stop that recording first"
    assert result.remedy() == "stop that recording first, then run the same command again"
    result.hint = "run the same command again"
    assert result.remedy() == "run the same command again"


@pytest.mark.standin
def test_the_doctor_without_it_says_that_the_app_ended_once_and_not_why(phone: Phone) -> None:
    app = phone.launch("leaver", STANDIN_LEAVES="frida:2.5")

    finding = examine(DeviceChoice(), Pid(app.pid), Path()).of("process")

    assert finding.status == "problem"
    assert "s after it was attached to (1 of 1 time)" in finding.found
    assert "is not known from one run" in finding.why
    assert finding.remedy == "lightleak doctor leaver --bisect"
