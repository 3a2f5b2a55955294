"""``pip``, for readers' tests: what is asked for must be this clone; tests/test_wheel.py really installs it.

The project's name is on no index, so a page must not ask for it by name.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
command, wanted = sys.argv[1:]
asked = re.fullmatch(r"\.(?:\[([a-z,]+)\])?", wanted)
assert command == "install"
assert asked is not None, f"{wanted}: not this clone"
assert set((asked[1] or "").split(",")) - {""} <= project["optional-dependencies"].keys()
