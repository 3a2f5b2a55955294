"""``lightleak`` with the fake agent in the place of the real one: ``python command_line.py ARGUMENTS``."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import lightleak.device.agent
import lightleak.device.listing
import lightleak.device.session
from device.rig import fake_agent
from lightleak.cli import main
from lightleak.device.recording import Recording

if limit := os.environ.get("FILE_BYTES_MAX"):
    # From the moment of recording on, as a disk would be full: attaching writes a large file of its own.
    begin = Recording.begin

    def begin_limited(self: Recording, header: dict[str, Any]) -> None:
        begin(self, header)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))

    Recording.begin = begin_limited

lightleak.device.session.agent_source = fake_agent
lightleak.device.listing.agent_source = fake_agent
lightleak.device.agent.probe_catalogue = lambda: {"version": 1, "probes": [], "excluded": []}
main()
