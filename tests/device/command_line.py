"""``lightleak`` with the fake agent in the place of the real one: ``python command_line.py ARGUMENTS``."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import lightleak.device.agent_bundle
import lightleak.device.queries
import lightleak.device.recorder.run
from device.rig import fake_agent
from lightleak.cli import main
from lightleak.device.recorder.sink import SessionRecorder

if limit := os.environ.get("FILE_BYTES_MAX"):
    # From the moment of recording on, as a disk would be full: attaching writes a large file of its own.
    begin = SessionRecorder.begin

    def begin_limited(self: SessionRecorder, header: dict[str, Any]) -> None:
        begin(self, header)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))

    SessionRecorder.begin = begin_limited

lightleak.device.recorder.run.agent_source = fake_agent
lightleak.device.queries.agent_source = fake_agent
lightleak.device.agent_bundle.probe_catalogue = lambda: {"version": 1, "probes": [], "excluded": []}
main()
