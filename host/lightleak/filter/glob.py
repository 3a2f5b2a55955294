"""Match text as ``~`` does: any case, ``*`` and ``?``. No pattern needs more than one walk through the text.

Separate because patterns and names may be hostile: that matching stays linear is proven here alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PIECES = re.compile(r"\\(.)|(\*+)|(\?)|([^\\*?]+|\\)", re.DOTALL)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Compile a pattern. With a wildcard it must match the whole text, without one a part of it.

    ``*`` is any characters, ``?`` is one, a backslash escapes the character after it.
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
    # The first match of each run between two stars is as good as any later one, so nothing is tried twice: (?>…) says
    # so, and it keeps hostile names and patterns from taking exponential time.
    middle = "".join(f"(?>.*?{run})" for run in others[:-1] if run)
    last = f".*{others[-1]}" if others else ""
    whole = re.compile(first + middle + last, re.IGNORECASE | re.DOTALL)
    return lambda text: whole.fullmatch(text) is not None
