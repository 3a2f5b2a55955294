"""Attaching to a process of this machine whose main thread is hardly ever outside of the memory allocator."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.rig import fake_agent
from lightleak.device.agent_link import Link
from lightleak.device.connection import DeviceConnection
from lightleak.device.processes import ProcessInfo
from lightleak.device.targets import DeviceChoice
from lightleak.errors import DeviceError

COMPILER = shutil.which("gcc") or shutil.which("clang")
BUSY = """
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
static void *wait_always(void *unused) { for (;;) pause(); }
static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}
/* Argument: for how many milliseconds it waits after each half second in which it allocates; 0: it never waits. */
int main(int argc, char *argv[]) {
  pthread_t other; /* with it, the allocator takes its locks */
  pthread_create(&other, NULL, wait_always, NULL);
  void *blocks[64] = {NULL};
  unsigned long random = 1;
  double until = now() + 0.5;
  for (unsigned long n = 1;; n++) {
    random = random * 6364136223846793005UL + 1442695040888963407UL;
    int i = random >> 40 & 63;
    free(blocks[i]);
    blocks[i] = malloc(2000 + (random >> 33 & 0x7fff));
    if (atoi(argv[1]) == 0 || n % 1024 != 0 || now() < until) continue;
    usleep(atoi(argv[1]) * 1000);
    until = now() + 0.5;
  }
}
"""

pytestmark = pytest.mark.skipif(COMPILER is None or sys.platform != "linux", reason="needs Linux and a C compiler")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("busy")
    (folder / "busy.c").write_text(BUSY, encoding="utf-8")
    assert COMPILER is not None
    subprocess.run([COMPILER, "-O1", "-w", folder / "busy.c", "-o", folder / "busy", "-lpthread"], check=True)
    return folder / "busy"


@contextmanager
def running(program: Path, pause_ms: int) -> Iterator[int]:
    with subprocess.Popen([program, str(pause_ms)]) as process:
        time.sleep(0.4)  # it has left its loader
        try:
            yield process.pid
        finally:
            process.kill()


def opened(pid: int) -> DeviceError | None:
    async def run() -> DeviceError | None:
        link = Link(await DeviceConnection(DeviceChoice()).device(), ProcessInfo(pid, "busy"))
        try:
            await link.open(fake_agent(), client="A")
        except DeviceError as raised:
            return raised
        finally:
            await link.close()
        return None

    return asyncio.run(run())


def test_a_process_is_stopped_when_its_main_thread_waits(busy: Path) -> None:
    for _ in range(4):
        with running(busy, 900) as pid:
            assert opened(pid) is None


def test_a_process_that_frida_has_left_hanging_is_not_tried_again(busy: Path) -> None:
    for _ in range(10):  # it may be outside of the allocator by chance
        with running(busy, 0) as pid:
            began_s = time.monotonic()
            raised = opened(pid)
            if raised is not None:
                break
    assert raised is not None
    assert "hangs" in str(raised)
    assert time.monotonic() - began_s < 2 + 10 + 3
