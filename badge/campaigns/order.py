"""What a club asks of a kit, and which of it no picture can give."""

from collections.abc import Iterator
from dataclasses import dataclass

from badge.catalogue import Template
from badge.catalogue.fields import ColourField, Field, ImageField
from badge.catalogue.grammar import read_size
from badge.catalogue.manifest import Format
from badge.catalogue.query import near
from badge.errors import InvalidField
from badge.render.art import Art

USUAL_SIZES = ("og", "square", "story")


@dataclass(frozen=True, slots=True)
class KitOrder:
    """Which templates in which sizes and format, with a club's two colours and its crest.

    Without sizes each template comes in those that most clubs post, or in its own.
    """

    templates: tuple[Template, ...]
    sizes: tuple[str, ...] = ()
    format: Format = "png"
    theme: str = ""
    lang: str = "en"
    colours: tuple[str, ...] = ()
    crest: Art | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One picture of each player: a template in one size and format."""

    template: Template
    size: str
    format: Format


def variants(order: KitOrder) -> tuple[tuple[Variant, ...], tuple[str, ...]]:
    """Returns what is made of each player, and a sentence for each wish that is not met as it was said.

    A template without any of the sizes is made in its own, one without the format as PNG. Raises InvalidField
    where a size is none of any template, or a template shows a number that only the service knows.
    """
    for template in order.templates:
        if template.manifest.live:
            address = f"/{template.path}.{template.manifest.formats[0]}"
            raise InvalidField(
                f"{template.path} shows a number that changes: take it from the service, as {address}",
                field="templates",
            )
    made: list[Variant] = []
    unmet: list[str] = list(_without_place(order))
    for size in order.sizes:
        if not any(_takes(template, size) for template in order.templates):
            raise _no_size(size, order.templates)
    for template in {template.path: template for template in order.templates}.values():
        manifest = template.manifest
        wanted = [size for size in order.sizes or USUAL_SIZES if _takes(template, size)]
        sizes = wanted or [manifest.sizes.default]
        if order.sizes and not wanted:
            unmet.append(
                f"{template.path} has none of these sizes: made in {sizes[0]}; {_sizes_of(template)}"
            )
        format_: Format = order.format if order.format in manifest.formats else "png"
        if format_ != order.format:
            unmet.append(f"{template.path} does not come as {order.format}: made as {format_}")
        made += [Variant(template, size, format_) for size in dict.fromkeys(sizes)]
    return tuple(made), tuple(unmet)


def _without_place(order: KitOrder) -> Iterator[str]:
    places = max(_count(template, ColourField) for template in order.templates)
    if len(order.colours) > places:
        lost = ", ".join(order.colours[places:])
        yield f"no picture has a place for the colour {lost}; card/player takes two"
    if order.crest and not any(_count(template, ImageField) for template in order.templates):
        yield "no picture has a place for the crest; every card has one"


def _count(template: Template, kind: type[Field]) -> int:
    return sum(isinstance(field, kind) for field in template.manifest.fields.values())


def _takes(template: Template, size: str) -> bool:
    try:
        return read_size(size, template.manifest.sizes) == size
    except InvalidField:
        return False


def _no_size(size: str, templates: tuple[Template, ...]) -> InvalidField:
    known = [name for template in templates for name in template.manifest.sizes.values]
    meant = near(size[:40], known)
    hint = f"did you mean {meant}?" if meant else "; ".join(dict.fromkeys(map(_sizes_of, templates)))
    return InvalidField(f"--sizes: no picture that is wanted has the size {size}; {hint}", field="sizes")


def _sizes_of(template: Template) -> str:
    sizes = template.manifest.sizes
    known = ", ".join(sizes.values) or f"{sizes.minimum} to {sizes.maximum}"
    return f"{template.path} takes {known}"
