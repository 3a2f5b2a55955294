"""Play a scenario on the stand-in phone while lightleak records it, and compare with the report the phone wrote.

The agent is the real one, Frida is the real one, the processes are real; only the phone is not there.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import lightleak
from lightleak.errors import LightleakError
from standin import scenario
from standin.app import App
from standin.waiting import within

LIGHTLEAK = [sys.executable, "-m", "lightleak"]
READY_WITHIN_S = 30


@dataclass
class Play:
    """One run: where its files go, and the recorder while it runs."""

    out: Path
    quiet: bool = False
    recorder: subprocess.Popen[bytes] | None = None
    said: list[str] = field(default_factory=list)

    @property
    def session(self) -> Path:
        """The recorded session."""
        return self.out / "session.lightleak"

    @property
    def report(self) -> Path:
        """The privacy report that the phone wrote."""
        (found,) = self.out.glob("App_Privacy_Report*.ndjson")
        return found

    def run(self, name: str) -> Path:
        """Play the scenario to its end; returns the path of ``truth.json``."""
        self.out.mkdir(parents=True, exist_ok=True)
        try:
            return scenario.run(scenario.load(name), self.out, self._hook)
        finally:
            self._stop()

    def _hook(self, what: str, apps: list[App]) -> None:
        if what == "attach":
            self._record([app.pid for app in apps])
        else:
            self._stop()

    def _record(self, pids: list[int]) -> None:
        first, *others = map(str, pids)
        options = [part for pid in others for part in ("--with", pid)] + (["--quiet"] if self.quiet else [])
        command = [*LIGHTLEAK, "record", "--attach-pid", first, *options, "-o", str(self.session)]
        self.recorder = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + within(READY_WITHIN_S)
        while self._ready() < len(pids):
            if self.recorder.poll() is not None:
                raise SystemExit(f"the recorder ended early with {self.recorder.returncode}")
            if time.monotonic() > deadline:
                raise SystemExit(f"the recorder was not ready within {within(READY_WITHIN_S):g} s")
            time.sleep(0.1)  # the file is the only thing that both sides share

    def _ready(self) -> int:
        """Count the processes whose hooks are in place, by what is on disk already."""
        try:
            events = lightleak.open(self.session).events()
            return sum(event.kind == "process" and event["phase"] == "ready" for event in events)
        except LightleakError:
            return 0

    def _stop(self) -> None:
        if self.recorder is not None and self.recorder.poll() is None:
            self.recorder.send_signal(signal.SIGINT)
            self.recorder.wait(within(20))


def main() -> int:
    """Play, compare, and tell where everything is."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description="Record, export and compare, on a stand-in phone."
    )
    parser.add_argument("--out", type=Path, help="folder for the files (default: a new one under build/demo)")
    parser.add_argument("--scenario", default="demo", help="name or path of a scenario (default: demo)")
    options = parser.parse_args()
    out = options.out or Path("build", "demo", time.strftime("%Y-%m-%dT%H_%M_%S"))
    play = Play(out)
    print(f"Playing the scenario {options.scenario}: about 30 s.", file=sys.stderr)
    truth = play.run(options.scenario)
    compare = [*LIGHTLEAK, "compare", str(play.session), "--report", str(play.report)]
    apps = sorted({entry["app"] for entry in json.loads(truth.read_text())["entries"]})
    compare += [part for app in apps for part in ("--app", app)]
    files = {"session": play.session, "privacy report": play.report, "what really happened": truth}
    for form, name in (("json", "verdicts.json"), ("html", "verdicts.html")):
        if form != "html" or Path(lightleak.__file__).with_name("assets").joinpath("page.html").exists():
            subprocess.run([*compare, "--format", form, "-o", str(out / name)], check=True)
            files["verdicts" if form == "json" else "page"] = out / name
    subprocess.run(compare, check=True)
    print("\nFiles:")
    for what, path in files.items():
        print(f"  {what:21}{path.resolve()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
