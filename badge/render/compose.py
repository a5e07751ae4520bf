"""Scene to SVG: a template's drawing, filled in by Jinja2 with autoescape and no undefined names.

A drawing has three blocks: `ground` (nothing that a visitor types), perhaps `heart` (what beats) on it, and
`ink` (the texts; without this block they are painted in their order). Raster formats of cards paint what is
under the ink once and copy it; an SVG is all three.
Grounds are written once for all that share one: a badge's depends on its widths, which are whole pixels.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal

from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2 import Template as Drawing
from markupsafe import Markup, escape

from badge.catalogue import Catalogue
from badge.catalogue.colour import WHITE, contrast
from badge.render.beat import style
from badge.render.ground import ground_key, ink_rows
from badge.render.scene import PlacedHeart, PlacedText, Scene
from badge.text.memo import Memo

Block = Literal["ground", "heart", "ink"]
UNDER_INK: Final[tuple[Block, ...]] = ("ground", "heart")
_WHOLE: Final[tuple[Block, ...]] = (*UNDER_INK, "ink")
_GROUND_BYTES: Final = 2**20

HEART_PATH = (
    "M50 91C46.5 91 8 63.5 3.4 36.5C.6 19 11.6 5 27.2 5C37.2 5 45.2 10.6 50 19.4"
    "C54.8 10.6 62.8 5 72.8 5C88.4 5 99.4 19 96.6 36.5C92 63.5 53.5 91 50 91Z"
)
HEART_COLOUR = "#009edb"
LIT_HEART_COLOUR = "#35bdf2"  # beside light letters, whose ground is dark


class Composer:
    """Compiled drawings; the macros of `_shared/` are known to all of them by their file's name."""

    def __init__(self, catalogue: Catalogue) -> None:
        sources = dict(catalogue.shared)
        sources.update({template.path: template.drawing for template in catalogue.templates.values()})
        env = Environment(
            autoescape=True,
            undefined=StrictUndefined,
            loader=DictLoader(sources),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        env.globals.update(HEART_PATH=HEART_PATH, num=number, text=paint_text)
        env.filters["num"] = number
        for path in catalogue.shared:
            env.globals[path.rpartition("/")[2].partition(".")[0]] = env.get_template(path).module
        self._drawings: Mapping[str, Drawing] = {
            template.path: env.get_template(template.path) for template in catalogue.templates.values()
        }
        self._grounds: Memo[Hashable, str] = Memo(_GROUND_BYTES, lambda ground: 400 + len(ground))

    def svg(self, scene: Scene, blocks: tuple[Block, ...] = _WHOLE) -> str:
        """Returns the SVG document of a scene, or of some of its blocks, in their order."""
        under = self._under(scene, heart="heart" in blocks) if "ground" in blocks else ""
        ink = self._ink(scene) if "ink" in blocks else ""
        return f"{_root(scene, spoken=blocks is _WHOLE)}{under}{ink}</svg>"

    def beating(self, scene: Scene, sizes: Iterable[float]) -> Iterator[tuple[float, str]]:
        """Yields the SVG document of heart and ink for each size of the heart, where 1 is at rest."""
        root, heart, ink = _root(scene, spoken=False), self._draw("heart", scene), self._ink(scene)
        for size in sizes:
            yield size, f"{root}<g{_resized(scene.heart, size)}>{heart}</g>{ink}</svg>"

    def _under(self, scene: Scene, *, heart: bool) -> str:
        key = (ground_key(scene), heart)
        if (under := self._grounds.get(key)) is not None:
            return under
        beating = self._draw("heart", scene) if heart else ""
        if beating and scene.spec.beats:
            beating = f'<g class="beat">{beating}</g>'
        return self._grounds.put(key, self._draw("ground", scene) + beating)

    def ink_rows(self, scene: Scene) -> list[tuple[int, int]]:
        """Returns the rows that ink is painted on: those of the texts, or all where a drawing has its own."""
        if "ink" in self._drawings[scene.template.path].blocks:
            return [(0, scene.height_px * scene.scale)]
        return ink_rows(scene)

    def _ink(self, scene: Scene) -> str:
        if "ink" in self._drawings[scene.template.path].blocks:
            return self._draw("ink", scene)
        return "".join([_paths(text, _fill(scene, text.fill)) for text in scene.texts.values()])

    def _draw(self, block: Block, scene: Scene) -> str:
        drawing = self._drawings[scene.template.path]
        if block not in drawing.blocks:
            return ""
        context = drawing.new_context(
            {
                "scene": scene,
                "width": scene.width_px,
                "height": scene.height_px,
                "texts": scene.texts,
                "heart_at": scene.heart,
                "stretches": scene.stretches,
                "discs": scene.discs,
                "colour": scene.palette,
                "fill": {role: Markup(_fill(scene, role)) for role in scene.palette},
                "choice": scene.choices,
                "rtl": scene.rtl,
            }
        )
        return "".join(drawing.blocks[block](context))


def _root(scene: Scene, *, spoken: bool) -> str:
    scale, width, height = scene.scale, scene.width_px, scene.height_px
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale}" height="{height * scale}"'
        f' viewBox="0 0 {width} {height}"'
    )
    if not spoken:
        return root + ">"
    alt = escape(scene.alt)
    return (
        f'{root} role="img" aria-label="{alt}"><title>{alt}</title>{_night_style(scene)}{_beat_style(scene)}'
    )


