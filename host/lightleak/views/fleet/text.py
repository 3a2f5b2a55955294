"""The words of a store's report, in English and Chinese.

Separate because the terminal and the page use the same, and a text in two languages is kept in one place.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lightleak.text import escaped

_NAMED = 3
_LONGEST = 400


class Both(NamedTuple):
    """A text in two languages."""

    en: str
    zh: str


FIGURES = {
    "background_reads": Both("Reads in the background, per background hour", "后台读取次数（每后台小时）"),
    "uploads": Both("Uploads by the system, per watched hour", "系统上传次数（每监测小时）"),
    "places_read": Both("Places of photos read, per watched hour", "读取照片位置次数（每监测小时）"),
    "notifications": Both("Changes delivered to observers, per watched hour", "传给观察者的变更通知（每监测小时）"),
    "entries": Both("Entries of Apple’s report, per watched hour", "苹果报告中的记录（每监测小时）"),
    "unexplained": Both("Entries that nothing explains, per watched hour", "无法解释的记录（每监测小时）"),
}
SHORT = {
    "background_reads": "background reads/h",
    "uploads": "uploads/h",
    "places_read": "places/h",
    "notifications": "notifications/h",
    "entries": "entries/h",
    "unexplained": "unexplained/h",
}
NOT_COMPARED = {
    "the two did not see the same": Both("the two did not see the same", "两者能看到的内容不同"),
    "how much was not seen is not known to be the same in both": Both(
        "how much was not seen is not known to be the same in both", "两者没有看到的部分不一定相同"
    ),
    "one of the two was watched for no such time": Both(
        "one of the two was watched for no such time", "其中之一没有这类监测时间"
    ),
    "it was not measured in one of the two": Both("it was not measured in one of the two", "其中之一没有测量"),
    "there was none in either": Both("there was none in either", "两者都没有发生"),
}
VALUES = {
    "app": Both("", ""),
    "version": Both("version", "版本"),
    "os": Both("system", "系统"),
    "condition": Both("condition", "条件"),
}
NOT_KNOWN = Both("not known", "未知")


def reason(text: str) -> str:
    """Return why runs are not pooled, with the first names where there are many."""
    head, colon, rest = text.partition(": ")
    names = rest.split(", ")
    if colon and len(names) > _NAMED + 1:
        text = f"{head}: {', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    shown = escaped(text)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def rate(found: dict[str, Any]) -> str:
    """Return a rate with its interval, ``≥`` where more may have happened unseen, and a dash where it was not measured."""
    if found["rate"] is None:
        return "–"
    if found["at_least"]:
        return f"≥ {number(found['rate'])}"
    return f"{number(found['rate'])} [{number(found['low'])}–{number(found['high'])}]"


def number(value: float | None) -> str:
    """Return a figure in at most four digits, without an exponent where it is not tiny."""
    if value is None:
        return "∞"
    if value and abs(value) < 1e-4:
        return f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def name(value: str | None) -> str:
    """Return an app's or a version's name as one line."""
    if value is None:
        return NOT_KNOWN.en
    shown = escaped(value)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"
