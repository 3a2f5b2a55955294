"""``lightleak``, for readers without a phone: the device is this machine, and nobody has a week.

Replaced: device options are left out, identifiers of the page's phone become process ids, ``-t`` is at most three seconds,
recordings without it get those, and the on-device store lies in a folder.
"""

from __future__ import annotations

import json
import os
import sys

from lightleak.cli._options.durations import read_duration

_LONGEST_S = 3.0
_ALONE = ("-U", "--usb", "-R", "--remote", "-F")
_WITH_VALUE = ("-H", "--host", "-D", "--device", "--token", "--certificate", "--origin", "--keepalive-interval")


def replaced(arguments: list[str], pids: dict[str, int]) -> list[str]:
    """Give the command line for the stand-in phone."""
    if "-h" in arguments or "--help" in arguments:
        return arguments
    given: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument in _WITH_VALUE:
            next(rest)
        elif argument in ("-t", "--time"):
            given += ["-t", str(min(read_duration(next(rest)), _LONGEST_S))]
        elif argument not in _ALONE:
            given.append(str(pids.get(argument, argument)))
    if given and given[0] in ("record", "watch") and "-t" not in given:
        given += ["-t", str(_LONGEST_S)]
    if given and given[0] == "pull-report":
        given += ["--from", os.environ["DESK_STORE"]]
    return given


if __name__ == "__main__":
    from lightleak.cli import main

    sys.argv[1:] = replaced(sys.argv[1:], json.loads(os.environ.get("DESK_PIDS", "{}")))
    main()
