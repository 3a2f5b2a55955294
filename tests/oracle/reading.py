"""Section 4 of the contract, read literally and slowly: one function per rule, in the contract's words.

An independent second reading, written from the contract alone. Where the contract is silent, a comment says so and
docs/verdicts.md decides. ``evidence`` is not defined by the contract, so the state "in force at the evidence" is looked up
at the evidence that the verdict names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oracle.recording import (
    LADDER,
    MS,
    Event,
    Seen,
    Segment,
    Span,
    at_least,
    covers,
    segments_of,
    step_of,
    within,
    without,
)
from oracle.report import Entry, Line, read
from oracle.triggers import UNKNOWN, Trigger, trigger_of

JUST_BEFORE = 50 * MS
RUN_APART = 60_000 * MS


class Verdict:
    """What the reading says of one entry."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.cause = ""
        self.match = "none"
        self.giving: list[Seen] = []
        """The near events that the cause by time rests on."""
        self.act: Seen | None = None
        self.trigger: Trigger | None = None
        self.depth = "none"
        self.triggers: Counter[str] = Counter()
        self.properties: Counter[str] = Counter()
        self.flags: set[str] = set()
        self.state = "unknown"
        self.states: set[str] = set()


class Reading:
    """All verdicts about a report and its sessions."""

    def __init__(self, sessions: Iterable[list[Event]], lines: list[Line], lag: int) -> None:
        self.segments = segments_of(sessions)
        self.report = read(lines)
        self.lag = lag
        self.apps = sorted({segment.identifier for segment in self.segments if segment.identifier})
        self.stretches: dict[str, Span] = {}
        self.entries = [entry for entry in self.report.entries if entry.category == "photos" and entry.app in self.apps]
        self.stretches = {entry.identifier: self.stretch(entry) for entry in self.entries}

    # The process that could have made an entry "is one whose identifier is the entry's app".
    def own(self, app: str) -> list[Segment]:
        return [segment for segment in self.segments if segment.identifier == app]

    def coverage(self, app: str) -> list[Span]:
        """Return when the app was covered. What one process lost, no other makes good (docs/verdicts.md)."""
        own = self.own(app)
        return list(without([s for one in own for s in one.watched], [s for one in own for s in one.lost]))

    def events(self, app: str) -> list[Seen]:
        found = [Seen(segment, event) for segment in self.own(app) for event in segment.seen()]
        return sorted(found, key=lambda seen: seen.order)

    def is_near(self, seen: Seen, entry: Entry) -> bool:
        """Return whether ``begin − lag ≤ wall_ns < begin + 1 ms``; "suspended does not count towards the lag"."""
        if entry.begin is None or seen.at >= entry.begin + MS:
            return False
        return seen.at >= entry.begin or seen.segment.awake(seen.at, entry.begin) <= self.lag

    def near(self, entry: Entry) -> list[Seen]:
        return [seen for seen in self.events(entry.app) if self.is_near(seen, entry)]

    def is_under(self, seen: Seen, entry: Entry) -> bool:
        """Return whether an event lies "from ``begin − lag`` to ``end``"; "by the clock, sleep included".

        "To ``end``" adds 1 ms (docs/verdicts.md: the report's times have milliseconds).
        """
        start, end = self.stretches.get(entry.identifier) or self.stretch(entry)
        return start <= seen.at < end + MS

    def may_be_under(self, seen: Seen, entry: Entry) -> bool:
        """Return whether an event lies under an entry by any of its lines: docs/verdicts.md, where they contradict each other."""
        start, end = self.stretches.get(entry.identifier) or self.stretch(entry)
        if entry.begin is not None and entry.earliest is not None:
            start -= entry.begin - entry.earliest
        if entry.end is not None and entry.latest is not None and entry.latest > entry.end:
            end = max(end, entry.latest)
        return start <= seen.at < end + MS

    def stretch(self, entry: Entry) -> Span:
        """Return ``begin − lag`` and ``end``, "by the clock, sleep included"."""
        begin = self.report.start_of(entry)
        start = begin if entry.begin is None else begin - self.lag
        return start, self.report.end_of(entry)

    # cause: "why does this entry exist?". The first that holds.
    def decide_cause(self, verdict: Verdict) -> None:
        entry = verdict.entry
        if entry.out_of_process:  # 1
            verdict.cause = "picker"
        elif logged := self.accounting(entry):  # 2
            verdict.cause, at = logged
            verdict.match = "identifier"
            verdict.act = self.act_before(at, verdict.cause)
        elif entry.begin is None or not covers(self.coverage(entry.app), entry.begin - JUST_BEFORE):  # 3
            verdict.cause = "unobserved"
        else:
            self.decide_cause_by_time(verdict)

    def decide_cause_by_time(self, verdict: Verdict) -> None:
        near = self.near(verdict.entry)
        contacts = [seen for seen in near if seen.event is seen.segment.first_contact()]
        queries = [s for s in near if step_of(s.event) == "metadata" and not s.segment.accounting_installed(s.event)]
        steps = {step for seen in near if (step := step_of(seen.event))}
        for cause, acts in (("open", contacts), ("query", queries)):  # 4, 5
            if acts:
                verdict.cause, verdict.match, verdict.giving = cause, "time", acts
                break
        else:
            if steps == {"notification"}:  # 6
                verdict.cause, verdict.match = "notification", "time"
                verdict.giving = [seen for seen in near if step_of(seen.event)]
            else:
                verdict.cause = "unexplained"  # 7
        # The contract does not say which of several near events is "the event that gave the cause".
        verdict.act = verdict.giving[0] if verdict.giving else None

    def accounting(self, entry: Entry) -> tuple[str, Seen] | None:
        """Return "an ``accounting`` event … carries its identifier": the cause, and the first such event."""
        found = [
            Seen(segment, event)
            for segment in self.segments
            for event in segment.of_kind("accounting")
            if event.get("identifier") == entry.identifier
        ]
        own = [seen for seen in found if seen.segment.role in {"app", "extension"}]
        if own:
            return "query", own[0]
        return ("open", found[0]) if found else None

    def act_before(self, at: Seen, cause: str) -> Seen | None:
        """Return "the last event of depth ``metadata`` … at or before the accounting event and within the lag"."""
        steps = {"metadata"} if cause == "query" else {"open", "metadata"}
        acts = [
            event
            for event in at.segment.seen()
            if event["seq"] <= at.event["seq"]
            and step_of(event) in steps
            and at.segment.awake_between(event, at.event) <= self.lag
        ]
        if any(acts and acts[-1]["seq"] < after["seq"] <= at.event["seq"] for _, after in at.segment.losses):
            return None  # the contract is silent: the act itself may have been lost, so "no E seen"
        return Seen(at.segment, acts[-1]) if acts else None

    def decide_trigger(self, verdict: Verdict) -> None:
        """Say what set E off: "null for cause picker, unexplained and unobserved"; "no E seen: unknown, by none"."""
        if verdict.match != "none":
            verdict.trigger = UNKNOWN if verdict.act is None else trigger_of(verdict.act, self.lag)

    def decide_depth(self, verdict: Verdict) -> None:
        """Say "the deepest event of the ladder from ``begin − lag`` to ``end``", and count what is from metadata up."""
        for seen in self.events(verdict.entry.app):
            if not self.is_under(seen, verdict.entry):
                continue
            step = step_of(seen.event)
            if step and (verdict.depth == "none" or at_least(step, verdict.depth)):
                verdict.depth = step
            if at_least(step, "metadata"):
                verdict.triggers[trigger_of(seen, self.lag).kind] += 1
            if seen.event["kind"] == "property":
                verdict.properties[seen.event["symbol"]] += seen.event["count"]

    def decide_state(self, verdict: Verdict, evidence: Iterable[str]) -> None:
        """Say the state "in force at the evidence, without evidence at ``begin``; several: mixed; not covered: unknown"."""
        entry, names = verdict.entry, set(evidence)
        named = [Seen(segment, e) for segment in self.segments for e in segment.events if segment.name(e) in names]
        verdict.states = {
            state
            for seen in named
            for state in (
                [seen.segment.state_of(seen.event)]
                if seen.segment.role in {"app", "extension"} or seen.event["kind"] != "accounting"
                else self.states_at(entry.app, seen.at) or ["unknown"]  # a daemon has no state of an app
            )
        }
        if not named:
            verdict.states = set(self.states_at(entry.app, self.report.start_of(entry)))
        if len(verdict.states) == 1:
            (verdict.state,) = verdict.states
        elif verdict.states:
            verdict.state = "mixed"

    def states_at(self, app: str, moment: int) -> list[str]:
        """Return the states of the app's own processes that are covered at a moment.

        The contract is silent on several of them; docs/verdicts-measured.md: "its state is the state of those whose state is
        known".
        """
        if not covers(self.coverage(app), moment):
            return []
        states = [state for segment in self.own(app) for state in segment.states_at(moment)]
        return [state for state in states if state != "unknown"] or states

    def decide_flags(self, verdict: Verdict) -> None:
        entry = verdict.entry
        verdict.flags = set(entry.flags)
        start, end = self.stretch(entry)
        if 0 < within(self.coverage(entry.app), start, end) < end - start:
            verdict.flags.add("partly-observed")
        if verdict.cause == "open":
            verdict.flags.add("library-open")

    def decide_ambiguous(self, verdicts: list[Verdict]) -> None:
        """Flag ``ambiguous``: "an event near two entries without identifiers"."""
        without = [verdict for verdict in verdicts if verdict.match == "time" or verdict.cause == "unexplained"]
        for verdict in without:
            for other in without:
                if other is not verdict and other.entry.app == verdict.entry.app:
                    near = [seen for seen in self.near(verdict.entry) if step_of(seen.event)]
                    if any(self.is_near(seen, other.entry) for seen in near):
                        verdict.flags.add("ambiguous")

    def verdicts(self, evidence: Mapping[str, Iterable[str]]) -> list[Verdict]:
        """Return the verdicts in the contract's order. evidence: identifier → the events that each verdict names."""
        verdicts = [Verdict(entry) for entry in self.entries]
        for verdict in verdicts:
            self.decide_cause(verdict)
            self.decide_trigger(verdict)
            self.decide_depth(verdict)
            self.decide_flags(verdict)
            self.decide_state(verdict, evidence.get(verdict.entry.identifier, ()))
        self.decide_ambiguous(verdicts)
        return verdicts

    def unreported(self) -> list[dict[str, Any]]:
        """Return the runs "of depth ``metadata`` or more, of a covered app while authorised, … under no entry"."""
        runs = []
        for app in self.apps:
            run: list[Seen] = []
            for seen in [*self.unreported_events(app), None]:
                if run and (seen is None or seen.at - run[-1].at > RUN_APART):
                    runs.append(self.run_of(app, run))
                    run = []
                if seen is not None:
                    run.append(seen)
        return runs

    def unreported_events(self, app: str) -> Iterator[Seen]:
        # The contract is silent on whose entries: those of the name, and (docs/verdicts-measured.md) of an extension those in
        # its container's name that its own accounting opened.
        entries = [entry for entry in self.entries if entry.app == app or self.extension_of(entry) == app]
        for seen in self.events(app):
            if (
                at_least(step_of(seen.event), "metadata")
                and seen.segment.saw(seen.event)  # "seen, also within another process's gap"
                and self.is_authorised(seen)
                and self.report.first <= seen.at <= self.report.last
                and not any(self.may_be_under(seen, entry) for entry in entries)
            ):
                yield seen

    def extension_of(self, entry: Entry) -> str | None:
        """Return the identifier of the app's extension that logged an entry of the app."""
        logged = self.accounting(entry)
        segment = logged[1].segment if logged else None
        is_own = segment and segment.role == "extension" and (segment.identifier or "").startswith(f"{entry.app}.")
        return segment.identifier if segment and is_own else None

    def is_authorised(self, seen: Seen) -> bool:
        """Return whether the last permission that was seen allows it. The contract is silent on none seen: allowed."""
        allowed = True
        seen_again = {after["seq"] for _, after in seen.segment.losses}
        for event in seen.segment.events:
            if event["seq"] in seen_again and event["seq"] <= seen.event["seq"]:
                allowed = True  # an answer may have been lost
            told = event["kind"] == "authorization" and event.get("status") and not event.get("internal")
            if told and event["seq"] < seen.event["seq"]:
                allowed = event["status"] in {"authorized", "limited"}
        return allowed

    def run_of(self, app: str, run: list[Seen]) -> dict[str, Any]:
        return {
            "app": app,
            "begin": run[0].at,
            "end": run[-1].at,
            "depth": max((step_of(seen.event) or "" for seen in run), key=LADDER.index),
            "evidence": [seen.name for seen in run],
        }

    def summary(self, verdicts: list[Verdict], app: str) -> dict[str, Any]:
        """Return the counts of one app."""
        own = [verdict for verdict in verdicts if verdict.entry.app == app]
        judged = [verdict for verdict in own if verdict.trigger is not None]
        background: dict[str, Counter[str]] = {}
        for verdict in judged:
            if verdict.trigger and verdict.state == "background":
                background.setdefault(verdict.trigger.kind, Counter())[verdict.depth] += 1
        return {
            "entries": len(own),
            "by_cause": dict(Counter(verdict.cause for verdict in own)),
            "by_depth": dict(Counter(verdict.depth for verdict in own)),
            "by_trigger": dict(Counter(verdict.trigger.kind for verdict in judged if verdict.trigger)),
            "background_by_trigger": {kind: dict(depths) for kind, depths in background.items()},
            "background": sum("background" in verdict.states for verdict in own),
            "notifications": sum(step_of(seen.event) == "notification" for seen in self.events(app)),
            "claims": [claim(own)],
        }


def claim(verdicts: list[Verdict]) -> dict[str, Any]:
    """Say "how far the sentence *it reads in the background only because iOS tells it of changes* holds"."""
    asked = [verdict for verdict in verdicts if verdict.state == "background" and verdict.cause != "picker"]
    found: dict[str, Any] = dict.fromkeys(("opens", "fits_by_link", "fits_by_time", "contradicts", "undecided"), 0)
    fitting = []
    for verdict in asked:
        trigger = verdict.trigger
        if verdict.cause == "open":
            part = "opens"
        elif trigger is None or trigger.kind == "unknown":
            part = "undecided"  # "unobserved, unexplained, trigger unknown"
        elif trigger.kind == "change":
            part = f"fits_by_{trigger.by}"
            fitting.append(verdict.depth)
        else:
            part = "contradicts"
        found[part] += 1
    deepest = max(fitting, key=("none", *LADDER).index, default="none")
    return {"claim": "background-only-on-change", "entries": len(asked), **found, "deepest_fitting": deepest}
