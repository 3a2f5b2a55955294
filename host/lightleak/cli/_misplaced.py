"""What fingers type out of habit or out of place, and what was meant.

Separate because it is only reached when something is wrong, and may load every command for its answer.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

import click

from lightleak.errors import UsageError
from lightleak.text import escaped

MEANT = {
    "attach": "lightleak record TARGET attaches to what runs.",
    "html": "lightleak compare SESSION REPORT --format html -o FILE writes a page.",
    "list": "lightleak devices lists devices, lightleak apps lists apps, lightleak probes lists hooks.",
    "ls": "lightleak devices lists devices, lightleak apps lists apps.",
    "open": "lightleak show SESSION shows a recording.",
    "ps": "lightleak apps lists apps, with --all processes too.",
    "redact": "lightleak export SESSION --redact -o FILE redacts a recording.",
    "report": "lightleak inspect REPORT reads one, lightleak compare SESSION REPORT explains it.",
    "run": "lightleak record ./PROGRAM starts a program with the hooks in place.",
    "trace": "lightleak record TARGET attaches to what runs.",
    "version": "lightleak --version shows the versions.",
}
"""Words that other tools have as commands → what does that here."""

_A_TARGET = ("-n", "App")


def misplaced(
    option: str, words: Sequence[str], commands: Mapping[str, Callable[[], click.Command]]
) -> UsageError | None:
    """Return the error for an option before the command that belongs after one; None where no command has it.

    words: the command line. commands: name → how to load it.
    """
    named = next((at for at, word in enumerate(words) if word in commands), None)
    if named is not None:
        name = words[named]
        if option in _options(commands[name]()):
            return _follows(option, [name, *words[:named], *words[named + 1 :]])
        return None
    owners = [name for name, load in commands.items() if option in _options(load())]
    if not owners:
        return None
    if "record" in owners:
        alone = [word for word in words if word.startswith("-")] == list(words)
        return _follows(option, ["record", *words, *(_A_TARGET if alone and "-n" not in words else ())])
    return _follows(option, [owners[0], *words])


def _follows(option: str, words: Sequence[str]) -> UsageError:
    example = escaped(shlex.join(["lightleak", *_without_secrets(words)]))
    return UsageError(f"options such as {option} follow a command", hint=example)


def _without_secrets(words: Sequence[str]) -> Iterator[str]:
    """Yield the words without the values of ``--token``: an error may end in a public log."""
    before = ""
    for word in words:
        name, equals, _ = word.partition("=")
        yield "TOKEN" if before == "--token" else "--token=TOKEN" if equals and name == "--token" else word
        before = word


def _options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
