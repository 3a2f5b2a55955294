"""The phone: its daemons, its apps, and what a person and the system do with them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Self

from .spawner import Spawner
from .trust import Trust
from .wire import Listener, Message, Wire, connect

BUILD = Path(__file__).resolve().parents[2] / "build" / "standin"
_START_S = 10.0


class App:
    """A process of an app or an extension of one."""

    def __init__(self, phone: Phone, name: str, process: subprocess.Popen[bytes]) -> None:
        self.phone = phone
        self.name = name
        self.process = process
        self.pid = process.pid
        self.identifier = ""
        self._hello: Message = {}
        self._wire: Wire | None = None
        self._arrived = threading.Event()

    def _arrive(self, wire: Wire, hello: Message) -> None:
        self._wire, self._hello, self.identifier = wire, hello, hello["hello"]
        self._arrived.set()

    def wait_until_loaded(self) -> None:
        """Return when the process has loaded its frameworks and waits for `go`; nothing of Photos has been touched."""
        if not self._arrived.wait(_START_S):
            raise TimeoutError(f"{self.name} did not start: {self.phone.folder / 'log' / self.name}")

    def go(self) -> None:
        """Let the app finish launching."""
        assert self._wire is not None
        self._wire.send({"re": self._hello["request"], "go": True})

    def order(self, what: str, **details: Any) -> None:
        """Have the person do something in the app; returns when its main thread has done it."""
        assert self._wire is not None
        self._wire.request({"do": what} | details)

    def foreground(self) -> None:
        """Bring the app to the front and make it active."""
        self.order("foreground")

    def background(self) -> None:
        """Send the app to the background; it still runs."""
        self.order("background")

    def suspend(self) -> None:
        """Freeze the process."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process run again."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End the process as the system does, without a word to it."""
        self.process.kill()
        self.process.wait()

    def crash(self) -> None:
        """End the process as a bug of its own does."""
        os.kill(self.pid, signal.SIGABRT)
        self.process.wait()

    def terminate(self) -> None:
        """Ask the app to end and wait for it."""
        assert self._wire is not None
        self._wire.send({"do": "terminate"})
        self.process.wait(_START_S)


class Phone:
    """A context manager: inside it the phone is on.

    `idle_s` is the idle time of the accounting (60 on a phone), `leeway` how much of the timer's leeway is used, 0 to 1
    (none: at random), `ios` one of the built versions of Photos, `time_zone` an IANA name.
    """

    def __init__(
        self,
        *,
        ios: str | None = None,
        idle_s: float = 60.0,
        leeway: float | None = None,
        time_zone: str = "Europe/Berlin",
        accounting: bool = True,
    ) -> None:
        self.ios, self.idle_s, self.leeway, self.time_zone, self.accounting = ios, idle_s, leeway, time_zone, accounting
        self.apps: list[App] = []
        self.folder = Path()
        self._assetsd: Wire | None = None
        self._assetsd_here = threading.Event()

    def __enter__(self) -> Self:
        if not (BUILD / "usr/libexec/assetsd").exists():
            raise FileNotFoundError("the stand-in is not built: run scripts/build-standin")
        self.folder = Path(tempfile.mkdtemp(prefix="standin-"))
        for name in ("truth", "log", "mobile"):
            (self.folder / name).mkdir()
        self._spawner = Spawner()
        self.trust = Trust()
        self._tccd = Listener(self.folder / "tccd.sock", self.trust.answer)
        self._driver = Listener(self.folder / "driver.sock", self._take)
        self._start_accounting()
        self._start_assetsd()
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*(app.process for app in self.apps), self._assetsd_process, self._accounting_process):
            process.kill()
            process.wait()
        self._spawner.close()
        self._driver.close()
        self._tccd.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Return the environment of the phone's processes; for whoever starts one by other means."""
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder / "mobile"),
            "TZ": self.time_zone,
            "STANDIN_RUN": str(self.folder),
            "STANDIN_ROOT": str(BUILD),
            "STANDIN_IDLE": str(self.idle_s),
            "STANDIN_TIME_ZONE": self.time_zone,
            "STANDIN_ACCOUNTING": str(int(self.accounting)),
        }
        if self.leeway is not None:
            environment["STANDIN_LEEWAY"] = str(self.leeway)
        if self.ios is not None:
            environment["LD_LIBRARY_PATH"] = str(self._photos_folder())
        return environment

    def _photos_folder(self) -> Path:
        folder = BUILD / "versions" / str(self.ios) / "System/Library/Frameworks/Photos.framework"
        if not folder.exists():
            known = ", ".join(sorted(path.name for path in (BUILD / "versions").iterdir()))
            raise ValueError(f"no Photos.framework for iOS {self.ios}; there are {known}")
        return folder

    def _start(self, arguments: list[str], log: str, **more: str) -> subprocess.Popen[bytes]:
        environment = self.environment() | {"STANDIN_DRIVER": str(os.getpid())} | more
        return self._spawner.start(arguments, environment, self.folder / "log" / log)

    def _start_accounting(self) -> None:
        path = self.folder / "privacyaccountingd.sock"
        path.unlink(missing_ok=True)
        self._accounting_process = self._start([sys.executable, str(BUILD / "usr/libexec/privacyaccountingd")], "privacyaccountingd")
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self._accounting = connect(path)
            except OSError:
                if time.monotonic() > deadline or self._accounting_process.poll() is not None:
                    raise
                time.sleep(0.01)
            else:
                return

    def _start_assetsd(self) -> None:
        self._assetsd_here.clear()
        self._assetsd_process = self._start([str(BUILD / "usr/libexec/assetsd")], "assetsd")
        if not self._assetsd_here.wait(_START_S):
            raise TimeoutError(f"assetsd did not start: {self.folder / 'log' / 'assetsd'}")

    def _take(self, wire: Wire, message: Message) -> None:
        if message.get("role") == "assetsd":
            self._assetsd = wire
            self._assetsd_here.set()
        elif "hello" in message:
            for app in self.apps:
                if app.pid == message["pid"]:
                    app._arrive(wire, message)

    def launch(self, name: str, *, wait: bool = False, background: bool = False) -> App:
        """Start an app by the name of its bundle. With `wait` it is loaded but waits for `App.go`."""
        bundle = BUILD / "Applications" / f"{name}.app"
        state = "background" if background else "active"
        app = App(self, name, self._start([str(bundle / name)], name, STANDIN_STATE=state))
        self.apps.append(app)
        app.wait_until_loaded()
        if not wait:
            app.go()
        return app

    def new_photo(self, count: int = 1, **attributes: Any) -> None:
        """Take photos; assetsd adds them and tells every connected app."""
        self._order_assetsd("new-photo", count=count, **attributes)

    def drop_binding(self, app: App) -> None:
        """Break the app's connection to assetsd; Photos binds it again by itself."""
        self._order_assetsd("drop-binding", pid=app.pid)

    def _order_assetsd(self, what: str, **details: Any) -> None:
        assert self._assetsd is not None
        self._assetsd.request({"do": what} | details)

    def export_report(self, folder: Path) -> Path:
        """Have the person export the privacy report into a folder; return its path."""
        answer = self._accounting.request({"do": "export", "folder": str(folder)})
        return Path(answer["path"])
