"""``python3``, for readers' tests: an environment that it makes is this one; everything else is the real Python's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.argv[1:3] == ["-m", "venv"]:
    (folder,) = sys.argv[3:]
    Path(folder, "bin").mkdir(parents=True)
    Path(folder, "bin", "activate").write_text("")
else:
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
