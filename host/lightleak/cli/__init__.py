"""The command line: one file for each command, imported when it is called."""

from __future__ import annotations

from lightleak.cli._group import main

__all__ = ["main"]
