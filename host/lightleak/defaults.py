"""Defaults that the command line shows and the device's side uses: the first must not import what needs Frida."""

from __future__ import annotations

PHONE_STORE = "/var/mobile/Library/PrivacyAccounting/Biome"
"""Source: iLEAPP, and the entitlements of privacyaccountingd (home-relative /Library/PrivacyAccounting/)."""

FIELD_STEPS = ("register", "delivery", "query", "details", "read", "sleep", "gate", "picker", "extension")
"""Steps of a field test that can be left out."""

FIELD_IDLE_S = 80.0
"""How long a field test waits until an entry is closed: one is open for at most 75.6 s after the last access."""
