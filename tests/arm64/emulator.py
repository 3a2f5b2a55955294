"""Start the machine, print what its command prints, and end it in every case.

By default its clock counts instructions (``-icount``): one is a nanosecond. However busy this machine is, a deadline in the other
one has as many instructions as ever, so it can run at a low priority next to other tests. Its two processors take turns then.
In real time both run at once, and all deadlines are those of the clock on the wall.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from .cache import KEPT, TOP, CannotRunError

SHARED = KEPT / "shared"
"""What the command leaves in the machine's /shared."""
MEMORY_MB = 3072
PATIENCE = {True: 4.0, False: 1.0}
"""By how much deadlines are longer: in real time, and when instructions are counted."""
_ACCELERATOR = "tcg,tb-size=512"
_COUNTING = ("-accel", f"{_ACCELERATOR},thread=single", "-icount", "shift=0,sleep=on")
_REAL_TIME = ("-accel", f"{_ACCELERATOR},thread=multi")


def run(
    disks: tuple[Path, Path, Path],
    command: str,
    *,
    cpu: str,
    processors: int = 2,
    real_time: bool = False,
    limit_s: float = 3600,
) -> int:
    """Run a command in the machine: kernel and root, packages, project. Return its exit status; the disks stay as they are.

    Raises: CannotRunError when the machine ended without a status.
    """
    shutil.rmtree(SHARED, ignore_errors=True)
    SHARED.mkdir(parents=True)
    (SHARED / "command").write_text(f"{command}\n", encoding="utf-8")
    start, site, project = disks
    arguments = ["qemu-system-aarch64", "-M", "virt,gic-version=3", "-cpu", cpu, "-m", f"{MEMORY_MB}M"]
    arguments += ["-smp", str(processors)]
    arguments += _REAL_TIME if real_time else _COUNTING
    arguments += ["-kernel", str(start / "kernel"), "-initrd", str(start / "initrd")]
    arguments += ["-append", "console=ttyAMA0 quiet mitigations=off audit=0"]
    for disk in (start / "root.img", site, project):
        arguments += ["-drive", f"file={disk},format=raw,if=virtio,snapshot=on"]
    arguments += ["-virtfs", f"local,path={SHARED},mount_tag=shared,security_model=none"]
    arguments += ["-device", "virtio-rng-pci", "-nic", "none", "-display", "none", "-monitor", "none"]
    arguments += ["-serial", "stdio", "-no-reboot"]
    # A group of its own: Ctrl-C reaches this program, which ends the machine. It ends with this program in every case.
    servant = ["setpriv", "--pdeathsig", "KILL", "nice", "-n", "10", *arguments]
    emulator = subprocess.Popen(servant, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
    limit = threading.Timer(limit_s, emulator.kill)
    limit.start()
    try:
        _print(emulator)
        emulator.wait()
    finally:
        limit.cancel()
        emulator.kill()
        emulator.wait()
    status = SHARED / "status"
    if not status.is_file():
        how = f"was ended after {limit_s / 60:.0f} minutes" if emulator.returncode == -signal.SIGKILL else "ended"
        raise CannotRunError(
            f"The machine {how} before its command did (qemu's exit code {emulator.returncode}): "
            f"what it printed is in {(SHARED / 'output').relative_to(TOP)}."
        )
    return int(status.read_text(encoding="utf-8"))


def _print(emulator: subprocess.Popen[bytes]) -> None:
    """Print what comes from the machine as it comes, and keep it."""
    assert emulator.stdout is not None
    with (SHARED / "output").open("wb") as kept:
        while data := os.read(emulator.stdout.fileno(), 65536):
            text = data.replace(b"\r", b"")
            kept.write(text)
            kept.flush()
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
