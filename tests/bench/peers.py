"""The peers that are Python packages: small badges, as a user of theirs would make them."""

import argparse
from pathlib import Path

import anybadge
import pybadges
from samples import keep

from badge.render.bench import measure, unique_name

LABEL = "I wear the Blue Heart"
COLOUR = "#009edb"
PEERS = {
    "pybadges": lambda name: pybadges.badge(left_text=LABEL, right_text=name, right_color=COLOUR).encode(),
    "anybadge": lambda name: anybadge.Badge(LABEL, name, default_color=COLOUR).badge_svg_text.encode(),
}
WORKS = ("badge-svg",)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("seconds", type=float)
    parser.add_argument("samples", type=Path, nargs="?")
    asked = parser.parse_args()
    for who, make in PEERS.items():
        keep(asked.samples, asked.work, who, make(unique_name(0)))
        print(measure(asked.work, who, make, asked.seconds), flush=True)


if __name__ == "__main__":
    main()
