"""Make a session that can be published from one that cannot (docs/redaction.md)."""

from __future__ import annotations

from lightleak.redact.write import original, redact

__all__ = ["original", "redact"]
