"""The JSON Schemas of all outputs: ``scripts/make-schemas`` writes them to docs/schema, a test compares the two.

Their one home are the types of this folder: what an output has, its types, and its words from lightleak.events and its like.
Docstrings become descriptions. What is published is open: an object may get further keys within one version.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from lightleak.comparator.explain.clauses import Clause
from schema import of_check, of_compare, of_device, of_diff, of_fieldtest, of_fleet, of_inspect, of_trace, of_verify

DRAFT = "https://json-schema.org/draft/2020-12/schema"
UNKNOWN_KIND = "UnknownLine"


class Schema(NamedTuple):
    """One published schema."""

    version: int
    """That of the output."""
    of: str
    """What it describes, for people."""
    types: tuple[type[Any], ...]
    """The output has one of them."""


SCHEMAS = {
    "apps": Schema(1, "`lightleak apps --format json`", (of_device.AppsShape,)),
    "check": Schema(1, "`lightleak check --format json`", (of_check.CheckShape,)),
    "compare": Schema(2, "`lightleak compare --format json` without a filter", (of_compare.ComparisonShape,)),
    "compare-selection": Schema(
        2, "`lightleak compare --format json` with `--filter`, `--from` or `--to`", (of_compare.SelectionShape,)
    ),
    "devices": Schema(1, "`lightleak devices --format json`", (of_device.DevicesShape,)),
    "diff": Schema(1, "`lightleak diff --format json`", (of_diff.DiffShape,)),
    "doctor": Schema(1, "`lightleak doctor --format json`", (of_device.DoctorShape,)),
    "fieldtest": Schema(
        1, "the file of `lightleak fieldtest`, and `--explain FILE --format json`", (of_fieldtest.FieldTestShape,)
    ),
    "fleet-query": Schema(1, "`lightleak fleet query STORE SQL --format json`", (of_fleet.FleetQueryShape,)),
    "fleet-report": Schema(1, "`lightleak fleet report STORE --format json`", (of_fleet.FleetReportShape,)),
    "fleet-status": Schema(1, "`lightleak fleet status STORE --format json`", (of_fleet.FleetStatusShape,)),
    "inspect": Schema(1, "`lightleak inspect --format json`", (of_inspect.InspectShape,)),
    "probes": Schema(1, "`lightleak probes --format json`", (of_device.ProbesShape,)),
    "trace": Schema(
        2, "each line of `lightleak export --format ndjson` and `lightleak replay --format ndjson`", of_trace.LINES
    ),
    "verify": Schema(1, "`lightleak verify --format json`", (of_verify.VerifyShape,)),
}


def schema(name: str) -> dict[str, Any]:
    """Return one schema as it is published."""
    published = SCHEMAS[name]
    statements = Clause.__subclasses__()
    types = [*published.types, *statements]
    references, parts = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    if "Clause" in parts:
        parts["Clause"] = {
            "description": "One statement about an entry: a code and its parameters.",
            "oneOf": list(references[len(published.types) :]),
        }
    for one in _structs(types):
        _describe(one, parts[one.__name__])
    tops = list(references[: len(published.types)])
    if name == "trace":
        kinds = [one.__struct_config__.tag for one in published.types]
        parts[UNKNOWN_KIND] = {
            "description": "An event of a kind that this version does not know: it is kept.",
            **{key: parts["MarkLine"][key] for key in ("type", "required")},
            "properties": {
                **{key: parts["MarkLine"]["properties"][key] for key in ("segment", "seq", "wall_ns", "mono_ns")},
                "kind": {"type": "string", "not": {"enum": kinds}},
            },
        }
        tops = [*tops, {"$ref": f"#/$defs/{UNKNOWN_KIND}"}]
    top = tops[0] if len(tops) == 1 else {"oneOf": tops}
    return {
        "$schema": DRAFT,
        "$id": f"urn:lightleak:schema:{name}:{published.version}",
        "title": f"lightleak {name}, version {published.version}",
        "description": f"Describes {published.of}.",
        **top,
        "$defs": {part: parts[part] for part in sorted(_reached(top, parts))},
    }


def strict(document: Any) -> Any:
    """Return a schema in which objects have no keys but those that it names: what a test of our own outputs holds to."""
    if isinstance(document, list):
        return [strict(one) for one in document]
    if not isinstance(document, dict):
        return document
    made = {key: strict(value) for key, value in document.items()}
    if "properties" in made and document.get("type") == "object" and "kind" not in _names_unknown(document):
        made.setdefault("additionalProperties", False)
    return made


def text(name: str) -> str:
    """Return the file of one schema."""
    written = json.dumps(schema(name), indent=2, ensure_ascii=False)
    return re.sub(r"\b([A-Z]\w+?)Shape\b", r"\1", written) + "\n"


def _names_unknown(document: dict[str, Any]) -> set[str]:
    kind = document["properties"].get("kind")
    return {"kind"} if isinstance(kind, dict) and "not" in kind else set()


def _reached(top: Any, parts: dict[str, Any]) -> set[str]:
    """Return the parts that a schema refers to, directly or not."""
    found: set[str] = set()
    waiting = list(_references(top))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(parts[name])
    return found


def _references(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        if isinstance(document.get("$ref"), str):
            yield document["$ref"].rpartition("/")[2]
        for value in document.values():
            yield from _references(value)
    elif isinstance(document, list):
        for value in document:
            yield from _references(value)


def _structs(types: list[type[Any]]) -> Iterator[type[Any]]:
    """Yield the structs and dataclasses that are in some types."""
    seen: set[type[Any]] = set()
    waiting = [msgspec.inspect.type_info(one) for one in types]
    while waiting:
        info = waiting.pop()
        if isinstance(info, msgspec.inspect.StructType | msgspec.inspect.DataclassType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            yield info.cls
            waiting += [field.type for field in info.fields]
        else:
            waiting += _inside(info)


def _inside(info: Any) -> Iterator[Any]:
    for name in ("types", "item_types"):
        yield from getattr(info, name, ())
    for name in ("type", "item_type", "key_type", "value_type"):
        inner = getattr(info, name, None)
        if isinstance(inner, msgspec.inspect.Type):
            yield inner


def _describe(one: type[Any], part: dict[str, Any]) -> None:
    """Add to a struct's schema what msgspec leaves out: the docstrings of its fields, and the words that can be keys."""
    info = msgspec.inspect.type_info(one)
    assert isinstance(info, msgspec.inspect.StructType | msgspec.inspect.DataclassType)
    said = {name: line for base in reversed(one.__mro__) for name, line in _field_docstrings(base).items()}
    for field in info.fields:
        own = part["properties"][field.encode_name]
        if field.name in said:
            part["properties"][field.encode_name] = own = {"description": said[field.name], **own}
        own.pop("default", None)
        _name_keys(field.type, own)


def _name_keys(info: Any, part: dict[str, Any]) -> None:
    if isinstance(info, msgspec.inspect.DictType):
        if isinstance(info.key_type, msgspec.inspect.LiteralType):
            part["propertyNames"] = {"enum": list(info.key_type.values)}
        if isinstance(part.get("additionalProperties"), dict):
            _name_keys(info.value_type, part["additionalProperties"])


def _field_docstrings(one: type[Any]) -> dict[str, str]:
    """Return what the strings below a class's fields say."""
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
    except (OSError, TypeError):
        return {}
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for before, after in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[before.target.id] = " ".join(after.value.value.replace("``", "`").split())
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name in SCHEMAS:
        (folder / f"{name}.schema.json").write_text(text(name), encoding="utf-8")
