"""The results of a policy as JUnit XML, the format that every CI reads.

Separate because each format is a file.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from lightleak.text import escaped


def render(checked: dict[str, Any]) -> str:
    """Return a test case for each app and rule; what is not proven is skipped, or fails if the policy says so.

    checked: ``Checked.to_dict()``. Names come from apps and policies: what XML 1.0 cannot hold is escaped.
    """
    fail = checked["policy"]["not_proven"] == "fail"
    counts = checked["counts"]
    failures = counts["broken"] + (counts["not-proven"] if fail else 0)
    figures = {
        "tests": str(len(checked["rules"])),
        "failures": str(failures),
        "errors": "0",
        "skipped": str(0 if fail else counts["not-proven"]),
    }
    root = ET.Element("testsuites", figures)
    suite = ET.SubElement(root, "testsuite", {"name": f"lightleak check {_safe(checked['policy']['file'])}", **figures})
    for finding in checked["rules"]:
        _case(suite, finding, fail=fail)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, finding: dict[str, Any], *, fail: bool) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": _safe(finding["app"]), "name": _safe(finding["name"])})
    result, why = finding["result"], _safe(finding["why"])
    if result == "held":
        ET.SubElement(case, "system-out").text = why
    elif result == "broken" or fail:
        failure = ET.SubElement(case, "failure", {"message": why, "type": result})
        failure.text = "\n".join([*_listed("events", finding["evidence"]), *_listed("entries", finding["entries"])])
    else:
        ET.SubElement(case, "skipped", {"message": why})


def _listed(what: str, names: list[str]) -> list[str]:
    return [f"{what}: {_safe(', '.join(names))}"] if names else []


def _safe(text: str) -> str:
    # XML 1.0 allows printable characters.
    return escaped(text)
