"""What the runs of a bisection showed, as data and in sentences that claim no more."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from lightleak.device.bisect.runs import AppRun
from lightleak.device.endings import Endings, chance_words, exact_p
from lightleak.device.probe_choice import shortest_words
from lightleak.device.targets import target_words
from lightleak.wording import join_and, plural

Outcome: TypeAlias = Literal["stays", "ends-alone", "ends-attached", "found", "not-repeated", "not-finished"]
"""``stays``: with all probes. ``ends-alone``: also without being attached to. ``ends-attached``: also without a hook.
``found``: sets of probes with which it ends, and it stays without them. ``not-repeated``: it ended with all probes, and later
with none of the sets that this led to. ``not-finished``: stopped, or the app or the device did not come back."""


@dataclass(frozen=True, slots=True)
class GuiltySet:
    """Probes with all of which the app ended, the smallest such set that was found."""

    probes: tuple[str, ...]
    endings: Endings
    """Of the runs with just these."""


@dataclass(slots=True)
class BisectResult:
    """All runs so far, and what they show."""

    target: str
    window_s: float
    repeat: int
    tried: tuple[str, ...]
    """The probes in question."""
    outcome: Outcome = "not-finished"
    problem: str | None = None
    """Why it was not finished."""
    hint: str = ""
    """What helps against that."""
    stopped: bool = False
    """Whether the person stopped it."""
    runs: list[AppRun] = field(default_factory=list)
    between: int = 0
    """Endings between two runs."""
    guilty: list[GuiltySet] = field(default_factory=list)
    rest: Endings | None = None
    """Of the runs with all probes but the guilty ones."""
    not_tried: tuple[str, ...] = ()
    """Probes that the user left out."""
    device_words: tuple[str, ...] = ()
    """The words of the command line that name the device."""

    def endings(self, kind: str, probes: Sequence[str] = ()) -> Endings:
        """Return the endings of the runs of a kind, with exactly these probes."""
        wanted, found = tuple(sorted(probes)), Endings()
        for run in self.runs:
            if run.kind == kind and run.probes == wanted:
                found.add(run.after_s, ended=run.ended)
        return found

    @property
    def alone(self) -> Endings:
        """The runs that were watched in the list of processes only."""
        return self.endings("alone")

    @property
    def attached(self) -> Endings:
        """The runs that were attached to without a hook."""
        return self.endings("attached")

    @property
    def all_probes(self) -> Endings:
        """The runs with all probes in question."""
        return self.endings("hooked", self.tried)

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The fewest probes with which it has ended so far; none where it never did."""
        sets = [run.probes for run in self.runs if run.kind == "hooked" and run.ended]
        return min(sets, key=len, default=())

    @property
    def mixed(self) -> bool:
        """Whether the runs contradict each other: it ended with some probes, and stayed with the same or with more."""
        hooked = [run for run in self.runs if run.kind == "hooked"]
        stayed = [frozenset(run.probes) for run in hooked if not run.ended]
        return any(frozenset(run.probes) <= probes for run in hooked if run.ended for probes in stayed)

    @property
    def left_out(self) -> tuple[str, ...]:
        """All probes of the guilty sets, sorted."""
        return tuple(sorted({probe for guilty in self.guilty for probe in guilty.probes}))

    @property
    def command(self) -> str | None:
        """What to run next: a recording without the guilty probes, or the rest of this search; None where nothing helps."""
        if self.outcome == "stays":
            return self._line("record", "--without", self.not_tried)
        if self.outcome == "found":
            return self._line("record", "--without", (*self.not_tried, *self.left_out))
        if self.outcome == "not-finished" and 1 < len(self.narrowed) < len(self.tried):
            return self._line("doctor", "--only", self.narrowed, "--bisect")
        return None

    def _line(self, command: str, option: str, probes: Sequence[str], *more: str) -> str:
        words = [option, ",".join(shortest_words(probes))] if probes else []
        return shlex.join(["lightleak", command, *target_words(self.target), *self.device_words, *more, *words])

    def found(self) -> str:
        """Return what was seen, with every count."""
        match self.outcome:
            case "stays":
                return f"it stayed with all {len(self.tried)} probes that were tried: ended {self.all_probes.words()}"
            case "ends-alone":
                return f"it ended without being attached to: {self.alone.words()}"
            case "ends-attached":
                return f"it ended when it was attached to and nothing was hooked: {self.attached.words()}; {self._without()}"
            case "found":
                sets = join_and([f"{_named(guilty.probes)} ({guilty.endings.words()})" for guilty in self.guilty])
                rest = f"with all others: {self.rest.words()}; " if self.rest else ""
                return f"it ended with {sets}; {rest}{self._without()}"
            case "not-repeated":
                return (
                    f"it ended with all probes ({self.all_probes.words()}), but not again with those that this led to"
                )
        seen = f"; it has ended with {_named(self.narrowed)} at the fewest" if self.narrowed else ""
        return f"not finished after {plural(len(self.runs), 'run')} ({self.problem}){seen}{self._controls()}"

    def why(self) -> str:
        """Return what that means, and what it does not show."""
        late = f"; it also ended {plural(self.between, 'time')} between two runs" if self.between else ""
        if self.mixed:
            late += "; it does not end each time, so that a set can be too large or incomplete: give more runs with --repeat"
        match self.outcome:
            case "stays":
                return f"it may still end later, or when it is used in another way{late}"
            case "ends-alone":
                return f"what ends it is not what is hooked, as far as these runs show{late}"
            case "ends-attached":
                chance = chance_words(self.attached, self.alone)
                return f"it may look for Frida, or not bear it; fewer probes do not help; {chance}{late}"
            case "found":
                sets = any(len(guilty.probes) > 1 for guilty in self.guilty)
                together = (
                    "with those of a set only together, so that leaving out one of them may be enough; " if sets else ""
                )
                stayed = (
                    "it stayed when they were left out, and what they see is not recorded then; " if self.rest else ""
                )
                chance = "; ".join(chance_words(guilty.endings, self.rest or self.attached) for guilty in self.guilty)
                return f"{together}{stayed}{chance}{late}"
            case "not-repeated":
                return f"it ends now and then, so that too few runs decide nothing{late}"
        return f"what was found until then is listed{late}"

    def remedy(self) -> str:
        """Return what to do."""
        match self.outcome:
            case "found" | "stays":
                return self.command or ""
            case "ends-alone":
                return "find out why it ends by itself, then try again"
            case "ends-attached":
                return (
                    "record another app, or another version of this one (docs/troubleshooting.md, An app that leaves)"
                )
            case "not-repeated":
                return "give more runs with --repeat, or more time with --for"
        again = self.command or "run the same command again"
        return f"{self.hint}, then {again}" if self.hint and self.hint != again else again

    def _without(self) -> str:
        return f"without being attached to: {self.alone.words()}"

    def _controls(self) -> str:
        counts = (("not attached to", self.alone), ("attached to, nothing hooked", self.attached))
        return "".join(f"; {what}: ended {endings.words()}" for what, endings in counts if endings.runs)

    def to_dict(self) -> dict[str, Any]:
        """Return the key ``bisect`` of ``doctor --format json``."""
        every = self.all_probes
        return {
            "outcome": self.outcome,
            "problem": self.problem,
            "window_s": self.window_s,
            "repeat": self.repeat,
            "tried": len(self.tried),
            "alone": self.alone.to_dict(),
            "attached": self.attached.to_dict(),
            "hooked": every.to_dict(),
            "p": exact_p(every, self.alone) if every.runs and self.alone.runs else None,
            "guilty": [
                {"probes": list(guilty.probes), "groups": [*shortest_words(guilty.probes)], **guilty.endings.to_dict()}
                for guilty in self.guilty
            ],
            "rest": self.rest.to_dict() if self.rest else None,
            "narrowed": list(self.narrowed),
            "mixed": self.mixed,
            "between": self.between,
            "command": self.command,
            "runs": [
                {
                    "kind": run.kind,
                    "probes": len(run.probes),
                    "words": [*shortest_words(run.probes)],
                    "ended": run.ended,
                    "after_s": round(run.after_s, 1),
                    "reason": run.reason,
                    "fresh": run.fresh,
                }
                for run in self.runs
            ],
        }


_NAMED_MOST = 4


def _named(probes: Sequence[str]) -> str:
    words = shortest_words(probes)
    listed = ", ".join(words[:_NAMED_MOST])
    more = f" and {len(words) - _NAMED_MOST} more" if len(words) > _NAMED_MOST else ""
    return f"{listed}{more}{' together' if len(probes) > 1 else ''}"
