"""The runtime shims alone: for this machine, and for arm64 where it can be compiled and emulated."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from standin.settings import BUILD

pytestmark = pytest.mark.standin

SOURCE = Path(__file__).parent / "checks" / "shims.m"
ARM_ROOT = "/usr/aarch64-linux-gnu"


def build(compiler: str, program: Path, *options: str) -> bool:
    command = [compiler, "-std=gnu11", "-w", str(SOURCE), "-o", str(program), *options, "-lobjc", "-ldl"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_the_shims_pass_every_call_on(tmp_path):
    if "LIGHTLEAK_BUILT" in os.environ:  # on a machine without a compiler
        subprocess.run([BUILD / "checks/shims", BUILD / "usr/lib"], check=True)
        return
    library = subprocess.run(["gcc", "-print-libgcc-file-name"], check=True, capture_output=True, text=True).stdout
    include = Path(library.strip()).parent / "include"
    options = ("-fobjc-runtime=gcc", "-idirafter", str(include), f"-L{include.parent}")
    assert build("clang", tmp_path / "shims", *options)
    subprocess.run([tmp_path / "shims", BUILD / "usr/lib"], check=True)


def test_the_arm64_shims_pass_every_call_on(tmp_path):
    emulator = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
    if platform.machine() != "x86_64" or emulator is None or shutil.which("aarch64-linux-gnu-gcc") is None:
        pytest.skip("needs gcc-aarch64-linux-gnu, gobjc-12-aarch64-linux-gnu and qemu-user-static")
    if not build("aarch64-linux-gnu-gcc", tmp_path / "shims"):
        pytest.skip("the cross compiler has no Objective-C: gobjc-12-aarch64-linux-gnu")
    script = Path(__file__).resolve().parents[2] / "scripts" / "build-standin"
    subprocess.run([script, "--arm64"], check=True)
    shims = BUILD.with_name("standin-arm64") / "usr/lib"
    subprocess.run([emulator, "-L", ARM_ROOT, tmp_path / "shims", shims], check=True)


def test_the_arm64_shims_are_compiled_where_there_is_a_cross_compiler() -> None:
    if shutil.which("aarch64-linux-gnu-gcc") is None:
        pytest.skip("needs gcc-aarch64-linux-gnu")
    script = Path(__file__).resolve().parents[2] / "scripts" / "build-standin"
    subprocess.run([script, "--arm64"], check=True)
    libraries = BUILD.with_name("standin-arm64") / "usr/lib"
    wanted = {
        "libobjc.A.dylib": {"objc_msgSend", "object_getClass", "class_copyMethodList", "sel_registerName"},
        "libdispatch.dylib": {"dispatch_async", "dispatch_after", "dispatch_barrier_async", "dispatch_group_async"},
        "libsystem_malloc.dylib": set(),
    }
    for name, symbols in wanted.items():
        data = (libraries / name).read_bytes()
        assert (data[:4], data[18:20]) == (b"\x7fELF", b"\xb7\x00")  # EM_AARCH64
        listed = subprocess.run(
            ["nm", "-D", "--defined-only", libraries / name], check=True, capture_output=True, text=True
        )
        assert symbols <= {line.split()[-1] for line in listed.stdout.splitlines()}
