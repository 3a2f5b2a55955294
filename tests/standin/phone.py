"""The phone: its daemons, its apps, and what the user and the system do with them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from .app import App
from .folders import make_folder
from .settings import BUILD, Settings, check_built
from .spawner import Spawner
from .stranger import Stranger
from .trust import Trust
from .waiting import within
from .wire import Listener, Message, Wire, connect

_START_S = 10.0


class Phone:
    """A context manager in which the phone is on. Its files are in `folder`; its processes end with it."""

    def __init__(self, **settings: Any) -> None:
        """Create a phone with settings by name; see `Settings`."""
        self.settings = Settings(**settings)
        self.folder = Path()
        self.apps: list[App] = []
        self.assetsds: list[App] = []
        self.binds: list[Message] = []
        self.trust = Trust()
        self._hellos: dict[int, tuple[Wire, Message]] = {}
        self._arrival = threading.Condition()
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        check_built()
        with ExitStack() as stack:
            self.folder = make_folder(os.getpid())
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            for service, handler in (("tccd", self.trust.answer), ("driver", self._take)):
                listener = Listener(self.folder / f"{service}.sock", handler)
                stack.callback(listener.close)
            self._spawner = Spawner()
            stack.callback(self._spawner.close)
            stack.callback(self._end_processes)
            self._start_accounting()
            self._start_assetsd()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    # --- processes ---------------------------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """Return the environment of the phone's processes, for programs that start one themselves."""
        return self.settings.environment(self.folder)

    def _spawn(self, executable: Path, *interpreter: str, **more: str) -> subprocess.Popen[bytes]:
        environment = self.environment() | {"STANDIN_DRIVER": str(os.getpid())} | more
        log = self.folder / "log" / executable.name
        return self._spawner.start([*interpreter, str(executable)], environment, log)

    def _end_processes(self) -> None:
        for process in (*(app.process for app in self.apps), *self._daemons.values()):
            process.kill()
            process.wait()

    def _start_accounting(self) -> None:
        path = self.folder / "privacyaccountingd.sock"
        path.unlink(missing_ok=True)
        process = self._spawn(BUILD / "usr/libexec/privacyaccountingd", sys.executable)
        self._daemons["privacyaccountingd"] = process
        deadline = time.monotonic() + within(_START_S)
        while True:  # the daemon listens when it is ready; there is nothing else to wait for
            try:
                self._accounting = connect(path)
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.01)
            else:
                return

    def _hello(self, pid: int, log: Path) -> tuple[Wire, Message]:
        """Wait until a process has reported to the driver."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: pid in self._hellos, within(_START_S)):
                text = log.read_text(errors="replace") if log.exists() else ""
                raise TimeoutError(f"process {pid} did not report to the driver:\n{text}")
            return self._hellos[pid]

    def _start_assetsd(self) -> None:
        process = self._spawn(BUILD / "usr/libexec/assetsd")
        self._daemons["assetsd"] = process
        app = App("assetsd", process, self.folder / "log" / "assetsd")
        app.arrive(*self._hello(process.pid, app.log))
        self.assetsds.append(app)

    @property
    def assetsd(self) -> App:
        """The running assetsd."""
        return self.assetsds[-1]

    def _take(self, wire: Wire, message: Message) -> None:
        if "hello" in message:
            with self._arrival:
                self._hellos[message["pid"]] = (wire, message)
                self._arrival.notify_all()
        elif message.get("event") in ("bind", "rebind"):
            self.binds.append(message)

    def catch_up(self) -> None:
        """Wait until all messages that assetsd has sent so far have arrived."""
        try:
            self.assetsd.order("nothing")  # its answer follows its earlier messages
        except ConnectionError:
            return

    # --- what happens ------------------------------------------------------------------------------------------------

    def launch(
        self, name: str, *, extension: str | None = None, wait: bool = False, background: bool = False, **more: str
    ) -> App:
        """Start an app by the name of its bundle, or one of its extensions.

        With `wait` it is loaded but waits for `App.go` before it touches Photos. Further arguments go into its environment.
        """
        bundle = BUILD / "Applications" / f"{name}.app"
        executable = bundle / name if extension is None else bundle / "PlugIns" / f"{extension}.appex" / extension
        state = "background" if background else "active"
        process = self._spawn(executable, STANDIN_STATE=state, **more)
        return self._arrival_of(App(executable.name, process, self.folder / "log" / executable.name), wait=wait)

    def adopt(self, pid: int, name: str, *, wait: bool = False) -> App:
        """Add an app that another program started with `environment()`: Frida, when it spawns."""
        return self._arrival_of(App(name, Stranger(pid), self.folder / "log" / name), wait=wait)

    def _arrival_of(self, app: App, *, wait: bool) -> App:
        self.apps.append(app)
        app.arrive(*self._hello(app.pid, app.log))
        if not wait:
            app.go()
        return app

    def new_photo(self, count: int = 1, **attributes: Any) -> None:
        """Take photos. assetsd adds them and notifies every connected app. Attributes: those of library.json's rows."""
        self.assetsd.order("new-photo", count=count, **attributes)

    def delete_photo(self, count: int = 1) -> None:
        """Delete the newest photos."""
        self.assetsd.order("delete-photo", count=count)

    def make_unavailable(self) -> None:
        """Notify every connected app that the library is unavailable."""
        self.assetsd.order("unavailable")

    def finish_uploads(self, *, success: bool = True) -> None:
        """Let the system send the photos whose upload apps have asked for, or fail to. No app takes part in it."""
        self.assetsd.order("finish-uploads", success=success)

    def drop_binding(self, app: App) -> None:
        """Break the app's connection to assetsd. Photos restores it by itself."""
        self.assetsd.order("drop-binding", pid=app.pid)

    def restart_assetsd(self) -> None:
        """Kill and restart assetsd. Every app binds again."""
        self.assetsd.kill()
        self._start_assetsd()

    def restart_accounting(self, *, off_s: float = 0.0) -> None:
        """Kill and restart privacyaccountingd. It finalises open entries."""
        self._daemons["privacyaccountingd"].kill()
        self._daemons["privacyaccountingd"].wait()
        time.sleep(off_s)
        self._start_accounting()

    def pick(self, app: App, count: int = 1, **case: Any) -> None:
        """Let the user choose photos in the picker that the app shows. A count of 0 cancels the picker.

        case: how hardcases shows it, where that is not the plain way.
        """
        process = self._spawn(BUILD / "usr/libexec/photospicker")
        self._daemons["photospicker"] = process
        picker, _ = self._hello(process.pid, self.folder / "log" / "photospicker")
        app.order("case", name="picker", **case) if case else app.order("pick")
        picker.request({"do": "choose", "count": count})

    def add_network_row(self, app: App, domain: str, hits: int = 1) -> None:
        """Add network activity of an app to the report's second block."""
        now_ns = time.time_ns()
        row = {"bundle": app.identifier, "domain": domain, "hits": hits, "first_ns": now_ns, "last_ns": now_ns}
        self._accounting.send({"do": "network", "row": row})

    def copy_store(self, folder: Path, *, deleted: int = 0) -> Path:
        """Write the on-device store to a folder, as copied from a rooted phone. Return its Biome folder.

        The oldest `deleted` records of each stream are marked as pruned.
        """
        return Path(self._accounting.request({"do": "store", "folder": str(folder), "deleted": deleted})["path"])

    def export_report(self, folder: Path) -> Path:
        """Let the user export the privacy report to a folder. Return its path."""
        return Path(self._accounting.request({"do": "export", "folder": str(folder)})["path"])
