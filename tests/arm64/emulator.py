"""Start the machine, print what its command prints, and end it in every case."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
from pathlib import Path

from .cache import KEPT, CannotRunError

SHARED = KEPT / "shared"
"""What the command leaves in the machine's /shared."""
MEMORY_MB = 3072
_LIMIT_S = 3600
_PR_SET_PDEATHSIG = 1


def run(start: Path, site: Path, project: Path, command: str, *, cpu: str, options: tuple[str, ...] = ()) -> int:
    """Run a command in the machine. Return its exit status; the disks stay as they are.

    Raises: CannotRunError when the machine ended without a status.
    """
    shutil.rmtree(SHARED, ignore_errors=True)
    SHARED.mkdir(parents=True)
    (SHARED / "command").write_text(f"{command}\n", encoding="utf-8")
    arguments = ["qemu-system-aarch64", "-M", "virt,gic-version=3", "-cpu", cpu, "-m", f"{MEMORY_MB}M"]
    arguments += options or ("-smp", "2", "-accel", "tcg,thread=multi,tb-size=512")
    arguments += ["-kernel", str(start / "kernel"), "-initrd", str(start / "initrd")]
    arguments += ["-append", "console=ttyAMA0 quiet mitigations=off audit=0"]
    for disk in (start / "root.img", site, project):
        arguments += ["-drive", f"file={disk},format=raw,if=virtio,snapshot=on"]
    arguments += ["-virtfs", f"local,path={SHARED},mount_tag=shared,security_model=none"]
    arguments += ["-device", "virtio-rng-pci", "-nic", "none", "-display", "none", "-monitor", "none"]
    arguments += ["-serial", "stdio", "-no-reboot"]
    # A group of its own: Ctrl-C reaches this program, which ends the machine.
    emulator = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_die_with_parent)
    try:
        emulator.wait(_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise CannotRunError(f"The machine was still running after {_LIMIT_S // 60} minutes and was ended.") from None
    finally:
        emulator.kill()
        emulator.wait()
    status = SHARED / "status"
    if not status.is_file():
        raise CannotRunError(f"The machine ended before its command did (qemu's exit code {emulator.returncode}).")
    return int(status.read_text(encoding="utf-8"))


def _die_with_parent() -> None:
    """Ask the kernel to end the emulator if this program is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(5)
