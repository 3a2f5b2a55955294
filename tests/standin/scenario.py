"""Scenarios from TOML files: who does what when. The story's clock stops while it waits for a recorder."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .app import App
from .moment import Moment
from .phone import Phone
from .truth import gather

FOLDER = Path(__file__).parent / "scenarios"

Hook = Callable[[str, list[App]], None]
"""Called with `attach` or `detach` and the apps. The story continues when it returns."""


def load(name: str) -> dict[str, Any]:
    """Read a scenario: a path, or the name of one in the stand-in's folder."""
    path = Path(name)
    return tomllib.loads((path if path.suffix == ".toml" else FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class Story:
    """A scenario that is played on a phone."""

    phone: Phone
    hook: Hook
    out: Path
    apps: dict[str, App] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    report: Path | None = None

    def play(self, steps: list[dict[str, Any]]) -> None:
        """Do every step at its time. `at` counts seconds of the story."""
        started_s = time.monotonic()
        for step in steps:
            time.sleep(max(0.0, started_s + step["at"] - time.monotonic()))
            now = Moment.now()
            self.steps.append(step | {"wall_ns": now.wall_ns, "mono_ns": now.mono_ns})
            waited_s = time.monotonic()
            details = {key: value for key, value in step.items() if key not in ("at", "do")}
            getattr(self, "do_" + step["do"].replace("-", "_"))(**details)
            if step["do"] in ("attach", "detach"):
                started_s += time.monotonic() - waited_s

    def do_launch(self, app: str, extension: str | None = None, **options: Any) -> None:
        """Start an app. Later steps name it by its name, or by `app.extension`."""
        key = app if extension is None else f"{app}.{extension}"
        self.apps[key] = self.phone.launch(app, extension=extension, **options)

    def do_go(self, app: str) -> None:
        """Let an app that was launched with `wait` finish launching."""
        self.apps[app].go()

    def _processes(self, names: list[str]) -> list[App]:
        return [self.phone.assetsd if name == "assetsd" else self.apps[name] for name in names]

    def do_attach(self, apps: list[str]) -> None:
        """Let the recorder attach to the apps."""
        watched = self._processes(apps)
        self.hook("attach", watched)
        for app in watched:
            app.watch()

    def do_detach(self, apps: list[str]) -> None:
        """Let the recorder detach from the apps."""
        watched = self._processes(apps)
        for app in watched:
            app.unwatch()
        self.hook("detach", watched)

    def do_order(self, app: str, order: str, **details: Any) -> None:
        """Let the user do something in an app."""
        self.apps[app].order(order, **details)

    def do_touch(self, app: str, **details: Any) -> None:
        """Let the user touch an app: moves, fingers, cancelled."""
        self.apps[app].touch(**details)

    def do_key(self, app: str) -> None:
        """Let the user press a key of a keyboard."""
        self.apps[app].key()

    def do_wake(self, app: str, reason: str, **details: Any) -> None:
        """Let the system call an app for a reason: push, fetch, url-session, task, pushkit, location, url, …"""
        self.apps[app].wake(reason, **details)

    def do_state(self, app: str, value: str) -> None:
        """Bring an app to the foreground, make it inactive, or send it to the background."""
        self.apps[app].order({"active": "foreground"}.get(value, value))

    def do_suspend(self, app: str) -> None:
        """Suspend an app."""
        self.apps[app].suspend()

    def do_resume(self, app: str) -> None:
        """Resume a suspended app."""
        self.apps[app].resume()

    def do_end(self, app: str, how: str = "kill") -> None:
        """End an app: kill, crash or terminate."""
        {"kill": App.kill, "crash": App.crash, "terminate": App.terminate}[how](self.apps[app])

    def do_new_photo(self, count: int = 1, **attributes: Any) -> None:
        """Take photos."""
        self.phone.new_photo(count, **attributes)

    def do_delete_photo(self, count: int = 1) -> None:
        """Delete the newest photos."""
        self.phone.delete_photo(count)

    def do_pick(self, app: str, count: int = 1) -> None:
        """Let the user use the picker of an app."""
        self.phone.pick(self.apps[app], count)

    def do_drop_binding(self, app: str) -> None:
        """Break an app's connection to assetsd."""
        self.phone.drop_binding(self.apps[app])

    def do_restart_assetsd(self) -> None:
        """Kill and restart assetsd."""
        self.phone.restart_assetsd()

    def do_restart_accounting(self, off_s: float = 0.0) -> None:
        """Kill and restart privacyaccountingd."""
        self.phone.restart_accounting(off_s=off_s)

    def do_network(self, app: str, domain: str, hits: int = 1) -> None:
        """Add network activity to the report."""
        self.phone.add_network_row(self.apps[app], domain, hits)

    def do_mark(self, label: str) -> None:
        """Add a line to the truth's steps, and nothing else."""

    def do_export(self) -> None:
        """Let the user export the report."""
        self.report = self.phone.export_report(self.out)


def run(
    scenario: dict[str, Any], out: Path, hook: Hook | None = None, on_phone: Callable[[Phone], None] | None = None
) -> Path:
    """Play a scenario, and write the report and truth.json to a folder. Return the path of truth.json.

    `hook` is called at every attach and detach step. A scenario that does not export is exported at its end.
    """
    out.mkdir(parents=True, exist_ok=True)
    with Phone(**scenario.get("phone", {})) as phone:
        if on_phone is not None:
            on_phone(phone)
        for identifier, permission in scenario.get("permissions", {}).items():
            phone.trust.set(identifier, permission["status"], when_asked=permission.get("when_asked", "authorized"))
        story = Story(phone, hook or (lambda *_: None), out)
        story.play(scenario["steps"])
        if story.report is None:
            story.do_export()
        assert story.report is not None
        truth = gather(phone, scenario.get("lag_s", 3.0)) | {
            "scenario": scenario["title"],
            "report": story.report.name,
            "steps": story.steps,
        }
        path = out / "truth.json"
        path.write_text(json.dumps(truth, indent=1), encoding="utf-8")
        return path
