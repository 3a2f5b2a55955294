"""What set the entries of an app off, counted and in words: how far the maker's claim holds.

The claim is that an app reads in the background only because iOS tells it of changes (contract section 4, ``claims``). The
summary has its figures for the background; here the same is counted of any verdicts, so that all entries can be next to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lightleak.comparator.explain.clauses import NOT_ALL_ORIGINS
from lightleak.comparator.explain.english import DEPTHS as DEPTH_WORDS
from lightleak.comparator.explain.english import times
from lightleak.events import DEPTHS, TRIGGERS
from lightleak.statements import kebab
from lightleak.wording import SET_OFF_BY, TRIGGER_NAMES, exact_kind, join_and, plural

_NOT_ALL = frozenset(kebab(clause.__name__) for clause in NOT_ALL_ORIGINS)
Answer = Literal[
    "untested",
    "no",
    "unexplained",
    "doubt",
    "open",
    "missed",
    "chance",
    "otherwise",
    "unlinked",
    "opens",
    "likely",
    "holds",
    "holds-but-opens",
]
"""Whether the claim holds, from what refutes it to what supports it."""

LINK_WORDS = {"link": "linked", "time": "likely", "chance": "may be chance"}
"""How sure that is: the act names its origin; the origin came shortly before; and that is no more than chance would explain."""


@dataclass(slots=True)
class ClaimCounts:
    """Some entries of one app, by what set them off; the parts add up to ``entries``."""

    entries: int = 0
    """Without those of the picker, which the person chose."""
    opens: int = 0
    """Opening the library is no reading."""
    fits_by_link: int = 0
    fits_by_time: int = 0
    others: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What contradicts the claim: kind and link of the trigger → entries."""
    undecided: int = 0
    deepest_fitting: str = "none"
    surely_fits: int = 0
    surely_contradicts: int = 0
    """Of these parts, how many are sure: the report's identifier names the act, and the act names its origin."""
    maybe_missed: int = 0
    """Of what contradicts the claim, how many only because nothing was seen to set them off, where not all was watched."""
    read_otherwise: int = 0
    """Of those that fit or only opened, under how many the app also read for another or an unknown reason."""
    is_by_chance: bool = False
    """Whether the app's triggers by time are no better than chance, so that they prove nothing."""
    unlinked_reads: int = 0
    """How many queries and reads in the background, under no entry, have no link to a change."""

    @property
    def by_time(self) -> str:
        """How sure a trigger by time is: ``time`` or ``chance``."""
        return "chance" if self.is_by_chance else "time"

    @property
    def fits(self) -> int:
        """How many were set off by a change notification."""
        return self.fits_by_link + self.fits_by_time

    @property
    def unexplained(self) -> int:
        """How many nothing was seen to set off, although all was watched that could have."""
        return sum(number for (kind, _), number in self.others.items() if kind == "none") - self.maybe_missed

    @property
    def contradicts(self) -> int:
        """How many were set off by something else, or by nothing that was watched."""
        return self.others.total()


def counted(
    entries: Iterable[Mapping[str, Any]], *, is_by_chance: bool = False, unlinked_reads: int = 0
) -> ClaimCounts:
    """Count verdicts, as objects of contract section 4. is_by_chance, unlinked_reads: as of ``ClaimCounts``."""
    counts = ClaimCounts(is_by_chance=is_by_chance, unlinked_reads=unlinked_reads)
    for entry in entries:
        if entry["cause"] != "picker":
            _add(counts, entry)
    return counts


def _add(counts: ClaimCounts, entry: Mapping[str, Any]) -> None:
    counts.entries += 1
    trigger = entry["trigger"]
    is_sure = trigger is not None and trigger["by"] == "link" and entry["match"] == "identifier"
    fits = trigger is not None and trigger["kind"] == "change"
    # An entry takes in all that the app does within a minute of its last access, whatever sets it off.
    otherwise = any(number for kind, number in entry["triggers"].items() if kind != "change")
    counts.read_otherwise += otherwise and (fits or entry["cause"] == "open")
    if entry["cause"] == "open":
        counts.opens += 1
    elif trigger is None or trigger["kind"] == "unknown":
        counts.undecided += 1
    elif trigger["kind"] == "change":
        counts.fits_by_link += trigger["by"] == "link"
        counts.fits_by_time += trigger["by"] != "link"
        counts.surely_fits += is_sure
        counts.deepest_fitting = max(counts.deepest_fitting, entry["depth"] or "none", key=DEPTHS.index)
    else:
        by = counts.by_time if trigger["by"] == "time" else trigger["by"]
        counts.others[trigger["kind"], by] += 1
        not_all = trigger["kind"] == "none" and any_origin_unwatched(entry)
        counts.maybe_missed += not_all
        counts.surely_contradicts += is_sure


def answer(counts: ClaimCounts) -> str:
    """Return whether the claim holds for entries in the background, in one sentence that claims no more than was seen."""
    code, number = answer_code(counts)
    return answer_words(code, number, counts.entries)


