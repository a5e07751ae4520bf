"""Blue Heart's side: from a URL's query to bytes, with parsing, shaping, layout and encoding.

`badge-svg` alone begins where the peers begin, at values, and ends where they end, at a string;
`badge-url` is the same badge from its URL to its bytes.
"""

import argparse
from pathlib import Path
from urllib.parse import quote

from msgspec.structs import replace
from samples import keep

from badge.render import Kit, lay_out, render
from badge.render.bench import measure, unique_name

VALUES = "badge-svg"
OURS = {
    "badge-url": ("/badge/wear.svg", ""),
    "avatar-svg": ("/avatar/pin.svg", "&size=512"),
    "avatar-png": ("/avatar/pin.png", "&size=512"),
    "avatar-webp-beat": ("/avatar/glow.webp", "&size=256&animate=beat"),
    "card-supporter-png": ("/card/supporter.png", ""),
    "card-supporter-jpg": ("/card/supporter.jpg", ""),
}
# The composition that the peers draw, as a template that only this benchmark has.
PLAIN = {"card-png": ("/card/plain.png", "")}
WORKS = (VALUES, *OURS, *PLAIN)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("seconds", type=float)
    parser.add_argument("samples", type=Path, nargs="?")
    asked = parser.parse_args()
    kit = Kit.load(templates=Path(__file__).parent / "templates" if asked.work in PLAIN else None)
    path, more = (OURS | PLAIN)[asked.work if asked.work != VALUES else "badge-url"]
    plain = kit.catalogue.parse(path, b"name=-").spec

    def make(name: str) -> bytes:
        return render(kit.catalogue.parse(path, f"name={quote(name)}{more}".encode()).spec, kit).body

    def fill(name: str) -> str:
        values = dict(plain.values) | {"name": name}
        return kit.composer.svg(lay_out(replace(plain, values=tuple(values.items())), kit))

    work = fill if asked.work == VALUES else make
    keep(asked.samples, asked.work, "blue-heart", make(unique_name(0)))
    print(measure(asked.work, "blue-heart", work, asked.seconds), flush=True)


if __name__ == "__main__":
    main()
