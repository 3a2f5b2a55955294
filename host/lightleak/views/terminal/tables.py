"""The verdicts, for people. Every name is escaped."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Group, RenderableType

from lightleak.comparator.explain.claims import trigger_words
from lightleak.events import NS_PER_MS
from lightleak.losses import Losses
from lightleak.views.terminal import claims, entries, usage
from lightleak.views.terminal.layout import heading, indented, styled
from lightleak.wording import plural, size

_GAPS = 10
"""How many gaps of a session are listed."""
_RUNS = 20
"""How many runs under no entry are listed."""

_AGAINST_THE_CODE = "delivery_makes_entry"
"""The one assumption that rests on apps' statements and not on Apple's code (docs/verdicts.md)."""

_AGAINST = "; what is known of Apple's code speaks against it"


def render(verdicts: dict[str, Any], *, why: bool = False) -> RenderableType:
    """Return what set the entries off, the summary, the entries, and what the report does not show.

    verdicts: ``Comparison.to_dict()``, or that of a ``Selection``, whose figures are of the selection alone. why: add each
    entry's full reason, and the assumptions that no phone confirmed.
    """
    parts = [
        *_selection(verdicts),
        *claims.render(verdicts),
        *_summary(verdicts),
        *_entries(verdicts, why=why),
    ]
    if verdicts.get("unreported"):
        parts += _unreported(verdicts["unreported"])
    parts += _coverage(verdicts["sessions"])
    parts += _unconfirmed(verdicts["facts"], listed=why)
    parts.append(
        styled(
            "Entries are not reads: one can cover many accesses, and Apple's report cannot tell pixels from metadata.",
            "dim",
            space_above=True,
        )
    )
    return Group(*parts)


def _selection(verdicts: dict[str, Any]) -> list[RenderableType]:
    """Return of how many entries the figures are, where not of all."""
    chosen = verdicts.get("selection")
    if chosen is None:
        return []
    asked = [f"{name} {chosen[key]}" for key, name in (("filter", ""), ("from", "from"), ("to", "to")) if chosen[key]]
    return [
        styled(
            f"Selected: {chosen['entries']:,} of {plural(chosen['of'], 'entry', 'entries')} "
            f"({', '.join(text.strip() for text in asked)})",
            "bold",
        ),
        styled(
            "All figures are of these entries alone. Whether a claim holds, costs, and reads under no entry are shown without "
            "--filter, --from and --to.",
            "dim",
        ),
    ]


def _entries(verdicts: dict[str, Any], *, why: bool) -> list[RenderableType]:
    if verdicts["entries"]:
        return entries.render(verdicts, why=why)
    of = "No entry is selected." if "selection" in verdicts else "The report has no photos entry of these apps."
    return [styled(of, space_above=True)]


def _by_state(entries: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Count the entries of each app and state: those of an unknown state are not "in the foreground"."""
    return Counter((entry["app"], entry["state"]) for entry in entries)


def _summary(verdicts: dict[str, Any]) -> list[RenderableType]:
    parts: list[RenderableType] = [heading("Apps")]
    states = _by_state(verdicts["entries"])
    for app, figures in verdicts["summary"].items():
        count = figures["entries"]
        if not count and "selection" in verdicts:
            continue
        lines = [
            f"{plural(count, 'entry', 'entries')}" + (f", by cause: {_counts(figures['by_cause'])}" if count else ""),
            *([f"by depth: {_counts(figures['by_depth'])}"] if count else []),
            *([_when_and_where(figures, states[app, "background"], states[app, "unknown"])] if count else []),
        ]
        if "selection" not in verdicts:
            lines += _of_recording(verdicts, app, figures)
        parts += [styled(app, "bold"), *(indented(line) for line in lines)]
    return parts


def _of_recording(verdicts: dict[str, Any], app: str, figures: dict[str, Any]) -> list[str]:
    """Return what is not about single entries: costs, use, and how the matches compare with chance."""
    lines = [
        f"observers {figures['observers']:,}, notifications {figures['notifications']:,}",
        _handed_over(figures),
        *usage.render(figures["usage"]),
    ]
    tests = (("chance", "matched by time", "match"), ("trigger_chance", "set off by time", "set off"))
    return lines + [_chance(verdicts[name][app], what, verb) for name, what, verb in tests if verdicts[name].get(app)]