def _night_style(scene: Scene) -> str:
    if scene.night is None:
        return ""
    rules = "".join(
        f".{role}{{fill:{colour}}}" for role, colour in scene.night.items() if colour != scene.palette[role]
    )
    hearts = {text.fill for text in scene.texts.values() if any(line.line.hearts for line in text.lines)}
    rules += "".join(f".{role}-heart{{fill:{_beside(scene.night[role])}}}" for role in sorted(hearts))
    return f"<style>@media(prefers-color-scheme:dark){{{rules}}}</style>"


def _beat_style(scene: Scene) -> str:
    beat, heart = scene.template.manifest.beat, scene.heart
    return style(beat, heart) if beat and heart and scene.spec.beats else ""


def _resized(heart: PlacedHeart | None, size: float) -> str:
    if heart is None or size == 1:
        return ""
    x, y = number(heart.centre_x_px), number(heart.centre_y_px)
    return f' transform="translate({x} {y})scale({number(size, 4)})translate(-{x} -{y})"'


def _fill(scene: Scene, role: str) -> str:
    # Roles and colours hold no markup: the manifest's schema bounds the ones, its reader the others.
    if scene.night is None:
        return f'fill="{scene.palette[role]}"'
    return f'class="{role}" fill="{scene.palette[role]}"'


@lru_cache(maxsize=4096)
def number(value: float, digits: int = 2) -> str:
    """Returns a length in its shortest decimal form."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    return "0" if text == "-0" else text


def paint_text(text: PlacedText, fill: Markup) -> Markup:
    """Returns the paths of a placed text in one fill, hearts in their own colour."""
    return Markup(_paths(text, fill))


def _paths(text: PlacedText, fill: str) -> str:
    # Outlines are digits and letters of our own making: nothing a visitor typed is left in them.
    parts: list[str] = []
    for x_px, y_px, line in text.lines:
        if line.d:
            place = f"translate({number(x_px)} {number(y_px)})scale({number(line.scale, 5)})"
            parts.append(f'transform="{place}" d="{line.d}"/>')
        for heart in line.hearts:
            place = f"translate({number(x_px + heart.x_px)} {number(y_px + heart.y_px)})"
            turn = f"rotate({number(heart.turn_deg)})" if heart.turn_deg else ""
            parts.append(
                f'transform="{place}{turn}scale({number(heart.size_px / 100, 5)})" {_heart_fill(fill)}'
                f' d="{HEART_PATH}"/>'
            )
    if len(parts) == 1 and not text.lines[0].line.hearts:
        return f"<path {fill} {parts[0]}"
    return f"<g {fill}>{''.join([f'<path {part}' for part in parts])}</g>"


@lru_cache(maxsize=256)
def _heart_fill(fill: str) -> str:
    """Returns the fill of hearts among letters of a fill; they follow the reader's theme as it does."""
    role, colour = fill.partition(" fill=")[0], fill[fill.index("#") :][:7]
    plain = f'fill="{_beside(colour)}"'
    return f'{role[:-1]}-heart" {plain}' if role.startswith("class=") else plain


def _beside(colour: str) -> str:
    """Returns the colour of a heart among letters of a colour."""
    return LIT_HEART_COLOUR if contrast(colour, WHITE) < 3 else HEART_COLOUR
