"""Defaults that the command line shows and the device code uses: the command line must start without Frida."""

from __future__ import annotations

PHONE_STORE = "/var/mobile/Library/PrivacyAccounting/Biome"
"""Source: iLEAPP, and the entitlements of privacyaccountingd (home-relative /Library/PrivacyAccounting/)."""

FIELD_STEPS = ("register", "delivery", "query", "details", "read", "sleep", "gate", "picker", "extension")
"""Steps of a field test that can be left out."""

FIELD_IDLE_S = 80.0
"""How long a field test waits for an entry to close: it stays open for at most 75.6 s after the last access."""
