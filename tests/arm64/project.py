"""The disk with the project: its sources, what is built for every machine, and the stand-in compiled for arm64."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .cache import KEPT, TOP, CannotRunError, say
from .disks import make_disk
from .system import system

_LEFT_OUT = (
    "./.git",
    "./.venv",
    "./build",
    "./site",
    "./docs/pictures",
    "./host/page",
    "node_modules",
    "__pycache__",
    ".*_cache",
)
_BRIDGE = "agent/node_modules/frida-objc-bridge"
"""tests/standin/test_attach.py bundles a script with it."""


def project_disk(*, protected: bool) -> Path:
    """Return the project's disk, made now. ``protected``: the stand-in signs return addresses and marks where jumps may land."""
    standin = _compile(protected=protected)
    say("making the project's disk …")
    folder = KEPT / "project"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    packed = ["tar", "-C", TOP, *(f"--exclude={name}" for name in _LEFT_OUT), "-cf", "-", "."]
    with subprocess.Popen(packed, stdout=subprocess.PIPE) as packing:
        subprocess.run(["tar", "-C", folder, "--no-same-owner", "-xf", "-"], check=True, stdin=packing.stdout)
    if packing.returncode:
        raise CannotRunError("The sources could not be copied into build/arm64: is the disk full?")
    if (TOP / _BRIDGE).is_dir():
        shutil.copytree(TOP / _BRIDGE, folder / _BRIDGE)
    (folder / "build").mkdir()
    subprocess.run(["cp", "-a", standin, folder / "build/standin"], check=True)
    shutil.rmtree(folder / "build/standin/.obj")
    (folder / "build/swift.missing").write_text(
        "The arm64 machine has no Swift, so the Swift app is not there.\n", encoding="utf-8"
    )
    disk = KEPT / "project.img"
    make_disk(folder, disk, spare_mb=512)
    shutil.rmtree(folder)
    return disk


def _compile(*, protected: bool) -> Path:
    """Compile what has changed of the stand-in, with the Makefile of this machine's."""
    sysroot = system() / "sysroot"
    root = KEPT / ("standin-protected" if protected else "standin")
    marker = root / ".compiled-against"
    against = system().with_suffix(".made-from").read_text(encoding="utf-8")
    if not marker.is_file() or marker.read_text(encoding="utf-8") != against:
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        marker.write_text(against, encoding="utf-8")
    say(f"compiling the stand-in for arm64{', with branch protection' if protected else ''} …")
    compiler = f"clang --target=aarch64-linux-gnu --sysroot={sysroot}"
    if protected:
        compiler += " -mbranch-protection=standard"
    subprocess.run(
        [
            *(
                "make",
                "--no-print-directory",
                "-s",
                "-j2",
                "-C",
                TOP / "tests/standin",
                f"ROOT={root}",
                "machine=aarch64",
            ),
            f"CC={compiler} -isystem {sysroot}/usr/include/GNUstep",
            f"LINK={compiler} -Wl,-z,defs -Wl,--enable-new-dtags",
            f"GCC_INCLUDE={sysroot}/usr/lib/gcc/aarch64-linux-gnu/12/include",
            f"GNUSTEP={_gnustep_flags()}",
            "SWIFT=none",  # the toolchain of scripts/fetch-swift is for this machine
            "all",
            "checks",
        ],
        check=True,
    )
    return root


def _gnustep_flags() -> str:
    flags = subprocess.run(["gnustep-config", "--objc-flags"], check=True, capture_output=True, text=True).stdout
    # Folders of this machine stay out.
    return " ".join(flag for flag in flags.split() if flag.startswith(("-D", "-f")))
