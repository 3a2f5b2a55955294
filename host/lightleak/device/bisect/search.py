"""Find a smallest set of probes with which an app ends, by halves. Pure: how a set is tried is the caller's.

Assumption: with more probes than a set that ends it, the app ends too. The sets that are found are tried on their own
afterwards, so that a wrong assumption shows. Source: Junker, QUICKXPLAIN, AAAI 2004.

Separate because it is an algorithm that a test can run on every small case, without an app.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

Ends = Callable[[frozenset[str]], Awaitable[bool]]
"""Whether the app ends with exactly these probes."""


async def smallest_set(names: Sequence[str], groups: Mapping[str, str], ends: Ends) -> tuple[str, ...]:
    """Return probes with all of which the app ends, and of which none can be left out, in the order of ``names``.

    names: probes with all of which it ends, those of a group next to each other. groups: name → group. With no probe at all it
    must not end. About log2(n) sets are tried for each probe that is found.
    """
    return await _smallest(frozenset(), tuple(names), groups, ends, added=False)


async def _smallest(
    kept: frozenset[str], names: tuple[str, ...], groups: Mapping[str, str], ends: Ends, *, added: bool
) -> tuple[str, ...]:
    """Return the smallest part of ``names`` that ends the app together with ``kept``; ``added``: kept is more than before."""
    if added and await ends(kept):
        return ()
    if len(names) == 1:
        return names
    at = halving(names, groups)
    first, second = names[:at], names[at:]
    of_second = await _smallest(kept | frozenset(first), second, groups, ends, added=True)
    of_first = await _smallest(kept | frozenset(of_second), first, groups, ends, added=bool(of_second))
    return of_first + of_second


def halving(names: Sequence[str], groups: Mapping[str, str]) -> int:
    """Return where to cut: between two groups, as near to the middle as possible; in the middle of a single group."""
    middle = len(names) // 2
    borders = [at for at in range(1, len(names)) if groups[names[at - 1]] != groups[names[at]]]
    return min(borders, key=lambda at: abs(at - middle), default=middle)
