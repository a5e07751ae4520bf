"""What the home page shows for one visitor's choice: three pictures and their downloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from badge.catalogue import CANVASES, Catalogue
from badge.catalogue.query import read_query
from badge.errors import BadRequest, BlueHeartError, InvalidField
from badge.render import Kit, render
from badge.web.control import Blocks
from badge.web.wording import Wording, Wordings

THEMES = ("light", "dark")
SIZES = ("og", "linkedin", "x", "square", "story")
DEFAULT_THEME = "dark"
AVATAR_PX = 512


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor typed and picked; `error` says why it cannot be drawn, `name` is then as typed."""

    wording: Wording
    name: str = ""
    theme: str = DEFAULT_THEME
    size: str = SIZES[0]
    error: BlueHeartError | None = None

    @property
    def drawn_name(self) -> str:
        """Returns the name in the pictures: a stand-in until there is one that can be drawn."""
        return self.name if self.is_drawn else self.wording.shared.ui["your_name"]

    @property
    def is_drawn(self) -> bool:
        """Tells whether the pictures show the visitor's own name."""
        return bool(self.name) and self.error is None

    @property
    def alt(self) -> str:
        """Returns what the pictures say."""
        return self.wording.shared.ui["wears"].replace("{name}", self.drawn_name)


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture on the page, its addresses by format, and the values that its addresses leave out."""

    address: str
    width_px: int
    height_px: int
    formats: Mapping[str, str]
    defaults: str


@dataclass(frozen=True, slots=True)
class Studio:
    """The three pictures of a choice, and the share image of the page itself."""

    badge: Shown
    avatar: Shown
    card: Shown
    preview: str


def read_choice(query: bytes, catalogue: Catalogue, wordings: Wordings, blocks: Blocks) -> Choice:
    """Reads name, lang, theme and size from a page's query; whatever else is in it is left alone.

    A value that cannot be drawn comes back as the choice's `error`, not as an exception: the page still has
    to say so, in the visitor's language where that is known.
    """
    wording, name = wordings.lang("en"), ""
    try:
        values = read_query(query)
        name = values.get("name", "").strip()
        wording = wordings.lang(values.get("lang", "en"))
        theme = _pick(values, "theme", THEMES, DEFAULT_THEME)
        size = _pick(values, "size", SIZES, SIZES[0])
        if name:
            # As it is drawn: without the line breaks and bidi overrides that would leave their place in a
            # title or in the code to copy.
            spec = catalogue.parse("/card/supporter.png", _encode({"name": name})).spec
            blocks.admit(spec)
            name = dict(spec.values)["name"]
    except (BadRequest, InvalidField) as error:
        return Choice(wording, name, error=error)
    return Choice(wording, name, theme, size)


def set_up(choice: Choice, kit: Kit) -> Studio:
    """Returns the pictures of a choice; draws the badge, an SVG, to learn how wide it is."""
    fields = {"name": choice.drawn_name, "lang": choice.wording.lang, "theme": choice.theme}

    def shown(kind: str, name: str, formats: str, width_px: int, height_px: int, **more: str) -> Shown:
        query = _encode(fields | more)
        addresses = {
            ext: kit.catalogue.parse(f"/{kind}/{name}.{ext}", query).spec.canonical for ext in formats.split()
        }
        manifest = kit.catalogue.get(kind, name).manifest
        defaults = urlencode({"lang": "en", "size": manifest.sizes.default, "theme": manifest.default_theme})
        return Shown(next(iter(addresses.values())), width_px, height_px, addresses, defaults)

    drawn = render(kit.catalogue.parse("/badge/wear.svg", _encode(fields)).spec, kit)
    canvas = CANVASES[choice.size]
    preview = kit.catalogue.parse("/card/supporter.jpg", _encode(fields)).spec.canonical
    return Studio(
        badge=shown("badge", "wear", "svg png", drawn.width_px, drawn.height_px),
        avatar=shown("avatar", "pin", "png svg", AVATAR_PX, AVATAR_PX, size=str(AVATAR_PX)),
        # JPEG while one types: a third of the bytes, a fifth of the time.
        card=shown("card", "supporter", "jpg png", canvas.width_px, canvas.height_px, size=choice.size),
        preview=preview,
    )


def _encode(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def _pick(values: Mapping[str, str], field: str, known: tuple[str, ...], default: str) -> str:
    value = values.get(field, default)
    if value not in known:
        raise InvalidField(f"{field} must be one of {', '.join(known)}", field=field)
    return value
