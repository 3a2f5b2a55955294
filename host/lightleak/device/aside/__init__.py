"""A small script of the host's own beside the agent: it asks or does something in a process, and goes again."""

from __future__ import annotations

from lightleak.device.aside.answers import AppLook, Ground, Heard, SelfTest, Shape, Stretch
from lightleak.device.aside.script import Aside, beside, frida_itself

__all__ = ["AppLook", "Aside", "Ground", "Heard", "SelfTest", "Shape", "Stretch", "beside", "frida_itself"]
