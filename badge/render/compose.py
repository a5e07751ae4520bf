"""Scene to SVG: a template's drawing, filled in by Jinja2 with autoescape and no undefined names.

A drawing has two blocks: `ground` (nothing that a visitor types) and `ink` (the texts). Raster formats of
cards paint the ground once and copy it; an SVG is both.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2 import Template as Drawing
from markupsafe import Markup, escape

from badge.catalogue import Catalogue
from badge.render.scene import PlacedText, Scene

Block = Literal["ground", "ink"]
_BOTH: tuple[Block, ...] = ("ground", "ink")

HEART_PATH = (
    "M50 91C46.5 91 8 63.5 3.4 36.5C.6 19 11.6 5 27.2 5C37.2 5 45.2 10.6 50 19.4"
    "C54.8 10.6 62.8 5 72.8 5C88.4 5 99.4 19 96.6 36.5C92 63.5 53.5 91 50 91Z"
)
HEART_COLOUR = "#009edb"


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

    def svg(self, scene: Scene, blocks: Iterable[Block] = _BOTH) -> str:
        """Returns the SVG document of a scene, or of some of its blocks."""
        drawing = self._drawings[scene.template.path]
        context = drawing.new_context(
            {
                "scene": scene,
                "width": scene.width_px,
                "height": scene.height_px,
                "texts": scene.texts,
                "heart_at": scene.heart,
                "stretches": scene.stretches,
                "colour": scene.palette,
                "fill": _fills(scene),
                "rtl": scene.rtl,
            }
        )
        body = "".join(part for block in blocks for part in drawing.blocks[block](context))
        return f"{_root(scene)}{body}</svg>"


def _root(scene: Scene) -> str:
    alt = escape(scene.alt)
    scale = scene.spec.scale
    width, height = scene.width_px, scene.height_px
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale}" height="{height * scale}"'
        f' viewBox="0 0 {width} {height}" role="img" aria-label="{alt}">'
        f"<title>{alt}</title>{_night_style(scene)}"
    )


def _night_style(scene: Scene) -> str:
    if scene.night is None:
        return ""
    rules = "".join(
        f".{role}{{fill:{colour}}}" for role, colour in scene.night.items() if colour != scene.palette[role]
    )
    return f"<style>@media(prefers-color-scheme:dark){{{rules}}}</style>"


def _fills(scene: Scene) -> dict[str, Markup]:
    if scene.night is None:
        return {role: Markup('fill="{}"').format(colour) for role, colour in scene.palette.items()}
    return {
        role: Markup('class="{}" fill="{}"').format(role, colour) for role, colour in scene.palette.items()
    }


def number(value: float, digits: int = 2) -> str:
    """Returns a length in its shortest decimal form."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def paint_text(text: PlacedText, fill: Markup) -> Markup:
    """Returns the paths of a placed text in one fill, hearts in their own colour."""
    return Markup(_paths(text, fill))


def _paths(text: PlacedText, fill: Markup) -> str:
    # Outlines are digits and letters of our own making: nothing a visitor typed is left in them.
    parts: list[str] = []
    for x_px, y_px, line in text.lines:
        if line.d:
            place = f"translate({number(x_px)} {number(y_px)})scale({number(line.scale, 5)})"
            parts.append(f'<path transform="{place}" d="{line.d}"/>')
        for heart in line.hearts:
            place = f"translate({number(x_px + heart.x_px)} {number(y_px + heart.y_px)})"
            parts.append(
                f'<path transform="{place}scale({number(heart.size_px / 100, 5)})" fill="{HEART_COLOUR}"'
                f' d="{HEART_PATH}"/>'
            )
    if len(parts) == 1:
        return parts[0].replace("<path ", f"<path {fill} ", 1)
    return f"<g {fill}>{''.join(parts)}</g>"
