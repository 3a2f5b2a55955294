"""Whether the stand-in has its Swift app, and if not, why."""

from __future__ import annotations

from .settings import BUILD

_MISSING = BUILD.with_name("swift.missing")


def why_no_swift() -> str | None:
    """Return why this phone has no Swift app, as one sentence; None where it has one."""
    if (BUILD / "Applications/swiftapp.app/swiftapp").exists():
        return None
    if _MISSING.exists():
        return _MISSING.read_text(encoding="utf-8").strip()
    return "Swift is not available here: run scripts/fetch-swift, then scripts/build-standin."
