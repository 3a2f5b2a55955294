"""``pip``, for readers' tests: what is asked for must be what the project is; tests/test_wheel.py really installs it."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
command, wanted = sys.argv[1:]
asked = re.fullmatch(r"([a-z]+)(?:\[([a-z,]+)\])?", wanted)
assert command == "install"
assert asked is not None
assert asked[1] == project["name"]
assert set((asked[2] or "").split(",")) - {""} <= project["optional-dependencies"].keys()
