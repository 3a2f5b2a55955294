"""Run inputs by their seeds: ``scripts/fuzz --inputs N``; ``--seed S --inputs 1 -v`` runs one of them again."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz.campaign import Campaign, without_waiting
from fuzz.inputs import Input, emptied
from fuzz.judge import run
from lightleak.cli import _group


def main() -> int:
    """Run, and print as JSON what was found; 1 when anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=0, help="the first")
    options.add_argument(
        "--folder", type=Path, help="for the files of the inputs (default: in memory where there is such a folder)"
    )
    options.add_argument("--most-faults", type=int, default=50, help="stop at so many different faults")
    options.add_argument("-v", "--verbose", action="store_true", help="print each command and its output")
    chosen = options.parse_args()
    memory = Path("/dev/shm")
    without_waiting()
    # A command takes SIGTERM as its own end, and the next input would follow.
    _group._interrupt = lambda *_: os._exit(143)
    campaign, started_s, cpu_s = Campaign(), time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(dir=chosen.folder or (memory if memory.is_dir() else None)) as name:
        folder = Path(name)
        for seed in range(chosen.seed, chosen.seed + chosen.inputs):
            if chosen.verbose:
                arguments = Input(seed, emptied(folder)).arguments()
                print(arguments, run(arguments), sep="\n", file=sys.stderr)
            before = len(campaign.faults)
            campaign.take(seed, folder)
            if len(campaign.faults) > before:
                print(f"seed {seed}: {list(campaign.faults)[-1]}", file=sys.stderr, flush=True)
            if len(campaign.faults) >= chosen.most_faults:
                break
            if not campaign.inputs % 10_000:
                print(f"{campaign.inputs} inputs, {time.monotonic() - started_s:.0f} s", file=sys.stderr, flush=True)
    figures = {
        "inputs": campaign.inputs,
        "first_seed": chosen.seed,
        "seconds": round(time.monotonic() - started_s),
        "cpu_seconds": round(time.process_time() - cpu_s),
        "faults": {fault: [len(seeds), seeds[:3]] for fault, seeds in campaign.faults.items()},
        "ended": dict(sorted(campaign.codes.items())),
    }
    print(json.dumps(figures, indent=2))
    return 1 if campaign.faults else 0


if __name__ == "__main__":
    sys.exit(main())
