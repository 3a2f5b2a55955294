"""``lightleak`` with the fake agent in the place of the real one: ``python command_line.py ARGUMENTS``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import lightleak.device.agent
import lightleak.device.listing
import lightleak.device.session
from device.rig import fake_agent
from lightleak.cli import main

lightleak.device.session.agent_source = fake_agent
lightleak.device.listing.agent_source = fake_agent
lightleak.device.agent.probe_catalogue = lambda: {"version": 1, "probes": [], "excluded": []}
main()
