"""Match text as ``~`` does: letters of either case, ``*`` and ``?``. No pattern takes more than a walk through the text."""

from __future__ import annotations

import re
from collections.abc import Callable

_PIECES = re.compile(r"\\(.)|(\*+)|(\?)|([^\\*?]+|\\)", re.DOTALL)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Compile a pattern. With a wildcard the whole text has to match, without one it has to hold the pattern.

    ``*`` stands for any characters, ``?`` for one, a backslash takes the meaning away from the sign after it.
    """
    runs: list[list[str]] = [[]]
    wild = False
    for escaped, stars, one, plain in _PIECES.findall(pattern):
        wild |= bool(stars or one)
        if stars:
            runs.append([])
        else:
            runs[-1].append("." if one else re.escape(escaped or plain))
    if not wild:
        compiled = re.compile("".join(runs[0]), re.IGNORECASE | re.DOTALL)
        return lambda text: compiled.search(text) is not None
    first, *others = ("".join(run) for run in runs)
    # For each run between two stars its first place is as good as any later one, so nothing is ever tried again:
    # that is what (?>…) says, and what keeps hostile names and patterns from taking for ever.
    middle = "".join(f"(?>.*?{run})" for run in others[:-1] if run)
    last = f".*{others[-1]}" if others else ""
    whole = re.compile(first + middle + last, re.IGNORECASE | re.DOTALL)
    return lambda text: whole.fullmatch(text) is not None
