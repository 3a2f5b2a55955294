"""The comparator's statements as TypeScript types: ``scripts/make-clause-types`` writes them, ``test_clauses.py`` checks that they are up to date."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT
from msgspec import inspect as schema

from lightleak.comparator.assumptions import ASSUMPTIONS
from lightleak.comparator.explain.brief import Brief
from lightleak.comparator.explain.clauses import Clause, OtherProcess, PropertyRead, Window
from lightleak.comparator.explain.notices import Notice
from lightleak.comparator.explain.quotes import MayNotWrite, MayWrite, SetOffCount
from lightleak.statements import Statement
from lightleak.trace.file_status import FileNotice

HEAD = "// Made by scripts/make-clause-types from lightleak/comparator/explain. Change that, not this.\n"


_PARTS = (OtherProcess, Window, PropertyRead, Brief, SetOffCount)
"""What is inside statements, or next to them."""


def typescript() -> str:
    """Return the file's text."""
    parts = [
        HEAD,
        *(f"export type {one.__name__} = {_struct(one)};\n" for one in _PARTS),
        f"export type Clause =\n{_union(Clause)};\n",
        f"export type Notice =\n{_union(Notice, FileNotice)};\n",
        "export type Statement = Clause | Notice;\n",
        f"export type MayWrite =\n{_union(MayWrite)};\n",
        f"export type MayNotWrite =\n{_union(MayNotWrite)};\n",
        "export type Quote = MayWrite | MayNotWrite;\n",
        f"export type AssumptionName = {' | '.join(map(_quoted, ASSUMPTIONS))};\n",
    ]
    return "\n".join(parts)


def statements(*bases: type[Statement]) -> Iterator[type[Statement]]:
    """Yield the statements of these kinds, in the order of their definition."""
    for base in bases:
        yield from base.__subclasses__()


def _union(*bases: type[Statement]) -> str:
    return "\n".join(f"  | {_struct(one)}" for one in statements(*bases))


def _struct(one: type[Any]) -> str:
    info = schema.type_info(one)
    assert isinstance(info, schema.StructType)
    code = [f"{info.tag_field}: {_quoted(str(info.tag))}"] if info.tag_field else []
    return f"{{ {'; '.join([*code, *map(_field, info.fields)])} }}"


def _field(field: schema.Field) -> str:
    optional = "" if field.default is NODEFAULT else "?"
    return f"{field.name}{optional}: {_type(field.type)}"


def _type(one: schema.Type) -> str:
    if isinstance(one, schema.UnionType):
        return " | ".join(map(_type, one.types))
    if isinstance(one, schema.LiteralType):
        return " | ".join(map(_quoted, one.values))
    if isinstance(one, schema.VarTupleType):
        item = _type(one.item_type)
        return f"({item})[]" if " | " in item else f"{item}[]"
    if isinstance(one, schema.TupleType):
        return f"[{', '.join(map(_type, one.item_types))}]"
    if isinstance(one, schema.StructType):
        return str(one.cls.__name__)
    names: Iterable[tuple[type[schema.Type], str]] = (
        (schema.NoneType, "null"),
        (schema.BoolType, "boolean"),
        (schema.StrType, "string"),
        (schema.IntType, "number"),
        (schema.FloatType, "number"),
    )
    return next(name for kind, name in names if isinstance(one, kind))


def _quoted(value: object) -> str:
    return f'"{value}"'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(typescript(), encoding="utf-8")
