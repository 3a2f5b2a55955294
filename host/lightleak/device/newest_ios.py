"""What follows from an iOS that is newer than the catalogue of probes, or that has no version: said once in a recording.

Nothing else goes by the version: each probe, and each table of observers, is looked for in the process, and says whether it is there.

Separate because it is pure, and needs only the catalogue.
"""

from __future__ import annotations

from lightleak.built_assets import catalogue
from lightleak.device.system import release
from lightleak.text import escaped

_MOST = 40
"""Characters of a version that are shown."""


def newest_known() -> str:
    """Return the newest iOS of which the catalogue has a method. Raises: AgentError when the agent is not built."""
    return max((probe.ios_since for probe in catalogue().probes if probe.ios_since), key=release)


def note_on_ios(version: str | None) -> str | None:
    """Return what a version means that the catalogue does not reach; None where it does, or where no version is named.

    Raises: AgentError when the agent is not built.
    """
    if not version:
        return None
    newest, named = newest_known(), escaped(version[:_MOST])
    if release(version) == (0,):
        return f"the device says that its iOS is {named}, which is no version: {_STILL}"
    if release(version) <= release(newest):
        return None
    return f"the device has iOS {named}, and the catalogue of probes ends with iOS {newest}: what is new since then is not watched; {_STILL}"


_STILL = "each probe was looked for in the process, and says whether it was installed"
