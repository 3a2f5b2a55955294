"""A small script of the host's own beside the agent: it asks or does something in a process, and goes again."""

from __future__ import annotations

from lightleak.device.helpers.answers import AppAccess, Ground, ObserverCalls, SelfTest, Shape, TimedAction
from lightleak.device.helpers.script import Aside, beside, frida_itself

__all__ = [
    "AppAccess",
    "Aside",
    "Ground",
    "ObserverCalls",
    "SelfTest",
    "Shape",
    "TimedAction",
    "beside",
    "frida_itself",
]
