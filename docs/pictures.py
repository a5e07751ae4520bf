"""Draws the pictures of README.md anew: .venv/bin/python docs/pictures.py [FOLDER]

Each sheet is rows of addresses as anyone would ask for them. A row fills the width; `loose` ones stand in the
middle, all of a sheet in the same scale and no larger than they are.
"""

import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from badge.render import Art, Kit, render

FOLDER = Path(__file__).parent / "img"
LIVE = {"count": 12_345, "days": 12}
PAPER = (242, 248, 252)
WIDTH_PX, MARGIN_PX, GAP_PX = 1600, 36, 24
STYLES = ("flat", "flat-square", "plastic", "for-the-badge")
MATCH = (
    "home=Club Brugge&away=RSC Anderlecht&date=2027-07-30&time=20:45&zone=Europe/Brussels&place=Jan Breydel"
)


@dataclass(frozen=True)
class Row:
    """Addresses side by side."""

    urls: tuple[str, ...]
    loose: bool


def rows(*urls: str, loose: bool = False) -> Row:
    return Row(urls, loose)


SHEETS = {
    "hero": (
        rows(
            "card/supporter?name=Zoë Müller",
            "card/supporter?name=अनन्या शर्मा&lang=en&size=square&theme=light",
            "card/supporter?name=山田 太郎&lang=ja&size=story",
        ),
        rows(
            "avatar/ring?name=Анастасия&lang=ru&size=512",
            "card/player?name=محمد عبد الله&number=10&role=حارس المرمى&lang=ar&colour=c8102e&colour2=fff",
            "avatar/glow?name=Ana Lima&size=512",
            "avatar/pin?name=Zoë Müller&size=512",
        ),
        rows(
            "badge/wear?name=Zoë Müller&size=44",
            "badge/wear?name=Club Brugge&lang=nl&size=44&theme=dark",
            "badge/wear?name=María José&lang=es&size=44",
            "badge/count?lang=fr&size=44&theme=dark",
        ),
    ),
    "cards": (
        rows(
            "card/player?name=Lotte Peeters&number=9&role=Forward&colour=ffd100&colour2=000000",
            f"card/matchday?{MATCH}&lang=nl&colour=00428b&colour2=000000",
        ),
        rows(
            "card/statement?text=No one is for sale. Not here.&name=Ana Lima&size=portrait&theme=light",
            "card/statistic?size=portrait",
            "card/milestone?lang=pt&size=portrait&theme=light",
            "card/thanks?name=김민수&size=portrait",
            "card/supporter?name=ገብረ እግዚአብሔር&size=story",
        ),
        rows(
            "card/supporter?name=Chloé L’Hôpital&lang=fr&size=facebook-cover",
            "card/statistic?id=ilo-27m&size=facebook-cover&theme=light",
        ),
        rows(
            "card/supporter?name=Jürgen Großmann&lang=de&size=linkedin-banner",
            "card/supporter?name=أمل&lang=ar&size=email&theme=light",
        ),
    ),
    "avatars": (
        rows(
            "avatar/ring?name=Zoë Müller&size=512",
            "avatar/ring?name=محمد عبد الله&lang=ar&size=512&theme=light",
            "avatar/ring?name=山田 太郎&lang=ja&size=512",
            "avatar/ring?name=Анастасия Щербакова&lang=ru&size=512&theme=light",
        ),
        rows(
            "avatar/glow?name=Ana Lima&size=512",
            "avatar/glow?name=王小明&lang=zh&size=512&theme=light",
            "avatar/glow?name=Σοφία Παππά&size=512",
            "avatar/pin?name=Zoë Müller&size=512",
            "avatar/pin?name=אורי כהן&size=512&theme=light",
            "avatar/pin?name=สมชาย ใจดี&size=512",
        ),
        rows(
            *(f"pin/enamel?size={size}" for size in (96, 64, 48)),
            *(f"pin/icon?size={size}" for size in (32, 24, 20, 16)),
            loose=True,
        ),
    ),
    "badges": (
        rows(
            "badge/wear?name=Zoë Müller&size=44",
            "badge/wear?name=Club Brugge&lang=nl&size=44&theme=dark",
            "badge/wear?name=María José&lang=es&size=44",
            loose=True,
        ),
        rows(
            "badge/wear?name=محمد عبد الله&lang=ar&size=44&theme=dark",
            "badge/wear?name=山田 太郎&lang=ja&size=44",
            "badge/wear?name=João&lang=pt&size=44&theme=dark",
            loose=True,
        ),
        rows(
            "badge/count?size=44",
            "badge/count?lang=de&size=32&theme=dark",
            "badge/count?lang=fr&size=28",
            loose=True,
        ),
        rows(
            "badge/countdown?size=44&theme=dark",
            "badge/countdown?lang=ru&size=32",
            "badge/countdown?lang=zh&size=28&theme=dark",
            loose=True,
        ),
        rows(
            *(f"badge/flat?label=Blue Heart&message=we wear it&style={style}" for style in STYLES),
            loose=True,
        ),
    ),
}


