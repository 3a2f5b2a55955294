"""Pages of the documentation that are made when it is built: the commands, and the notebook as a page.

Source: the hooks of MkDocs 1.6 (``on_config``, ``on_files``, ``on_page_markdown``).
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from lightleak.cli._group import SECTIONS, cli

_NOTEBOOK = "notebook.ipynb"


def commands() -> dict[str, click.Command]:
    """Return every command of this installation by its name."""
    context = click.Context(cli, info_name="lightleak")
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Complete the navigation: a page for each command, each decision, and what nobody has given a place yet."""
    parts = [part for section in config.nav or [] for group in section.values() for part in group]
    names = [{name: f"commands/{name}.md"} for name in commands()]
    next(part for part in parts if "Commands" in part)["Commands"] = [{"All commands": "commands/index.md"}, *names]
    decisions = next(section for section in config.nav or [] if "Decisions" in section)["Decisions"]
    decisions += [f"adr/{page.name}" for page in _decisions(config)]
    placed = json.dumps(config.nav)
    left = [page.name for page in sorted(Path(config.docs_dir).glob("*.md")) if f'"{page.name}"' not in placed]
    if left:
        (config.nav or []).append({"More": left})
    return config


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """List the decisions on their index."""
    del files
    if page.file.src_uri != "adr/index.md":
        return markdown
    titles = {path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in _decisions(config)}
    return markdown + "\n" + "".join(f"* [{title.lstrip('# ')}]({name})\n" for name, title in titles.items())


def _decisions(config: MkDocsConfig) -> list[Path]:
    return sorted(Path(config.docs_dir, "adr").glob("[0-9]*.md"))


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    made = {f"commands/{name}.md": command_page(name, command) for name, command in commands().items()}
    made["commands/index.md"] = index_page()
    notebook = Path(config.docs_dir, _NOTEBOOK)
    made["notebook.md"] = notebook_page(json.loads(notebook.read_text(encoding="utf-8")))
    for path, text in made.items():
        files.append(File.generated(config, path, content=text))
    return files


def index_page() -> str:
    """List the commands, and say what they have in common."""
    present = commands()
    page = _INDEX
    for title, section in SECTIONS.items():
        rows = [
            f"| [`{name}`]({name}.md) | {_first_sentence(present[name])} |\n" for name in section if name in present
        ]
        page += f"\n## {title}\n\n| command | does |\n|---|---|\n{''.join(rows)}" if rows else ""
    return page


def command_page(name: str, command: click.Command) -> str:
    """Write a command's page from what ``--help`` knows."""
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
    """Give the examples that ``--help`` ends with: lines behind a title, each indented by two."""
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
    """Write a notebook as a page: its text, its code, and what the code said."""
    page = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        page += f"```python\n{source}\n```\n\n" if cell["cell_type"] == "code" else f"{source}\n\n"
        for output in cell.get("outputs", []):
            page += f"```text\n{''.join(output['text']).rstrip()}\n```\n\n"
    return f"{page}---\nThis page is a notebook: [take it]({_NOTEBOOK}) and run it in the demo's folder.\n"


_INDEX = """\
# Commands

Everything but `-v`, `-q`, `--version` and `--help` follows the command. Results go to stdout, everything else to stderr.
`--format json` and `ndjson` are stable and versioned; tables are for people. `NO_COLOR` is honoured, and a file that exists
is refused unless `--force` says otherwise.

| exit code | |
|---|---|
| 0 | done; a stop by Ctrl-C, SIGTERM or `-t` too |
| 1 | could not do it |
| 2 | wrong usage |
| 3 | a policy is broken: `lightleak check`; the new version does more: `lightleak diff --fail-on-new` |

Device and target options are Frida's own, with Frida's letters and environment variables (`FRIDA_HOST`, `FRIDA_TOKEN`, …).
A bare target is a path (started, hooked from its beginning), a process id, an identifier or a name.
"""
