"""The style of a store's page: the colours of the comparison's page, light and dark.

Separate because it is CSS.
"""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --paper: #fdfcf9; --raised: #f4f1ea; --ink: #1d1b18; --quiet: #5d5850; --line: #e2ddd2; --accent: #0a5ba8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16171a; --raised: #202226; --ink: #ece8e0; --quiet: #aaa599; --line: #2e3136; --accent: #7db8f0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.2rem 1rem 4rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; }
:lang(zh) { font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", system-ui, sans-serif; }
h1, h2 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "DejaVu Serif", serif; font-weight: 600; line-height: 1.25; }
h1 { font-size: 1.7rem; margin: 1rem 0 .6rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p, ul { max-width: 46rem; }
.quiet { color: var(--quiet); }
ul { padding-left: 1.2rem; overflow-wrap: anywhere; }
input[name="lang"] { position: absolute; opacity: 0; }
label { display: inline-block; margin-right: .5rem; padding: .15rem .6rem; border: 1px solid var(--line); border-radius: 3px; color: var(--quiet); cursor: pointer; }
input:checked + label { background: var(--raised); color: var(--ink); }
input:focus-visible + label, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.zh { display: none; }
body:has(#zh:checked) .zh { display: inline; }
body:has(#zh:checked) .en { display: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--quiet); vertical-align: bottom; }
th, td { padding: .3rem 1rem .3rem 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; max-width: 26rem; overflow-wrap: break-word; }
td:first-child { min-width: 8.5rem; overflow-wrap: anywhere; }
.n { text-align: right; white-space: nowrap; }
.plot { min-width: 250px; }
svg { display: block; margin-top: .25rem; stroke: var(--accent); fill: none; stroke-width: 2; }
svg circle { fill: var(--accent); }
svg .axis { stroke: var(--line); stroke-width: 1; }
@media (max-width: 40rem) { th, td { padding-right: .6rem; } }
@media print { label { display: none; } .scroll { overflow: visible; } }
"""
