"""Say why each photos entry of Apple's App Privacy Report exists, and how far the app went."""

from __future__ import annotations

from lightleak._version import __version__
from lightleak.errors import LightleakError

__all__ = ["LightleakError", "__version__"]
