"""The stand-in phone: a small iPhone made of real parts, and the driver that plays its user and its SpringBoard."""

from __future__ import annotations

from .app import App
from .phone import Phone

__all__ = ["App", "Phone"]
