"""The page: one HTML file that holds a comparison, needs no network, and runs nothing that a trace contains."""

from __future__ import annotations

import base64
import re
import zlib
from importlib import resources
from typing import Any

import msgspec

from lightleak.comparator import Comparison
from lightleak.comparator.explain.notices import words
from lightleak.errors import FileError
from lightleak.views.page.details import details
from lightleak.views.page.evidence import reread
from lightleak.views.page.overview import facts
from lightleak.views.page.text import harmless
from lightleak.views.page.without_script import summary

TEMPLATE = "page.html"
"""In the package's assets. scripts/build-page makes it from host/page."""

PLAIN_BYTES = 1 << 20
"""Details up to this size stay readable in the file; larger ones are compressed."""

_SLOT = re.compile(r'(<script type=")application/json(" id="(facts|details)">)null(</script>)')
_SUMMARY = "<!--summary-->"
"""The place in the template of what is shown without scripts."""
_UNSAFE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def render(comparison: Comparison, *, is_demo: bool = False) -> str:
    """Return the page for a comparison. The same input gives the same page. is_demo: it says what to look at in the demo.

    The session files are read again for what the comparator does not keep: stacks, callers, observers. If they cannot
    be read, the page says so. Raises: FileError when the page's template was not built.
    """
    verdicts = comparison.document(list(comparison.verdicts()))
    sources = reread(comparison, verdicts["entries"], verdicts["unreported"])
    first_block = harmless(facts(comparison, verdicts, sources) | {"is_demo": is_demo})
    content = {"facts": first_block, "details": harmless(details(comparison, verdicts["entries"], sources))}
    slots = {name: _encode(block) for name, block in content.items()}

    def fill(slot: re.Match[str]) -> str:
        kind, text = slots[slot[3]]
        return f"{slot[1]}{kind}{slot[2]}{text}{slot[4]}"

    page, filled = _SLOT.subn(fill, _template())
    before, place, after = page.partition(_SUMMARY)
    if filled != len(slots) or not place:
        raise FileError("the page's template has no place for its data", hint="run scripts/build-page again")
    notices = [words(notice) for notice in comparison.warnings]
    return before + summary(first_block, harmless(notices)) + after


def ensure_built() -> None:
    """Check that a page can be made, before any work is done. Raises: FileError."""
    _template()


def _template() -> str:
    asset = resources.files("lightleak") / "assets" / TEMPLATE
    try:
        return asset.read_text(encoding="utf-8")
    except OSError as problem:
        raise FileError("the page is not built", hint="run scripts/build-page once") from problem


def _encode(content: Any) -> tuple[str, str]:
    """Return media type and text of a data block. The text cannot end the block: ``<`` is escaped, base64 has none."""
    raw = msgspec.json.encode(content)
    if len(raw) <= PLAIN_BYTES:
        return "application/json", raw.decode().translate(_UNSAFE)
    return "application/deflate", base64.b64encode(zlib.compress(raw)).decode()
