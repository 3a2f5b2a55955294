"""Compare verdicts with the truth: confusion matrices, and counts that must be 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from simulator.triggers import SetOff
from simulator.weeks import Week

CAUSES = ("picker", "query", "open", "notification", "unexplained", "unobserved")
STATES = ("active", "inactive", "background", "mixed", "unknown")
TRIGGERS = ("change", "touch", "wake", "launch", "activation", "none", "unknown")
BY = ("link", "time", "none")
READS = ("under an entry", "unreported")
DEPTHS = ("none", "notification", "open", "metadata", "thumbnail", "data")


@dataclass
class Score:
    """Counts over weeks. The keys of the matrices are (truth, verdict)."""

    cause: Counter[tuple[str, str]] = field(default_factory=Counter)
    depth: Counter[tuple[str, str]] = field(default_factory=Counter)
    state: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Recorded reads: whether an entry shows them or they are unreported."""
    writer: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Who really wrote it, for entries whose making call was recorded."""
    blamed_unwatched: int = 0
    """``unexplained``, although the app's own process was not watched just before the time stamp."""
    blamed_unseen: int = 0
    """``unexplained``, although the call behind it was the app's own and not recorded: it happened shortly before the time stamp."""
    trigger: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What set off the entries whose cause is right and has an act; only in weeks with origins."""
    by: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How that is known."""
    act_trigger: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What set off each recorded act."""
    act_by: Counter[tuple[str, str]] = field(default_factory=Counter)
    right_by: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How the trigger of an act is known, and whether it is right."""
    linked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What set off the entries and acts whose link was recorded."""
    false_links: int = 0
    """Triggers by link that name another event than the real origin, of acts and of entries."""
    baseless: int = 0
    """Depths without an event of that depth as evidence."""

    def add(self, week: Week, verdicts: Iterable[dict[str, Any]]) -> None:
        """Count one week."""
        deep = {f"1:{event['segment']}:{event['seq']}": _depth(event) for event in week.events}
        for verdict in verdicts:
            claimed = verdict["depth"]
            self.baseless += claimed != "none" and claimed not in {deep.get(ref) for ref in verdict["evidence"]}
            truth = week.truths.get(verdict["identifier"])
            if truth is None:
                continue
            self.cause[truth.cause, verdict["cause"]] += 1
            self.depth[truth.depth, claimed] += 1
            self.state[truth.state, verdict["state"]] += 1
            if truth.maker_seen:
                self.writer[truth.writer, verdict["cause"]] += 1
            if truth.trigger is not None and week.plan.origins and truth.cause == verdict["cause"]:
                self._add_trigger(week, truth.trigger, verdict["trigger"], sure=verdict["match"] == "identifier")
            if verdict["cause"] == "unexplained":
                self.blamed_unwatched += not truth.watched
                self.blamed_unseen += truth.cause == "unobserved"

    def _add_trigger(self, week: Week, truth: SetOff, found: Any, *, sure: bool) -> None:
        """Count the trigger of one entry. ``sure``: which act made it is known by identifier."""
        self.trigger[truth.kind, found.kind] += 1
        self.by[truth.by, found.by] += 1
        if truth.by == "link":
            self.linked[truth.kind, found.kind] += 1
        self.false_links += sure and found.by == "link" and week.origins.get(found.event) != id(truth.origin)

    def add_acts(self, week: Week, found: Iterable[tuple[str, str, str, str | None]]) -> None:
        """Count the triggers of one week's recorded acts: reference, kind, by, and the reference of the origin."""
        for name, kind, by, origin in found:
            truth = week.acts[name]
            self.act_trigger[truth.kind, kind] += 1
            self.act_by[truth.by, by] += 1
            if truth.by == "link":
                self.linked[truth.kind, kind] += 1
            self.right_by[by, "right" if truth.kind == kind else "wrong"] += 1
            self.false_links += by == "link" and week.origins.get(origin or "") != id(truth.origin)

    def add_reads(self, week: Week, unreported: set[str]) -> None:
        """Count the verdicts on one week's recorded reads."""
        for name, bare in week.reads.items():
            self.read[READS[bare], READS[name in unreported]] += 1
        # An unreported run that is not a read of the report's time has no truth, and counts as wrong.
        self.read["neither", READS[True]] += len(unreported - set(week.reads))

    @property
    def entries(self) -> int:
        """How many verdicts were compared with a truth."""
        return self.cause.total()


def accuracy(matrix: Counter[tuple[str, str]]) -> float:
    """Return the share on the diagonal."""
    return sum(count for (truth, verdict), count in matrix.items() if truth == verdict) / max(matrix.total(), 1)


def table(name: str, matrix: Counter[tuple[str, str]], words: tuple[str, ...]) -> str:
    """Return a matrix as text: a row for each truth, a column for each verdict."""
    used = [word for word in words if any(word in pair for pair in matrix)]
    rows = [f"{name} {accuracy(matrix):.4f} of {matrix.total():,}".ljust(26) + "".join(w[:11].rjust(12) for w in used)]
    rows += [
        truth.ljust(26) + "".join(str(matrix[truth, verdict] or "·").rjust(12) for verdict in used) for truth in used
    ]
    return "\n".join(rows)


def _depth(event: dict[str, Any]) -> str | None:
    match event["kind"]:
        case "access":
            return str(event["depth"])
        case "notification":
            return "notification"
        case "observer" if event["action"] == "registered":
            return "open"
    return None