def answer_code(counts: ClaimCounts) -> tuple[Answer, int]:
    """Return whether the claim holds for entries in the background, and for how many of them that is so.

    ``unlinked`` is about reads under no entry, and counts these.
    """
    chance = sum(number for (_, by), number in counts.others.items() if by == "chance")
    # Work that was handed on in a way that is not followed has no link, so that "unexplained" is what was seen, and no proof.
    likely_others = counts.contradicts - counts.surely_contradicts - counts.unexplained - chance - counts.maybe_missed
    by_chance = chance + (counts.fits_by_time if counts.is_by_chance else 0)
    grades: tuple[tuple[Answer, int], ...] = (
        ("no", counts.surely_contradicts),
        ("unexplained", counts.unexplained),
        ("doubt", likely_others),
        ("open", counts.undecided),
        ("missed", counts.maybe_missed),
        ("chance", by_chance),
        ("otherwise", counts.read_otherwise),
        ("unlinked", counts.unlinked_reads),
    )
    if not counts.entries:
        return "untested", 0
    if found := next((grade for grade in grades if grade[1]), None):
        return found
    if not counts.fits:
        return "opens", 0
    unsure = counts.fits - counts.surely_fits
    if unsure:
        return "likely", unsure
    return ("holds-but-opens", counts.fits) if counts.opens else ("holds", 0)


def answer_words(code: Answer, number: int, entries: int) -> str:
    """Return an answer in English. number: of ``entries`` in the background, those for which it is so."""
    among = f"{number} of {plural(entries, 'entry', 'entries')} in the background"
    is_one = number == 1
    texts: dict[Answer, str] = {
        "untested": "No entry is known to be in the background: the claim is not tested.",
        "no": f"The claim does not hold: {among} {'is' if is_one else 'are'} linked to something else.",
        "unexplained": f"The claim does not explain {among}: no change notification was seen to set "
        f"{'it' if is_one else 'them'} off, by link or shortly before.",
        "doubt": f"The claim is in doubt: {among} {'was' if is_one else 'were'} likely set off by something else.",
        "open": f"The claim is not proven: for {among} it is not known what set them off.",
        "missed": f"The claim is not proven: for {among} no trigger was seen, and not all was watched.",
        "chance": f"The claim is not proven: for {among} what came shortly before may be chance.",
        "otherwise": f"The claim is not proven: under {among} the app also read for another or an unknown reason.",
        "unlinked": f"The claim is not proven: in the background the app also queried or read {times(number)} under no entry, and no "
        f"link shows that a change set {'that' if is_one else 'these'} off.",
        "opens": "The claim is not tested: in the background the app only opened the library.",
        "likely": f"The claim is likely for what was recorded: {among} fit by time only.",
        "holds": f"The claim holds for what was recorded: {plural(entries, 'entry', 'entries')} in the background, none set off "
        f"by anything but change notifications.",
        "holds-but-opens": f"The claim holds for what was recorded: of {plural(entries, 'entry', 'entries')} in the background, "
        f"{number} {'was' if is_one else 'were'} set off by change notifications only, and the rest only opened the library.",
    }
    return texts[code]


def breakdown(counts: ClaimCounts, where: str) -> str:
    """Return so many of so many entries by what set them off, in one sentence. where: "in the background" or "in all states"."""
    if not counts.entries:
        return f"{where[0].upper()}{where[1:]}: no entries."
    parts = []
    if counts.fits:
        numbers = [(counts.fits_by_link, "linked"), (counts.fits_by_time, LINK_WORDS[counts.by_time])]
        sure = ", ".join(f"{number} {word}" for number, word in numbers if number)
        parts.append(f"{counts.fits} set off by a change notification ({sure})")
    if counts.contradicts:
        parts.append(f"{counts.contradicts} by something else ({_others(counts)})")
    if counts.undecided:
        parts.append(f"{counts.undecided} undecided")
    if counts.opens:
        parts.append(f"{counts.opens} only opened the library")
    deepest = (
        f"; the deepest of those set off by a change went as far as {DEPTH_WORDS.get(counts.deepest_fitting, counts.deepest_fitting)}"
        if counts.fits
        else ""
    )
    whole = plural(counts.entries, "entry", "entries")
    return f"{where[0].upper()}{where[1:]}: of {whole}, {join_and(parts)}{deepest}."


def _others(counts: ClaimCounts) -> str:
    found = [(kind, by) for kind in TRIGGERS for by in ("link", "time", "chance", "none") if counts.others[kind, by]]
    return "; ".join(
        f"{counts.others[kind, by]} by {SET_OFF_BY[kind]}" + (f", {LINK_WORDS[by]}" if by in LINK_WORDS else "")
        for kind, by in found
    )


def is_by_chance(verdicts: Mapping[str, Any], app: str) -> bool:
    """Return whether an app's triggers by time are no better than chance. verdicts: contract section 4's object."""
    chance = verdicts["trigger_chance"].get(app)
    return chance is not None and not chance["better"]


def any_origin_unwatched(entry: Mapping[str, Any]) -> bool:
    """Return whether something that can set an act off was not watched, so that no trigger seen says less."""
    return any(clause["code"] in _NOT_ALL for clause in entry["clauses"])


def trigger_words(found: Mapping[str, Any], *, is_by_chance: bool = False) -> str | None:
    """Return what set off the act of an entry or run, and how sure that is: ``wake-up, linked``; None where there is no act.

    found: a verdict or a run of contract section 4. Only a verdict's clauses say to which state an app changed.
    """
    trigger = found["trigger"]
    if trigger is None:
        return None
    states = [clause.get("state") for clause in found.get("clauses", ()) if clause["code"] == "set-off-by"]
    kind = TRIGGER_NAMES[exact_kind(trigger["kind"], next(iter(states), None))]
    by = LINK_WORDS.get("chance" if is_by_chance and trigger["by"] == "time" else trigger["by"])
    return f"{kind}, {by}" if by else kind
