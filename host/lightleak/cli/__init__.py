"""The command line: one file per command, loaded when it is asked for."""

from __future__ import annotations

from lightleak.cli._group import main

__all__ = ["main"]
