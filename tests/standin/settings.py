"""What kind of phone this is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build" / "standin"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`idle_s`: idle time of the accounting; 60 on a phone. `leeway`: how much of the timer's leeway of a quarter of it
    is used, 0 to 1; none: at random. `ios`: one of the built versions of Photos; none: 18.4. `time_zone`: an IANA name.
    `accounting`: whether the privacy report is on. `picker_linger_s`: how long the picker lives after a choice.
    """  # noqa: D205

    idle_s: float = 60.0
    leeway: float | None = None
    ios: str | None = None
    time_zone: str = "Europe/Berlin"
    accounting: bool = True
    picker_linger_s: float = 0.8

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment of the phone's processes, whose sockets and files lie in the folder."""
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder / "mobile"),
            "TZ": self.time_zone,
            "STANDIN_RUN": str(folder),
            "STANDIN_ROOT": str(BUILD),
            "STANDIN_IDLE": str(self.idle_s),
            "STANDIN_TIME_ZONE": self.time_zone,
            "STANDIN_ACCOUNTING": str(int(self.accounting)),
            "STANDIN_PICKER_LINGER": str(self.picker_linger_s),
        }
        if self.leeway is not None:
            environment["STANDIN_LEEWAY"] = str(self.leeway)
        if self.ios is not None:
            environment["LD_LIBRARY_PATH"] = str(photos_folder(self.ios))
        return environment


def photos_folder(ios: str) -> Path:
    """Return the folder of the Photos.framework that stands for a version. Raises ValueError for one that is not built."""
    folder = BUILD / "versions" / ios / "System/Library/Frameworks/Photos.framework"
    if not folder.exists():
        known = ", ".join(sorted(path.name for path in (BUILD / "versions").iterdir()))
        raise ValueError(f"no Photos.framework for iOS {ios}; there are {known}")
    return folder


def check_built() -> None:
    """Raise FileNotFoundError when the phone has not been built."""
    if not (BUILD / "usr/libexec/assetsd").exists():
        raise FileNotFoundError("the stand-in is not built: run scripts/build-standin")
