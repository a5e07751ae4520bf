"""What a visitor may say to a template: one closed struct a type, told apart by `type`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,30}$")]
FieldName = Annotated[str, Meta(pattern="^[a-z][A-Za-z0-9-]{0,30}$")]  # shields.io says labelColor
RecordKind = Literal["statistics"]


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    help: str


class TextField(_Field, frozen=True, kw_only=True, tag="text"):
    """A text in any script, drawn as it is typed."""

    required: bool = True
    max_graphemes: Annotated[int, Meta(ge=1, le=200)] = 60


class ColourField(_Field, frozen=True, kw_only=True, tag="colour"):
    """A colour that replaces the palette's `role` in every theme; `names` adds some to CSS's."""

    role: Name
    names: dict[Name, Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]] = {}


class ChoiceField(_Field, frozen=True, kw_only=True, tag="choice"):
    """One of a few words."""

    values: Annotated[tuple[Name, ...], Meta(min_length=1)]
    default: Name

    def __post_init__(self) -> None:
        if self.default not in self.values:
            raise ValueError(f"default {self.default} is not among the values {', '.join(self.values)}")


class WholeField(_Field, frozen=True, kw_only=True, tag="whole"):
    """A whole number within its bounds."""

    required: bool = True
    minimum: Annotated[int, Meta(ge=0)] = 0
    maximum: Annotated[int, Meta(le=999_999_999)]

    def __post_init__(self) -> None:
        if self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is more than maximum {self.maximum}")


class DayField(_Field, frozen=True, kw_only=True, tag="day"):
    """A calendar day, 2026-07-30 (ISO 8601)."""

    required: bool = True


class TimeField(_Field, frozen=True, kw_only=True, tag="time"):
    """A time of day, 20:45 (ISO 8601)."""

    required: bool = True


class ZoneField(_Field, frozen=True, kw_only=True, tag="zone"):
    """A time zone by its IANA name, Europe/Brussels."""

    required: bool = True


class RecordField(_Field, frozen=True, kw_only=True, tag="record"):
    """A record of our sourced content, by its id."""

    of: RecordKind
    default: str


class ImageField(_Field, frozen=True, kw_only=True, tag="image"):
    """A picture that comes beside the address, never in it; the spec holds its digest."""

    required: bool = False


Field = (
    TextField
    | ColourField
    | ChoiceField
    | WholeField
    | DayField
    | TimeField
    | ZoneField
    | RecordField
    | ImageField
)


def default_of(field: Field) -> str:
    """Returns what a field says where the visitor is silent, empty where that is nothing."""
    return field.default if isinstance(field, ChoiceField | RecordField) else ""


def is_required(field: Field) -> bool:
    """Tells whether a request without this field is refused."""
    return not isinstance(field, ColourField | ChoiceField | RecordField) and field.required
