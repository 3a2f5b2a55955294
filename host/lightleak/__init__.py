"""Say why each photos entry of Apple's App Privacy Report exists, and how far the app went."""

from __future__ import annotations

from lightleak._version import __version__
from lightleak.errors import LightleakError
from lightleak.trace import Session
from lightleak.trace import open_session as open  # noqa: A004  lightleak.open reads as what it does

__all__ = ["LightleakError", "Session", "__version__", "open"]
