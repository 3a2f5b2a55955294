"""Instructions that the agent adds to a call on arm64, counted in an emulated machine (tests/arm64): no figures of time.

They do not depend on how busy this machine is, so a regression shows as a number that has grown. They say nothing about how
long a phone takes for them. `ratios` compares what the agent adds to other calls with what it adds to the cheapest one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from arm64.emulator import SHARED

ROOT = Path(__file__).parents[2]
COMMAND = "LIGHTLEAK_BUILT=1 python3 -m arm64.figures > /shared/figures.json"


def run() -> dict[str, Any]:
    """Measure. Return what → instructions."""
    environment = os.environ | {"CPU": "cortex-a72"}
    subprocess.run(
        [ROOT / "scripts/test-arm64", "--processors", "1", "--command", COMMAND], check=True, env=environment
    )
    return dict(json.loads((SHARED / "figures.json").read_text(encoding="utf-8")))
