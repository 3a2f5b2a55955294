"""Read a policy: TOML in, rules as structs out; an unknown key is an error with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Meta

from lightleak.comparator.rules.rules import CAUSES
from lightleak.errors import FileError
from lightleak.events import DEPTHS, STATES, TRIGGERS

_Struct = TypeVar("_Struct", bound=msgspec.Struct)

VERSION = 1
"""Of the policy's format."""

_WITHOUT_ACT = ("picker", "unexplained", "unobserved")
"""Causes that are no act of a process, so that nothing set one off."""

_MAX_CHARS = 1 << 20
_SECTION = re.compile(r"\s*\[")
_RULE = re.compile(r"\s*\[\[\s*rule\s*\]\]")

# What a key may hold. Each description completes "KEY must be …".
ReadDepth = Annotated[
    Literal["metadata", "thumbnail", "data", "upload"], Meta(description="one of metadata, thumbnail, data, upload")
]
State = Literal["unknown", "active", "inactive", "background"]
States = Annotated[tuple[State, ...], Meta(min_length=1, description=f"a list of {', '.join(STATES)}")]
EntryState = Annotated[
    Literal["unknown", "active", "inactive", "background", "mixed"],
    Meta(description=f"one of {', '.join((*STATES, 'mixed'))}"),
]
Cause = Annotated[
    Literal["picker", "query", "open", "unobserved", "notification", "unexplained"],
    Meta(description=f"one of {', '.join(CAUSES)}"),
]
TriggerKind = Literal["change", "touch", "wake", "launch", "activation", "none", "unknown"]
Triggers = Annotated[
    TriggerKind | Annotated[tuple[TriggerKind, ...], Meta(min_length=1)],
    Meta(description=f"one of {', '.join(TRIGGERS)}, or a list of them"),
]
Claim = Annotated[Literal["background-only-on-change"], Meta(description="background-only-on-change")]
Step = Annotated[
    Literal["notification", "open", "metadata", "thumbnail", "data", "upload"],
    Meta(description=f"one of {', '.join(DEPTHS[1:])}"),
]
Measure = Annotated[
    Literal["bytes", "cpu_ms", "notifications", "reads"], Meta(description="one of bytes, cpu_ms, notifications, reads")
]
Flag = Annotated[bool, Meta(description="true or false")]
Name = Annotated[str, Meta(min_length=1, description="a text")]
Classes = Annotated[tuple[str, ...], Meta(description="a list of class names")]
Probes = Annotated[tuple[str, ...], Meta(description="a list of probes")]
WholeNumber = Annotated[int, Meta(ge=0, description="a whole number from 0")]
Share = Annotated[float, Meta(ge=0, le=1, description="a share between 0 and 1")]
Hours = Annotated[float, Meta(ge=0, le=1e6, description="a number from 0")]
Amount = Annotated[float, Meta(ge=0, le=1e18, description="a number from 0")]


class RuleOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="rule"):
    """The keys of one ``[[rule]]`` table; ``rule`` says of which kind."""

    name: Name | None = None
    """What tables and CI show."""


class NoRead(RuleOptions, frozen=True, tag="no-read"):
    """The app itself reads nothing of this depth or deeper."""

    depth: ReadDepth = "data"
    states: States = ()
    """Only in these states; empty: in all."""
    night: Flag = False
    trigger: Triggers = ()
    """Only what one of these set off; empty: all."""


class NoObserver(RuleOptions, frozen=True, tag="no-observer"):
    """No change observer of another class is found or registered."""

    allow: Classes = ()


class QuietCallbacks(RuleOptions, frozen=True, tag="quiet-callbacks"):
    """No callback of the photo library reads this depth or deeper while it runs."""

    depth: ReadDepth = "metadata"


class EntriesOfCause(RuleOptions, frozen=True, tag="entries"):
    """The report has at most so many entries of a cause, of a trigger, or of both."""

    cause: Cause | None = None
    trigger: Triggers = ()
    at_most: WholeNumber = 0
    state: EntryState | None = None
    night: Flag = False


class MakersClaim(RuleOptions, frozen=True, tag="claim"):
    """What the app's maker says of its entries in the background is so."""

    claim: Claim
    deepest: Step | None = None
    """The furthest that the app may go under those that fit; None: any depth."""


class NoUnreported(RuleOptions, frozen=True, tag="no-unreported"):
    """The app reads nothing of this depth or deeper under no entry of the report."""

    depth: ReadDepth = "metadata"


class Ceiling(RuleOptions, frozen=True, tag="ceiling"):
    """At most so much of a measure in an hour of watched time."""

    measure: Measure
    per_hour: Amount


class EnoughWatched(RuleOptions, frozen=True, tag="coverage"):
    """At least so much is watched."""

    share: Share | None = None
    hours: Hours | None = None
    probes: Probes = ()


AnyRule = NoRead | NoObserver | QuietCallbacks | EntriesOfCause | MakersClaim | NoUnreported | Ceiling | EnoughWatched

RULES: Mapping[str, type[RuleOptions]] = {str(kind.__struct_config__.tag): kind for kind in get_args(AnyRule)}
"""Kind of rule → its keys."""


