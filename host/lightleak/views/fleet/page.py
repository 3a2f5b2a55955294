"""The report of a store as one HTML page: no script, nothing loaded, and its style is the only one that is allowed.

Separate because it is markup; the table of the terminal has the same figures in another layout.
Names of apps, versions and callers come from apps and manifests: each passes ``_text``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from lightleak.events import TRIGGERS
from lightleak.fleet.report.figures import FIGURES as ORDER
from lightleak.fleet.report.figures import READ_DEPTHS
from lightleak.views.fleet.style import STYLE
from lightleak.views.fleet.text import FIGURES, NOT_COMPARED, VALUES, Both, name, number, rate, reason_in_both

_MOST_ROWS = 500
_WIDTH, _HEIGHT = 240, 14

_TRIGGERS = {
    "change": Both("a change notification", "变更通知"),
    "touch": Both("a touch", "触摸"),
    "wake": Both("a wake-up", "后台唤醒"),
    "launch": Both("the launch", "启动"),
    "activation": Both("a change of the app’s state", "应用状态变化"),
    "none": Both("nothing that was watched", "监测范围内没有触发"),
    "unknown": Both("not known", "未知"),
}
_DEPTHS = {
    "metadata": Both("metadata", "元数据"),
    "thumbnail": Both("thumbnails", "缩略图"),
    "data": Both("data", "数据"),
    "upload": Both("uploads", "上传"),
}
_APP, _RUNS, _HOURS = Both("app", "应用"), Both("runs", "次会话"), Both("hours", "小时")


def render(report: dict[str, Any]) -> str:
    """Return the page. report: of ``fleet.report.build``. The same report gives the same page."""
    apps = len({cell["app"] for cell in report["cells"]})
    title = Both(
        f"{report['runs']:,} runs of {apps:,} apps, {report['covered_hours']:,.1f} hours watched",
        f"{apps:,} 个应用的 {report['runs']:,} 次会话，共监测 {report['covered_hours']:,.1f} 小时",
    )
    body = "".join(
        [
            '<input type="radio" name="lang" id="en" checked><label for="en">English</label>',
            '<input type="radio" name="lang" id="zh"><label for="zh">中文</label>',
            "<main>",
            f"<h1>{_both(title)}</h1>",
            _paragraph(_READING),
            _paragraph(_LIMITS),
            *(_figure(report, figure.name) for figure in ORDER),
            _triggers(report),
            _claims(report),
            _costs(report),
            _comparisons(report),
            _images(report),
            _not_pooled(report),
            _failures(report),
            "</main>",
        ]
    )
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>lightleak fleet: {escape(title.en)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


_READING = Both(
    "Each figure is a count by the hours in which the app was watched, with the exact 95 % interval of a Poisson rate. “≥” means that"
    " not all of it could be seen, so there may have been more. A dash means that it was not measured.",
    "每个数字都是次数除以应用受监测的小时数，方括号中是泊松率的精确 95% 置信区间。“≥”表示未能全部看到，实际可能更多；“–”表示没有测量。",
)
_LIMITS = Both(
    "The intervals assume that events come independently of each other. Reads come in bursts, so the true intervals are wider."
    " Runs are pooled only where they could see the same; the others are listed below, with the reason.",
    "置信区间以各事件相互独立为前提；读取常常成批发生，因此真实的区间更宽。只有能看到同样内容的会话才会合并；其余会话及原因列在下面。",
)


def _figure(report: dict[str, Any], figure: str) -> str:
    cells = report["cells"][:_MOST_ROWS]
    measured = [cell["figures"][figure] for cell in cells if cell["figures"][figure]["rate"] is not None]
    if not measured:
        return f"<h2>{_both(FIGURES[figure])}</h2>" + _paragraph(
            Both("Not measured in any run.", "没有任何会话测量过。"), "quiet"
        )
    top = max([found["high"] or found["rate"] for found in measured], default=0) or 1.0
    rows = [
        [
            *_who(report, cell),
            f'<td class="n">{_text(rate(found))}</td><td class="plot">{_whisker(found, top)}</td>',
            f'<td class="n">{"–" if found["count"] is None else format(found["count"], ",")}</td>',
            f'<td class="n">{number(found["hours"])}</td><td class="n">{found["runs"]:,}</td>',
        ]
        for cell in cells
        for found in [cell["figures"][figure]]
    ]
    titles = [*_who_titles(report), Both("per hour", "每小时"), Both("", ""), Both("count", "次数"), _HOURS, _RUNS]
    return f"<h2>{_both(FIGURES[figure])}</h2>" + _table(titles, rows) + _more(report)


def _whisker(found: dict[str, Any], top: float) -> str:
    """Return a dot with its interval, from 0 to the largest bound of the table; an arrow where there may be more."""
    if found["rate"] is None:
        return ""
    low, at = (found[name_] / top * (_WIDTH - 12) + 4 for name_ in ("low", "rate"))
    high = _WIDTH - 4 if found["high"] is None else found["high"] / top * (_WIDTH - 12) + 4
    middle = _HEIGHT / 2
    arrow = f'<path d="M{high - 5:.1f} {middle - 4:.1f}l5 4l-5 4"/>' if found["high"] is None else ""
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{_text(rate(found))}">'
        f'<line class="axis" x1="4" y1="{middle}" x2="{_WIDTH - 4}" y2="{middle}"/>'
        f'<line x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>{arrow}<circle cx="{at:.1f}" cy="{middle}" r="3.5"/></svg>'
    )


def _triggers(report: dict[str, Any]) -> str:
    rows = []
    for cell in report["cells"][:_MOST_ROWS]:
        counts = cell["background"]["background_by_trigger"]
        for trigger in TRIGGERS:
            if depths := counts.get(trigger):
                figures = "".join(f'<td class="n">{depths.get(depth, 0):,}</td>' for depth in READ_DEPTHS)
                rows.append([*_who(report, cell), f"<td>{_both(_TRIGGERS[trigger])}</td>{figures}"])
    if not rows:
        return ""
    titles = [*_who_titles(report), Both("set off by", "触发"), *(_DEPTHS[depth] for depth in READ_DEPTHS)]
    heading = Both("What set background reads off, and how far they went", "后台读取的触发与深度")
    return f"<h2>{_both(heading)}</h2>" + _table(titles, rows[:_MOST_ROWS])


def _claims(report: dict[str, Any]) -> str:
    rows = []
    for cell in report["cells"][:_MOST_ROWS]:
        claim = cell["claim"]
        if claim["entries"]:
            share = "–"
            if claim["contradicting_share"] is not None:
                share = f"{_percent(claim['contradicting_share'])} [{_percent(claim['low'])}–{_percent(claim['high'])}]"
            parts = ("entries", "fits_by_link", "fits_by_time", "contradicts", "undecided", "opens")
            figures = "".join(f'<td class="n">{claim[part]:,}</td>' for part in parts)
            rows.append([*_who(report, cell), f'{figures}<td class="n">{share}</td>'])
    if not rows:
        return ""
    titles = [
        *_who_titles(report), Both("entries", "记录"), Both("fits, by link", "相符（有关联）"), Both("fits, by time", "相符（按时间）"),
        Both("contradicts", "矛盾"), Both("undecided", "未定"), Both("opens", "打开图库"), Both("contradicting, of the decided", "已定者中矛盾的比例"),
    ]  # fmt: skip
    heading = Both(
        "The makers’ claim: “it reads in the background only because iOS reports a change”",
        "厂商的论断：“应用只因 iOS 通知变更才在后台读取”",
    )
    return f"<h2>{_both(heading)}</h2>" + _table(titles, rows)


def _costs(report: dict[str, Any]) -> str:
    rows = []
    for cell in report["cells"][:_MOST_ROWS]:
        cost = cell["cost"]
        if cost["cpu_ms_per_hour"] is not None or cost["bytes_per_hour"] is not None:
            figures = ("–" if cost[key] is None else number(cost[key]) for key in ("cpu_ms_per_hour", "bytes_per_hour"))
            rows.append([*_who(report, cell), "".join(f'<td class="n">{figure}</td>' for figure in figures)])
    if not rows:
        return ""
    titles = [*_who_titles(report), Both("CPU, ms per hour", "CPU（毫秒/小时）"), Both("bytes per hour", "字节/小时")]
    return f"<h2>{_both(Both('What observers cost', '观察者的开销'))}</h2>" + _table(titles, rows)


def _comparisons(report: dict[str, Any]) -> str:
    found = report["comparisons"]
    if not found and not report["not_compared"]:
        return ""
    heading = Both(f"From one {VALUES[report['by']].en} to the next", f"各{VALUES[report['by']].zh}之间的变化")
    note = Both(
        f"Ratios of rates with exact conditional intervals; p is corrected for all {len(found)} comparisons of this page (Holm).",
        f"率之比及其精确条件置信区间；p 值已按本页全部 {len(found)} 次比较校正（Holm）。",
    )
    rows = [
        [
            f"<td>{_text(name(row['app']))}</td><td>{_both(FIGURES[row['figure']])}</td>",
            f"<td>{_text(name(row['from']))} → {_text(name(row['to']))}</td>",
            f'<td class="n">{"–" if row["ratio"] is None else "× " + number(row["ratio"])}</td>',
            f'<td class="n">{number(row["low"])}–{number(row["high"])}</td><td class="n">{row["p_holm"]:.3g}</td>',
            f"<td>{_both(Both('different', '有差异')) if row['different'] else ''}</td>",
        ]
        for row in sorted(found, key=lambda one: one["p_holm"])[:_MOST_ROWS]
    ]
    titles = [
        _APP,
        Both("figure", "指标"),
        VALUES[report["by"]],
        Both("ratio", "比值"),
        Both("95 % interval", "95% 区间"),
        Both("p", "p"),
        Both("", ""),
    ]
    reasons: dict[str, int] = {}
    for row in report["not_compared"]:
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
    rest = "".join(f"<li>{_both(NOT_COMPARED[text])}: {count:,}</li>" for text, count in sorted(reasons.items()))
    not_compared = f"<h3>{_both(Both('Not compared', '未比较'))}</h3><ul>{rest}</ul>" if rest else ""
    return f"<h2>{_both(heading)}</h2>" + _paragraph(note) + (_table(titles, rows) if rows else "") + not_compared


def _images(report: dict[str, Any]) -> str:
    rows = [
        [
            f"<td>{_text(name(row['image']))}</td>",
            *(
                f'<td class="n">{row[key]:,}</td>'
                for key in ("apps", "acts", "background_reads", "data_reads", "uploads")
            ),
            f"<td>{_text(', '.join(map(name, row['named'])))}</td>",
        ]
        for row in report["images"]
    ]
    if not rows:
        return ""
    titles = [
        Both("image", "映像"), Both("apps", "应用数"), Both("acts", "操作"), Both("background reads", "后台读取"), Both("data reads", "数据读取"),
        Both("uploads", "上传"), Both("in", "出现于"),
    ]  # fmt: skip
    heading = Both("By the code that called: libraries across apps", "按调用者：跨应用的库")
    return f"<h2>{_both(heading)}</h2>" + _table(titles, rows)


def _not_pooled(report: dict[str, Any]) -> str:
    lines = list(_left_out(report))
    if not lines:
        return ""
    heading = Both("Not pooled, or seen in part", "未合并，或只看到一部分")
    shown = "".join(f"<li>{line}</li>" for line in lines[:_MOST_ROWS])
    return f"<h2>{_both(heading)}</h2><ul>{shown}</ul>"


def _left_out(report: dict[str, Any]) -> Iterator[str]:
    for cell in report["cells"]:
        who = name(cell["app"]) + (f" {name(cell['value'])}" if cell["value"] is not None else "")
        for figure, found in cell["figures"].items():
            title = f"<b>{_text(who)}</b>, {_both(FIGURES[figure])}: "
            for rest in found["left_out"]:
                counts = Both(
                    f"{rest['runs']:,} runs of {number(rest['hours'])} h are left out",
                    f"{rest['runs']:,} 次会话（{number(rest['hours'])} 小时）未合并",
                )
                yield f"{title}{_both(counts)}: {_reasons(rest['reasons'] or ['these saw more'])}"
            if found["limits"]:
                yield f"{title}{_both(Both('not all could be seen', '未能全部看到'))}: {_reasons(found['limits'])}"


def _reasons(reasons: Sequence[str]) -> str:
    texts = [reason_in_both(each) for each in reasons]
    return _both(Both("; ".join(text.en for text in texts), "；".join(text.zh for text in texts)))


def _failures(report: dict[str, Any]) -> str:
    rows = [
        [f"<td>{_text(name(row['app']))}</td><td class='n'>{row['runs']:,}</td><td>{_text(name(row['problem']))}</td>"]
        for row in report["failures"]
    ]
    if not rows:
        return ""
    return f"<h2>{_both(Both('Runs that failed', '失败的会话'))}</h2>" + _table(
        [_APP, _RUNS, Both("why", "原因")], rows
    )


def _who(report: dict[str, Any], cell: dict[str, Any]) -> list[str]:
    app = f"<td>{_text(name(cell['app']))}</td>"
    return [app] if report["by"] == "app" else [app, f"<td>{_text(name(cell['value']))}</td>"]


def _who_titles(report: dict[str, Any]) -> list[Both]:
    return [_APP] if report["by"] == "app" else [_APP, VALUES[report["by"]]]


def _table(titles: Iterable[Both], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{_both(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _more(report: dict[str, Any]) -> str:
    rest = len(report["cells"]) - _MOST_ROWS
    return "" if rest <= 0 else _paragraph(Both(f"and {rest:,} more rows", f"另有 {rest:,} 行"), "quiet")


def _paragraph(text: Both, kind: str = "") -> str:
    return f"<p{f' class={kind}' if kind else ''}>{_both(text)}</p>"


def _both(text: Both) -> str:
    """Return a text in both languages; the page shows the chosen one. Where they are equal, once."""
    if text.en == text.zh:
        return escape(text.en)
    return (
        f'<span class="en" lang="en">{escape(text.en)}</span><span class="zh" lang="zh-Hans">{escape(text.zh)}</span>'
    )


def _text(text: str) -> str:
    return escape(text)


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"
