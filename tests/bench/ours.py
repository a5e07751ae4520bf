"""Blue Heart's side: from a URL's query to bytes, with parsing, shaping, layout and encoding."""

import argparse
from pathlib import Path
from urllib.parse import quote

from samples import keep

from badge.render import Kit, render
from badge.render.bench import measure, unique_name

OURS = {
    "badge-svg": ("/badge/wear.svg", ""),
    "avatar-svg": ("/avatar/pin.svg", "&size=512"),
    "avatar-png": ("/avatar/pin.png", "&size=512"),
    "avatar-webp-beat": ("/avatar/glow.webp", "&size=256&animate=beat"),
    "card-supporter-png": ("/card/supporter.png", ""),
    "card-supporter-jpg": ("/card/supporter.jpg", ""),
}
# The composition that the peers draw, as a template that only this benchmark has.
PLAIN = {"card-png": ("/card/plain.png", "")}
WORKS = (*OURS, *PLAIN)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("seconds", type=float)
    parser.add_argument("samples", type=Path, nargs="?")
    asked = parser.parse_args()
    kit = Kit.load(templates=Path(__file__).parent / "templates" if asked.work in PLAIN else None)
    path, more = (OURS | PLAIN)[asked.work]

    def make(name: str) -> bytes:
        return render(kit.catalogue.parse(path, f"name={quote(name)}{more}".encode()).spec, kit).body

    keep(asked.samples, asked.work, "blue-heart", make(unique_name(0)))
    print(measure(asked.work, "blue-heart", make, asked.seconds), flush=True)


if __name__ == "__main__":
    main()