class _PolicyFile(msgspec.Struct, forbid_unknown_fields=True):
    version: Annotated[Literal[1], Meta(description=str(VERSION))]
    rule: Annotated[list[Any], Meta(min_length=1, description="at least one [[rule]]")]
    not_proven: Annotated[Literal["warn", "fail"], Meta(description="one of warn, fail")] = "warn"
    covered_share: Share = 1.0
    accept_missing: Probes = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement that must hold."""

    options: AnyRule
    line: int | None

    @property
    def kind(self) -> str:
        """The word after ``rule =``."""
        return str(self.options.__struct_config__.tag)

    @property
    def name(self) -> str:
        """The name that the policy gives it, else its kind."""
        return self.options.name or self.kind


@dataclass(frozen=True, slots=True)
class Policy:
    """What must hold, and what counts as having watched."""

    source: str
    rules: tuple[Rule, ...]
    not_proven: str = "warn"
    """``warn``, or ``fail``: a rule that could not be proven is then as bad as a broken one."""
    covered_share: float = 1.0
    """How much of the time from the first to the last look at an app must have been watched, 0 to 1."""
    accept_missing: frozenset[str] = frozenset()
    """Probes, by name, that may be missing."""


def read_policy(text: str, source: str = "policy") -> Policy:
    """Return the policy of a text; ``source`` names it in messages. Raises: FileError, with the line if it is known."""
    if len(text) > _MAX_CHARS:
        raise FileError(f"{source} is too long for a policy", hint="check that this is the right file")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        raise FileError(
            f"{source} is not valid TOML ({problem or 'nested too deeply'})", hint="see docs/policies.md"
        ) from None
    reader = _Reader(text, source)
    top = reader.convert(raw, _PolicyFile)
    return Policy(
        source=source,
        rules=tuple(reader.rule(number, table) for number, table in enumerate(top.rule)),
        not_proven=top.not_proven,
        covered_share=top.covered_share,
        accept_missing=frozenset(top.accept_missing),
    )


class _Reader:
    """Turns the tables of one policy into structs, and says what is wrong with a table, on which line."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = text.splitlines()
        self._source = source

    def rule(self, number: int, table: Any) -> Rule:
        if not isinstance(table, dict):
            raise self._error("a rule is a [[rule]] table", "", number)
        kind = table.get("rule")
        if not isinstance(kind, str) or kind not in RULES:
            problem = f"there is no rule {kind!r}" if kind is not None else "a [[rule]] does not say which rule it is"
            raise self._error(problem, "rule", number, hint=f"rules are {', '.join(RULES)}")
        options = self.convert(table, RULES[kind], number)
        if isinstance(options, EnoughWatched) and not table.keys() & {"share", "hours", "probes"}:
            raise self._error("a coverage rule asks for nothing", "rule", number, hint="give share, hours or probes")
        if isinstance(options, EntriesOfCause) and not table.keys() & {"cause", "trigger"}:
            raise self._error("an entries rule counts nothing", "rule", number, hint="give cause, trigger or both")
        if isinstance(options, EntriesOfCause) and options.trigger and options.cause in _WITHOUT_ACT:
            problem = f"an entry of cause {options.cause} has no trigger"
            raise self._error(problem, "trigger", number, hint="leave out trigger, or give another cause")
        return Rule(options, self._line("rule", number))  # type: ignore[arg-type]

    def convert(self, table: dict[str, Any], kind: type[_Struct], number: int | None = None) -> _Struct:
        try:
            return msgspec.convert(table, kind)
        except msgspec.ValidationError:
            raise self._problem(table, kind, number) from None

    def _problem(self, table: dict[str, Any], kind: type[msgspec.Struct], number: int | None) -> FileError:
        """Return the error of the first key that a table of this kind cannot have, or that it lacks."""
        types = get_type_hints(kind, include_extras=True)
        known = [*(["rule"] if kind.__struct_config__.tag else []), *kind.__struct_fields__]
        for key, value in table.items():
            if key not in known:
                return self._error(f"the key {key!r} is not known", key, number, hint=f"known here: {', '.join(known)}")
            if key in types and not _fits(value, types[key]):
                return self._error(f"{key} must be {_description(types[key])}, not {value!r:.80}", key, number)
        missing = next(
            field.name for field in msgspec.structs.fields(kind) if field.required and field.name not in table
        )
        where = "rule" if number is not None else ""
        return self._error(f"{missing} is missing: {_description(types[missing])}", where, number)

    def _error(self, problem: str, key: str, number: int | None, *, hint: str = "see docs/policies.md") -> FileError:
        line = self._line(key, number)
        return FileError(f"{self._source}{f' line {line}' if line else ''}: {problem}", hint=hint)

    def _line(self, key: str, number: int | None) -> int | None:
        """Return the line of a key of rule ``number`` (of the top where None), in the usual layout; None when it is not found."""
        section = -1
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=") if key else None
        for at, line in enumerate(self._lines, 1):
            if _SECTION.match(line):
                section += bool(_RULE.match(line))
            elif wanted and wanted.match(line) and section == (-1 if number is None else number):
                return at
        return None


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _description(kind: Any) -> str:
    """Return the description of a type, or of the one that it may be besides None."""
    for part in (kind, *get_args(kind)):
        for meta in getattr(part, "__metadata__", ()):
            return str(meta.description)
    raise AssertionError(f"{kind} has no description")
