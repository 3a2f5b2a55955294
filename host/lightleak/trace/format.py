"""The numbers of the session file, each with its reason. docs/trace-format.md describes the format."""

from __future__ import annotations

FRAME_BYTES = 256 << 10
"""A frame closes when its lines reach this size: larger ones save no room, and one damaged byte costs a frame."""

FRAME_S = 0.25
"""A frame with lines in it closes after this time at the latest."""

SYNC_S = 1.0
"""What is written is on the disk after this time at the latest."""

SYNC_BYTES = 8 << 20
"""… or after this many bytes of lines: the agent keeps all that is not on the disk, in bounded room."""

NAME_CHECK_S = 2.0
"""How often it is checked that the file is still the one under its name, also when nothing is written."""

LINE_BYTES_MAX = 16 << 20
"""Longest line of a trace: no real one comes near, and a hostile file is stopped before memory runs out."""
