"""What the machine is started from: the kernel, an initrd with its drivers, and the disks."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from .cache import TOP, CannotRunError, digest, files_of, kept
from .system import kernel_version, system

GUEST = Path(__file__).parent / "guest"
DRIVERS = ("virtio_pci", "virtio_blk", "ext4", "9pnet_virtio", "9p", "virtio_rng")
FOR_TESTS = ("pytest", "pytest-rerunfailures", "hypothesis", "jsonschema")
"""Of the development packages, those that the tests in the machine need."""
_UNUSED = ("boot", "lib/modules", "usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/i18n")
_PYTHON = "311"


def start_files() -> Path:
    """Return a folder with ``kernel``, ``initrd`` and the root's disk, ``root.img``."""
    unpacked = system() / "root"
    made_from = digest(system().with_suffix(".made-from"), Path(__file__), *files_of(GUEST))

    def make(folder: Path) -> None:
        version = kernel_version(unpacked)
        shutil.copy(unpacked / f"boot/vmlinuz-{version}", folder / "kernel")
        _make_initrd(unpacked, version, folder)
        root = folder / "root"
        # Links: the disk has a copy, and what is removed here stays in the other folder.
        subprocess.run(["cp", "-al", unpacked, root], check=True)
        for name in _UNUSED:
            shutil.rmtree(root / name, ignore_errors=True)
        for name in ("proc", "sys", "dev", "tmp", "run", "root", "opt/site", "var/tmp", "project", "shared"):
            (root / name).mkdir(parents=True, exist_ok=True)
        (root / "bin/sh").unlink(missing_ok=True)
        (root / "bin/sh").symlink_to("bash")
        for name, text in {
            "passwd": "root:x:0:0:root:/root:/bin/bash\n",
            "group": "root:x:0:\n",
            "hosts": "127.0.0.1 localhost phone\n",
        }.items():
            (root / "etc" / name).unlink(missing_ok=True)
            (root / "etc" / name).write_text(text, encoding="utf-8")
        shutil.copy(GUEST / "init", root / "init")
        make_disk(root, folder / "root.img", spare_mb=200)
        shutil.rmtree(root)

    return kept("start", "making the kernel, the initrd and the root disk", made_from, make)


def site_disk() -> Path:
    """Return the disk with the Python packages of the constraints, as wheels for arm64."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"]]
    wanted += [one for one in project["dependency-groups"]["dev"] if re.split(r"[<>=]", one)[0] in FOR_TESTS]
    made_from = digest(Path(__file__), TOP / "constraints.txt", *wanted)

    def make(folder: Path) -> None:
        command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        command += ["--only-binary=:all:", "--implementation", "cp", "--python-version", _PYTHON]
        command += [part for abi in (f"cp{_PYTHON}", "abi3", "none") for part in ("--abi", abi)]
        for platform in ("manylinux2014_aarch64", "manylinux_2_28_aarch64"):
            command += ["--platform", platform]
        command += ["--target", str(folder / "site"), "-c", str(TOP / "constraints.txt"), *wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            raise CannotRunError(
                f"pip could not get the wheels for arm64 ({lines[-1]}): check the network, and constraints.txt."
            )
        # Compiled once here rather than at each start there. Where the versions differ, Python there ignores them.
        make_disk(folder / "site", folder / "site.img", spare_mb=16)
        shutil.rmtree(folder / "site")

    return kept("site", "getting the Python packages for arm64", made_from, make) / "site.img"


def make_disk(content: Path, disk: Path, *, spare_mb: int) -> None:
    """Write an ext4 disk with what a folder contains, and so many megabytes of free space."""
    kb = int(subprocess.run(["du", "-sk", content], check=True, capture_output=True, text=True).stdout.split()[0])
    disk.unlink(missing_ok=True)
    command = [
        "mke2fs",
        "-q",
        "-t",
        "ext4",
        "-O",
        "^has_journal",
        "-m",
        "0",
        "-E",
        "root_owner=0:0",
        "-d",
        content,
        disk,
    ]
    subprocess.run(
        [*command, f"{kb * 5 // 4 // 1024 + 32 + spare_mb}M"], check=True, stdout=subprocess.DEVNULL, env=_with_sbin()
    )


def _make_initrd(unpacked: Path, version: str, folder: Path) -> None:
    early = folder / "early"
    for name in ("bin", "dev", "new", "drivers"):
        (early / name).mkdir(parents=True)
    shutil.copy(unpacked / "bin/busybox", early / "bin")
    shutil.copy(GUEST / "early-init", early / "init")
    subprocess.run(["depmod", "-b", unpacked, version], check=True, env=_with_sbin())
    needed: list[str] = []
    for driver in DRIVERS:
        command = ["modprobe", "-S", version, "-d", str(unpacked), "--show-depends", driver]
        lines = subprocess.run(
            command, check=True, capture_output=True, text=True, env=_with_sbin()
        ).stdout.splitlines()
        needed += [line.split()[1] for line in lines if line.startswith("insmod ")]
    # In the order in which they need each other.
    for number, path in enumerate(dict.fromkeys(needed), 100):
        shutil.copy(path, early / "drivers" / f"{number}.ko")
    names = "\0".join(str(path.relative_to(early)) for path in [early, *sorted(early.rglob("*"))])
    packed = subprocess.run(
        ["cpio", "--quiet", "-o", "-0", "-H", "newc"], input=names.encode(), cwd=early, check=True, capture_output=True
    )
    (folder / "initrd").write_bytes(gzip.compress(packed.stdout))
    shutil.rmtree(early)


def _with_sbin() -> dict[str, str]:
    return os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