def crest(colour: str) -> Art:
    """Returns an invented shield: a real club's is its own."""
    picture = Image.new("RGBA", (800, 960), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for inset, fill in ((0, "#0b1f33"), (28, "#ffffff"), (56, colour)):
        draw.rounded_rectangle(
            (inset, inset, 800 - inset, 540), 60, fill=fill, corners=(True, True, False, False)
        )
        draw.pieslice((inset, 120 + inset, 800 - inset, 960 - inset), 0, 180, fill=fill)
    draw.rectangle((345, 56, 455, 903), fill="#ffffff")
    file = io.BytesIO()
    picture.resize((200, 240), Image.Resampling.LANCZOS).save(file, "PNG")
    return Art.decode(file.getvalue())


def draw(url: str, kit: Kit) -> Image.Image:
    """Returns the picture of an address: small ones in twice their pixels, a club's with a crest."""
    path, _, query = url.partition("?")
    scale = "&scale=2" if path.startswith(("badge/", "pin/")) else ""
    club = re.search(r"colour=(\w+)", query)
    art = crest(f"#{club[1]}") if club else None
    images = {"crest": art.digest} if art else {}
    spec = kit.catalogue.parse(f"/{path}.png", f"{query}{scale}".lstrip("&").encode(), LIVE, images).spec
    body = render(spec, kit, {art.digest: art} if art else {}).body
    return Image.open(io.BytesIO(body)).convert("RGBA")


def sheet(table: tuple[Row, ...], kit: Kit) -> Image.Image:
    """Returns the rows of pictures under each other, on paper."""
    lines = []
    for row in table:
        line = [draw(url, kit) for url in row.urls]
        if not row.loose:
            line = [scaled(picture, line[0].height / picture.height) for picture in line]
        lines.append(line)
    rooms = [(WIDTH_PX - 2 * MARGIN_PX - GAP_PX * (len(line) - 1)) / width_of(line) for line in lines]
    least = min([1.0, *(room for room, row in zip(rooms, table, strict=True) if row.loose)])
    for i, row in enumerate(table):
        lines[i] = [scaled(picture, least if row.loose else rooms[i]) for picture in lines[i]]
    heights = [max(picture.height for picture in line) for line in lines]
    whole = Image.new("RGB", (WIDTH_PX, sum(heights) + GAP_PX * (len(lines) - 1) + 2 * MARGIN_PX), PAPER)
    y_px = MARGIN_PX
    for line, height_px in zip(lines, heights, strict=True):
        x_px = (WIDTH_PX - width_of(line) - GAP_PX * (len(line) - 1)) // 2
        for picture in line:
            whole.paste(picture, (x_px, y_px + (height_px - picture.height) // 2), picture)
            x_px += picture.width + GAP_PX
        y_px += height_px + GAP_PX
    return whole


def width_of(line: list[Image.Image]) -> int:
    return sum(picture.width for picture in line)


def scaled(picture: Image.Image, factor: float) -> Image.Image:
    size = round(picture.width * factor), round(picture.height * factor)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def main(folder: Path = FOLDER) -> None:
    """Writes every sheet as a JPEG and says how large it is."""
    kit = Kit.load()
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in SHEETS.items():
        path = folder / f"{name}.jpg"
        sheet(table, kit).save(path, quality=86, optimize=True, progressive=True)
        print(f"{path} {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
