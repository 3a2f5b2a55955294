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


_HEADS = {"not hooked": "未挂钩", "not hooked all the time": "并非始终挂钩"}
"""What is before the names in a reason → the same in Chinese."""
_REASONS = {
    "no privacy report was given": "未提供隐私报告",
    "no hook says that it was watched": "没有挂钩表明其受到监测",
    "the report does not span all that was watched": "报告没有涵盖全部监测时间",
    "a part of the report could not be read": "报告有一部分无法读取",
    "the device's clock was set": "设备的时钟被调整过",
    "these saw more": "这些会话看到的更多",
}


def reason(text: str) -> str:
    """Return why runs are not pooled, with the first names where there are many."""
    return reason_in_both(text).en


def reason_in_both(text: str) -> Both:
    """Return the same in both languages; a rare reason is in English in both."""
    head, colon, rest = text.partition(": ")
    names = rest.split(", ")
    many = len(names) > _NAMED + 1
    first = ", ".join(names[:_NAMED])
    if colon and many:
        text = f"{head}: {first} and {len(names) - _NAMED} more"
    chinese = _REASONS.get(text, text)
    if colon and head in _HEADS:
        chinese = f"{_HEADS[head]}：{first} 等 {len(names)} 个" if many else f"{_HEADS[head]}：{rest}"
    return Both(_cut(text), _cut(chinese))


def _cut(text: str) -> str:
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
    return _cut(value)