def _chance(chance: dict[str, Any], what: str, verb: str) -> str:
    verdict = "hardly chance" if chance["better"] else "NO BETTER THAN CHANCE"
    return (
        f"{what}: {chance['explained']} of {chance['of']}; the same events at other times would {verb} "
        f"{chance['expected']:.1f} on average: {verdict} (p = {chance['p']:.2g})"
    )


def _handed_over(figures: dict[str, Any]) -> str:
    """Return bytes and CPU time of the app's calls; what was not measured is not 0."""
    count, cpu_ms = figures["bytes"], figures["cpu_ms"]
    handed = "bytes handed over: not measured" if count is None else f"handed over {size(count)}"
    if unwatched := figures["deliveries_not_watched"]:
        handed += f" and what {plural(unwatched, 'handler')} got that could not be watched"
    return handed + (", CPU of calls: not measured" if cpu_ms is None else f", calls took {_took(cpu_ms)} of CPU")


def _took(ms: float) -> str:
    return f"{ms:.1f} ms" if ms < 1000 else f"{ms / 1000:,.1f} s"


def _when_and_where(figures: dict[str, Any], wholly: int, stateless: int) -> str:
    partly = f" ({figures['background'] - wholly:,} of them in part)" if figures["background"] > wholly else ""
    unknown = f", in an unknown state {stateless:,}" if stateless else ""
    night = f"{figures['night']:,}{', in part too' if figures['night'] else ''}"
    return f"in the background {figures['background']:,}{partly}{unknown}, at night {night}"


def _unreported(runs: list[dict[str, Any]]) -> list[RenderableType]:
    lines = [
        f"{_span(run['begin'], run['end'])}  {run['app']}  {run['depth']}, {plural(run['events'], 'event')}"
        + (f", trigger: {trigger_words(run)}" if run["trigger"] else "")
        for run in runs[:_RUNS]
    ]
    title = "Seen on the device, but not covered by an entry of the report"
    more = [indented(f"and {len(runs) - _RUNS:,} more; --format json lists them all")] if len(runs) > _RUNS else []
    return [heading(f"{title}: {len(runs):,}" if more else title), *map(styled, lines), *more]


def _span(begin: str, end: str) -> str:
    """Return when a run was: one time where it is one moment, and the day once where it is one day."""
    if begin == end:
        return _when(begin)
    return f"{_when(begin)} to {end[11:] if begin[:10] == end[:10] else _when(end)}"


def _coverage(sessions: list[dict[str, Any]]) -> list[RenderableType]:
    parts: list[RenderableType] = [heading("What was watched")]
    for session in sessions:
        parts.append(
            styled(
                f"Session {session['n']}: {_when(session['started'])} to {_when(session['ended'])}, "
                f"{plural(session['segments'], 'segment')}, {plural(session['events'], 'event')}, {_lost(session)}, "
                f"{plural(len(session['gaps']), 'gap') if session['gaps'] else 'no gaps'}"
            )
        )
        parts += [indented(f"events can be missing: {damage['reason']}", "yellow") for damage in session["damage"]]
        parts += [
            indented(f"not watched: {gap['identifier']}, {_when(gap['from'])} to {_when(gap['to'])} ({gap['reason']})")
            for gap in session["gaps"][:_GAPS]
        ]
        if len(session["gaps"]) > _GAPS:
            parts.append(indented(f"and {len(session['gaps']) - _GAPS} more gaps; --format json lists them all"))
    return parts


def _lost(session: dict[str, Any]) -> str:
    cut_short = session["cut_short"]
    words = Losses(session["lost"], cut_short["processes"], round(cut_short["unseen_ms"] * NS_PER_MS)).words()
    return f"{words} in what could be read" if session["damage"] else words


def _unconfirmed(facts: dict[str, Any], *, listed: bool) -> list[RenderableType]:
    if not listed:
        numbers = len({fact["number"] for fact in facts.values() if fact["found"] is None})
        note = f"Not confirmed on a phone: {plural(numbers, 'assumption')} about iOS behind these verdicts (--why lists them)."
        return [styled(note, "dim", space_above=True)] if numbers else []
    lines = [
        f"{fact['number']:>2}  {fact['claim']}{_AGAINST if name == _AGAINST_THE_CODE else ''}"
        for name, fact in facts.items()
        if fact["found"] is None
    ]
    return [heading("Not confirmed on a phone (docs/unconfirmed.md)"), *map(indented, lines)] if lines else []


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _when(time: str | None) -> str:
    return (time or "—").replace("T", " ")
