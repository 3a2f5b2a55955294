"""The Debian system of the machine: packages for arm64, unpacked. Nothing in them is run here.

apt downloads them with the sources, keys and proxies of this machine, into folders of its own: no root is needed, nothing is
mounted, and the packages of this machine are not touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .cache import CannotRunError, digest, kept

RUNS = (
    *(
        "bash",
        "coreutils",
        "mount",
        "util-linux",
        "procps",
        "grep",
        "sed",
        "tar",
        "binutils",
        "tzdata",
        "busybox-static",
    ),
    *("python3", "libgnustep-base1.28", "gnustep-base-common", "libobjc4", "linux-image-arm64"),
)
COMPILES = ("libgnustep-base-dev", "libobjc-12-dev", "libgcc-12-dev", "libc6-dev")
"""What the stand-in is compiled against."""

_APT = """
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
APT::Architecture "arm64";
APT::Architectures {{ "arm64"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Debug::NoLocking "true";
"""


def system() -> Path:
    """Return a folder of unpacked packages: ``root``, of what runs, and ``sysroot``, of that and what is compiled against."""
    made_from = digest(Path(__file__), Path("/etc/os-release"))
    return kept("system", "downloading and unpacking Debian's packages for arm64", made_from, _unpack)


def kernel_version(root: Path) -> str:
    """Return the version of the kernel among the packages."""
    (modules,) = (root / "lib/modules").iterdir()
    return modules.name


def _unpack(folder: Path) -> None:
    work = folder.with_suffix(".apt")
    shutil.rmtree(work, ignore_errors=True)
    for name in ("state/lists/partial", "cache/archives/partial"):
        (work / name).mkdir(parents=True)
    (work / "status").touch()
    (work / "apt.conf").write_text(_APT.format(folder=work), encoding="utf-8")
    _apt(work, "update")
    for name, packages in (("root", RUNS), ("sysroot", COMPILES)):
        _apt(work, "install", "--yes", "--download-only", *packages)
        for package in sorted((work / "cache/archives").glob("*.deb")):
            if name == "root" or not package.name.startswith("linux-image-"):
                subprocess.run(["dpkg-deb", "-x", package, folder / name], check=True)
    shutil.rmtree(work)


def _apt(work: Path, *arguments: str) -> None:
    environment = os.environ | {"APT_CONFIG": str(work / "apt.conf"), "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-qq", *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr + done.stdout).strip().splitlines()
        raise CannotRunError(
            f"apt could not get the packages for arm64 ({lines[-1] if lines else done.returncode}): "
            "check the network and the sources of apt."
        )
