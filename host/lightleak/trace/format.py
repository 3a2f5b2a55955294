"""The numbers of the session file, each with its reason. docs/trace-format.md describes the whole."""

from __future__ import annotations

FRAME_BYTES = 256 << 10
"""A frame closes when its lines reach this: larger ones save nothing on disk, and one damaged byte costs a frame."""

FRAME_S = 0.25
"""A frame that holds something closes after this time at the latest."""

SYNC_S = 1.0
"""What is written is on the disk after this time at the latest."""

SYNC_BYTES = 8 << 20
"""… or after so many bytes of lines: the agent keeps all that is not on the disk, and its room is bounded."""

LOOK_S = 2.0
"""So often a file under way is looked at to be the one that has the name, also when nothing is written."""

LINE_BYTES_MAX = 16 << 20
"""Longest line of a trace: nothing real comes near, and a hostile file is stopped before the memory is gone."""
