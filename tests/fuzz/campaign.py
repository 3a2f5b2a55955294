"""Many inputs, one after the other: how many of which command, how they ended, and what was wrong."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.inputs import Input, emptied
from fuzz.judge import run


@dataclass
class Campaign:
    """What was found so far."""

    inputs: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    """``COMMAND EXIT-CODE`` → how many."""
    faults: dict[str, list[int]] = field(default_factory=dict)
    """What is wrong and where → the seeds, the first few."""

    def take(self, seed: int, folder: Path) -> None:
        """Make the input of a seed, run it, and count how it ended."""
        arguments = Input(seed, emptied(folder)).arguments()
        outcome = run(arguments)
        self.inputs += 1
        command = arguments[0] if arguments and arguments[0].isalpha() else "?"
        self.codes[f"{command} {outcome.code}"] += 1
        if outcome.fault:
            what = outcome.where or outcome.fault
            self.faults.setdefault(f"{command}: {outcome.fault.partition(':')[0]} in {what}", []).append(seed)


def without_waiting() -> None:
    """Let a replay pass its pauses at once, and look for the commands' files once: what is tested is not how long that takes."""
    from lightleak.cli import _group
    from lightleak.views.live import replay_pace

    names = _group._LazyGroup.list_commands(_group.cli, None)  # type: ignore[arg-type]
    _group._LazyGroup.list_commands = lambda _self, _ctx: names  # type: ignore[method-assign]

    clock = [0.0]

    def sleep(seconds: float) -> None:
        time.sleep(0 if seconds < 9e9 else seconds)  # what the system refuses stays refused
        clock[0] += 1e15  # a pause of a thousand years is passed in one step, not in steps as long as a sleep may be

    replay_pace.paced.__kwdefaults__.update(now=lambda: clock[0], sleep=sleep)
