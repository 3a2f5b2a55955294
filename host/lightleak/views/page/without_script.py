"""What the page shows where scripts do not run: headline, claims, what may be written and what not. The script replaces it.

Separate because it is markup, made of the same data as the script's page; mail previews and quick looks show nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import msgspec

from lightleak.comparator.explain import quotes
from lightleak.comparator.explain.quotes_english import words
from lightleak.wording import plural

_QUOTES: dict[str, type[quotes.MayWrite | quotes.MayNotWrite]] = {
    str(one.__struct_config__.tag): one
    for base in (quotes.MayWrite, quotes.MayNotWrite)
    for one in base.__subclasses__()
}
MOST_APPS = 8
"""Of more apps only so many are listed here."""


def summary(facts: dict[str, Any], notices: Iterable[str]) -> str:
    """Return the summary as markup. facts: the page's first block, as plain objects. notices: in English."""
    apps, total = facts["apps"], len(facts["entries"]["cause"])
    name = apps[0]["id"] if len(apps) == 1 else plural(len(apps), "app")
    lists = plural(total, "photos entry", "photos entries", zero="no")
    parts = [
        '<header class="finding">',
        _element("h1", f"Apple’s report lists {lists} for {name}"),
        *([_element("p", _span(facts["report"]), "deck")] if facts["report"]["first"] else []),
        # Where the script runs, this is seen for a moment, and then its note would not be true.
        f"<noscript>{_element('p', _NOTE, 'note')}{_element('p', _NOTE_ZH, 'note', lang='zh-Hans')}</noscript>",
        "</header>",
        *map(_app, apps[:MOST_APPS]),
    ]
    if len(apps) > MOST_APPS:
        parts.append(_element("p", f"The first {MOST_APPS} of {len(apps)} apps.", "note"))
    if limits := list(notices):
        parts += [_element("h2", "What limits all of it"), _list(limits)]
    return "".join(parts)


_NOTE = (
    "Scripts do not run here, so this is only a summary. Open this file in a browser that runs its script for entries, evidence "
    "and timeline: the file loads nothing else. lightleak compare --format table prints the verdicts, too."
)
_NOTE_ZH = "此处没有运行脚本，因此只显示摘要（英文）。请用能运行其脚本的浏览器打开此文件，查看记录、证据与时间线；此文件不加载任何外部资源。"


def _span(report: dict[str, Any]) -> str:
    return f"Report from {_minute(report['first'])} to {_minute(report['last'])}."


def _minute(at: str) -> str:
    return f"{at[:10]} {at[11:16]} ({at[-6:]})"


def _app(app: dict[str, Any]) -> str:
    may, may_not = ([_words(one) for one in app["quotes"][kind]] for kind in ("may", "may_not"))
    return "".join(
        (
            "<section>",
            _element("h2", app["id"]),
            '<div class="boxes">',
            f'<div class="box may">{_element("h3", "You may write")}{_list(may)}</div>',
            f'<div class="box may_not">{_element("h3", "You may not write")}{_list(may_not)}</div>',
            "</div></section>",
        )
    )


def _words(quote: dict[str, Any]) -> str:
    return words(msgspec.convert(quote, _QUOTES[quote["code"]]))


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(_element('li', text) for text in texts)}</ul>"


def _element(name: str, text: str, kind: str = "", *, lang: str = "") -> str:
    attributes = f' class="{kind}"' if kind else ""
    attributes += f' lang="{lang}"' if lang else ""
    return f"<{name}{attributes}>{escape(text)}</{name}>"
