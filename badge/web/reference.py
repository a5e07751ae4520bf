"""The API described for people: the rows of /docs, read from the OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from badge.web.api import OPERATIONS
from badge.web.openapi import document

_BOUNDS = {
    "description": "{}",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "maxItems": "at most {}",
    "pattern": "as {}",
    "names": "each named as {}",
    "format": "{}",
    "enum": "one of {}",
}
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a body, or one parameter."""

    name: str
    kind: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as a reader looks it up."""

    id: str
    method: str
    path: str
    summary: str
    needs_key: bool
    parameters: tuple[Member, ...]
    reads: tuple[Member, ...]
    media_types: tuple[str, ...]
    status: int
    answers: tuple[Member, ...]
    answer_type: str
    refuses: tuple[int, ...]


def entries(origin: str) -> tuple[Entry, ...]:
    """Returns every operation in the order of the document."""
    said = document(origin)
    schemas = said["components"]["schemas"]
    return tuple(_entry(op, said["paths"][op.path][op.method], schemas) for op in OPERATIONS)


def _entry(op: Any, said: Mapping[str, Any], schemas: Mapping[str, Any]) -> Entry:
    body = said.get("requestBody", {"content": {}})["content"]
    answer_type, answer = next(iter(said["responses"][str(op.status)]["content"].items()))
    return Entry(
        id=said["operationId"],
        method=op.method.upper(),
        path=op.path,
        summary=op.summary,
        needs_key=op.owner,
        parameters=tuple(map(_parameter, op.parameters)),
        reads=tuple(m for media in body.values() for m in _members(media["schema"], schemas))
        if isinstance(op.body, type)
        else (),
        media_types=tuple(body),
        status=op.status,
        answers=tuple(_members(answer["schema"], schemas)),
        answer_type=answer_type,
        refuses=tuple(sorted(int(status) for status in said["responses"] if int(status) >= 400)),
    )


def _parameter(said: Mapping[str, Any]) -> Member:
    schema: dict[str, Any] = said["schema"] | {"description": said["description"]}
    return Member(said["name"], _kind(schema), said["required"], _says(schema))


def _members(schema: Mapping[str, Any], schemas: Mapping[str, Any], prefix: str = "") -> Iterator[Member]:
    target = schemas[_name_of(schema)] if "$ref" in schema else schema
    for name, member in target.get("properties", {}).items():
        within = _ref_in(member)
        kind = _kind(member)
        yield Member(prefix + name, kind, name in target.get("required", ()), _says(member))
        if within is not None:
            inner = f"{prefix}{name}[]." if kind.startswith("list") else f"{prefix}{name}."
            yield from _members(within, schemas, inner)


def _ref_in(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "$ref" in schema:
        return schema
    for choice in (*schema.get("anyOf", ()), schema.get("items") or {}):
        if "$ref" in choice:
            found: Mapping[str, Any] = choice
            return found
    return None


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(choice) for choice in schema["anyOf"])
    if "$ref" in schema:
        return "object"
    kind = str(schema.get("type", "text"))
    kind = {"array": "list", "string": "text", "integer": "whole number"}.get(kind, kind)
    inner = schema.get("items") or schema.get("additionalProperties")
    return f"{kind} of {_kind(inner)}" if isinstance(inner, Mapping) else kind


def _says(schema: Mapping[str, Any]) -> str:
    parts: list[Mapping[str, Any]] = []
    for choice in schema.get("anyOf", (schema,)):
        inner = choice.get("items") or choice.get("additionalProperties")
        names = {"names": named["pattern"]} if (named := choice.get("propertyNames")) else {}
        parts += [choice, names, inner if isinstance(inner, Mapping) else {}]
    told = [
        words.format(_text(part[name])) for part in parts for name, words in _BOUNDS.items() if name in part
    ]
    return "; ".join(dict.fromkeys(told))


def _text(value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    # Countries are too many to read: the first and the last say what the list is.
    shown = value if len(value) <= _MOST_SHOWN else [*value[:3], "…", value[-1]]
    return ", ".join(map(str, shown))


def _name_of(schema: Mapping[str, Any]) -> str:
    ref: str = schema["$ref"]
    return ref.rpartition("/")[2]
