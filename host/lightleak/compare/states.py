"""The app states in force at an entry, as bits, and in words."""

from __future__ import annotations

from lightleak.compare.segments import STATES

BACKGROUND = 1 << STATES.index("background")


def state_word(bits: int) -> str:
    """Name a single state; several are ``mixed``."""
    return STATES[bits.bit_length() - 1] if bits and not bits & (bits - 1) else "mixed" if bits else "unknown"
