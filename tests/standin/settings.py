"""What kind of phone the stand-in is: versions, clocks, and behaviour that differs from the assumptions."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build" / "standin"

QUIRKS = {
    "binds-unlogged": "assetsd does not log that an app was bound to the library",
    "deliveries-log": "telling an app of a change logs an access of it",
    "place-throws": "reading the place of a photo throws",
    "details-log": "changeDetailsForFetchResult: logs an access",
    "pixels-log": "asking for an image logs an access",
    "picker-subclass": "a picker's item providers are of a class with ways of its own to load",
    "identifiers-replaced": "the daemon notes an access under another identifier than the app's",
}
"""Possible behaviour of a phone that differs from the assumptions of docs/unconfirmed.md."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a phone.

    `idle_s`: idle time of the accounting; 60 on a phone. `leeway`: the used share of the timer's leeway, which is a quarter
    of the idle time: 0 to 1 (default: random). `ios`: a built version of Photos (default: 18.4). `time_zone`: an IANA name.
    `accounting`: whether the privacy report is on. `picker_linger_s`: how long the picker runs after a choice.
    `clock_skew_s`: how far the phone's wall clock is ahead. `model`, `os_version`, `board`, `guest` (whether it runs in a
    virtual machine): as reported by its kernel (default: not reported). `quirks`: differences from the assumptions; see QUIRKS. `regulatory`: the phone has the logger of phones for
    mainland China.
    """

    idle_s: float = 60.0
    leeway: float | None = None
    ios: str | None = None
    time_zone: str = "Europe/Berlin"
    accounting: bool = True
    picker_linger_s: float = 0.8
    clock_skew_s: float = 0.0
    model: str | None = None
    os_version: str | None = None
    board: str | None = None
    guest: bool | None = None
    quirks: tuple[str, ...] = ()
    regulatory: bool = False

    def __post_init__(self) -> None:
        """Refuse unknown quirks."""
        if strange := set(self.quirks) - QUIRKS.keys():
            raise ValueError(f"no quirk is called {', '.join(sorted(strange))}; there are {', '.join(QUIRKS)}")

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment of the phone's processes, whose sockets and files are in the folder."""
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder / "mobile"),
            "TZ": self.time_zone,
            "GNUSTEP_TZ": self.time_zone,
            "STANDIN_RUN": str(folder),
            "STANDIN_ROOT": str(BUILD),
            "STANDIN_IDLE": str(self.idle_s),
            "STANDIN_TIME_ZONE": self.time_zone,
            "STANDIN_ACCOUNTING": str(int(self.accounting)),
            "STANDIN_PICKER_LINGER": str(self.picker_linger_s),
        }
        if self.regulatory:
            environment["STANDIN_REGULATORY"] = str(BUILD / "usr/lib")
        if self.quirks:
            environment["STANDIN_QUIRKS"] = f",{','.join(self.quirks)},"
        if self.clock_skew_s or self.model or self.os_version or self.board or self.guest is not None:
            # Loaded before the C library in every process of the phone.
            environment["LD_PRELOAD"] = str(BUILD / "usr/lib/libdevice.dylib")
            environment["STANDIN_CLOCK_SKEW"] = str(self.clock_skew_s)
            environment |= {"STANDIN_MODEL": self.model} if self.model else {}
            environment |= {"STANDIN_OS_VERSION": self.os_version} if self.os_version else {}
            environment |= {"STANDIN_BOARD": self.board} if self.board else {}
            environment |= {"STANDIN_GUEST": str(int(self.guest))} if self.guest is not None else {}
        if self.leeway is not None:
            environment["STANDIN_LEEWAY"] = str(self.leeway)
        if self.ios is not None:
            environment["LD_LIBRARY_PATH"] = str(photos_folder(self.ios))
        return environment


def photos_folder(ios: str) -> Path:
    """Return the folder of a version's Photos.framework. Raises: ValueError when that version is not built."""
    folder = BUILD / "versions" / ios / "System/Library/Frameworks/Photos.framework"
    if not folder.exists():
        known = ", ".join(sorted(path.name for path in (BUILD / "versions").iterdir()))
        raise ValueError(f"no Photos.framework for iOS {ios}; there are {known}")
    return folder


def check_built() -> None:
    """Check that the phone is built. Raises: FileNotFoundError when it is not."""
    if not (BUILD / "usr/libexec/assetsd").exists():
        raise FileNotFoundError("the stand-in is not built: run scripts/build-standin")
