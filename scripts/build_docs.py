"""Build the documentation with Sphinx, and before that the pages that are not in docs/: commands, notebook, lists.

Warnings are errors: for example a link to a missing page or heading, or a page to which no other page links.
"""

from __future__ import annotations

import argparse
import html
import json
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import click
from sphinx.cmd.build import build_main

from lightleak.cli._group import SECTIONS, cli

TOP = Path(__file__).resolve().parent.parent
DOCS = TOP / "docs"
NOTEBOOK = "notebook.ipynb"


def commands() -> dict[str, click.Command]:
    """Return every command of this installation: name → command."""
    context = click.Context(cli, info_name="lightleak")
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def stage(folder: Path) -> None:
    """Write everything that Sphinx reads to a folder: docs/, the generated pages, and the sidebar."""
    shutil.copytree(DOCS, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    present = commands()
    pages = {f"commands/{name}.md": command_page(name, command) for name, command in present.items()}
    pages["commands/index.md"] = index_page() + _toctree({name: f"{name}.md" for name in present})
    pages["notebook.md"] = notebook_page(json.loads((DOCS / NOTEBOOK).read_text(encoding="utf-8")))
    decisions = sorted((DOCS / "adr").glob("[0-9]*.md"))
    titles = {path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# "): path.name for path in decisions}
    listed = "".join(f"* [{title}]({name})\n" for title, name in titles.items())
    pages["adr/index.md"] = f"{(DOCS / 'adr' / 'index.md').read_text(encoding='utf-8')}\n{listed}{_toctree(titles)}"
    navigation = tomllib.loads((DOCS / "nav.toml").read_text(encoding="utf-8"))
    placed = {name for section in navigation.values() for name in section.values()} | {"index.md"}
    if left := [path.name for path in sorted(DOCS.glob("*.md")) if path.name not in placed]:
        navigation["More"] = {_title(DOCS / name): name for name in left}
    sidebar = "".join(_toctree(section, title) for title, section in navigation.items())
    pages["index.md"] = (DOCS / "index.md").read_text(encoding="utf-8") + sidebar
    for name, text in pages.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _title(page: Path) -> str:
    """Return a page's first heading."""
    return next(line.lstrip("# ") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("# "))


def _toctree(pages: dict[str, str], caption: str | None = None) -> str:
    """Return the directive that lists pages in the sidebar. ``pages``: title → file."""
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    rows = [f"{title} <{name}>" for title, name in pages.items()]
    return "\n```{toctree}\n" + "\n".join([*options, "", *rows]) + "\n```\n"


def index_page() -> str:
    """Return the page that lists the commands and describes what they have in common."""
    present = commands()
    page = _INDEX
    for title, section in SECTIONS.items():
        rows = [
            f"| [`{name}`]({name}.md) | {_first_sentence(present[name])} |\n" for name in section if name in present
        ]
        page += f"\n## {title}\n\n| command | does |\n|---|---|\n{''.join(rows)}" if rows else ""
    return page


def command_page(name: str, command: click.Command) -> str:
    """Return a command's page, made from its help."""
    parent = click.Context(cli, info_name="lightleak")
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(["lightleak", name, *command.collect_usage_pieces(context)])
    text = "\n\n".join(_one_line(part) for part in (command.help or "").split("\n\n"))
    page = f"# lightleak {name}\n\n```text\n{usage}\n```\n\n{text}\n"
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            child = command.get_command(context, sub)
            assert child is not None
            page += f"\n## {name} {sub}\n\n{_one_line(child.help or '')}\n" + _options(child, context)
        return page
    return page + _examples(command) + _options(command, context)


def _examples(command: click.Command) -> str:
    """Return the examples at the end of a command's help. There they are indented by two, after a title."""
    lines = (command.epilog or "").splitlines()[2:]
    return "\n```text\n" + "\n".join(line.strip() for line in lines) + "\n```\n" if lines else ""


def _options(command: click.Command, context: click.Context) -> str:
    records = [p.get_help_record(context) for p in command.params if isinstance(p, click.Option)]
    rows = "".join(f"| <code>{_cell(record[0])}</code> | {_cell(record[1])} |\n" for record in records if record)
    return f"\n| option | |\n|---|---|\n{rows}" if rows else ""


def _first_sentence(command: click.Command) -> str:
    return _one_line((command.help or "").split("\n\n")[0])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return html.escape(_one_line(text)).replace("|", "&#124;")


def notebook_page(notebook: dict[str, Any]) -> str:
    """Return a notebook as a page: its text, its code, and the code's output."""
    page = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        page += f"```python\n{source}\n```\n\n" if cell["cell_type"] == "code" else f"{source}\n\n"
        for output in cell.get("outputs", []):
            shown = output.get("data", {}).get("text/html")
            text = "".join(output.get("text", ()))
            page += f"{''.join(shown)}\n\n" if shown else f"```text\n{text.rstrip()}\n```\n\n"
    return f"{page}---\nThis page is a notebook: [download it]({NOTEBOOK}) and run it in the demo's folder.\n"


_INDEX = """\
# Commands

Options follow the command; `-v` and `-q` may also come before it. `lightleak help COMMAND` is `lightleak COMMAND --help`. Results go to
stdout, everything else to stderr. `-o FILE` writes a result to a file and `-o -` to stdout; nothing binary goes to a terminal unless `-o -` asks for it.
`--json`, short for `--format json` (or `ndjson`), is stable and versioned; tables are for people. `NO_COLOR` is honoured. Existing files are
overwritten only with `--force`.

A duration is a number of seconds, or has units: `90`, `500ms`, `20m`, `1h30m`. Sessions and privacy reports are recognised by their content, whatever
their names and order: `lightleak compare SESSION REPORT`.

| exit code | |
|---|---|
| 0 | success, also after a stop by Ctrl-C, SIGTERM or `-t` |
| 1 | failure |
| 2 | invalid usage |
| 3 | a policy is violated (`lightleak check`), or the new version does more (`lightleak diff --fail-on-new`) |

Device and target options are those of Frida's tools, with the same letters and environment variables (`FRIDA_HOST`,
`FRIDA_TOKEN`, …). A target without an option is a path (spawned, and hooked from its start), a process id, an identifier or a name.
`record` and `watch` take several; the words after a path are the program's arguments.
"""


def main() -> int:
    """Build the site, and return Sphinx's exit code."""
    parser = argparse.ArgumentParser(description="Build the documentation as a site.")
    parser.add_argument(
        "--out", type=Path, default=TOP / "site", metavar="FOLDER", help="output folder (default: site)"
    )
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as work:
        pages = Path(work, "pages")
        stage(pages)
        options = ["-b", "dirhtml", "-W", "-q", "-d", str(Path(work, "read"))]
        return build_main([*options, str(pages), str(out)])


if __name__ == "__main__":
    sys.exit(main())
