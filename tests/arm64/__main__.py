"""Run a command in the machine, for now."""

from __future__ import annotations

import os
import sys
import time

from .disks import site_disk, start_files
from .emulator import run
from .project import project_disk

cpu = os.environ.get("CPU", "cortex-a72")
start, site = start_files(), site_disk()
project = project_disk(protected=cpu != "cortex-a72")
began = time.monotonic()
status = run(start, site, project, sys.argv[1], cpu=cpu, options=tuple(os.environ.get("QEMU", "").split()))
print(f"{time.monotonic() - began:.1f} s")
sys.exit(status)
