"""``python -m lightleak``: the command line."""

from __future__ import annotations

from lightleak.cli import main

main()
