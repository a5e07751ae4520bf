"""`blueheart gallery` draws everything, to be looked at."""

import argparse
from pathlib import Path

from badge.cli.command import Commands


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    gallery = commands.add_parser(
        "gallery",
        help="draw a contact sheet of everything",
        description="Draws every template in every size, language and theme: a page, and a sheet of each.",
        epilog="example: blueheart gallery card/supporter badge/wear -o out/gallery",
    )
    gallery.add_argument("templates", nargs="*", metavar="kind/template", help="these alone (all)")
    gallery.add_argument(
        "--templates", dest="source", type=Path, metavar="FOLDER", help="another folder of templates"
    )
    gallery.add_argument("-o", "--output", type=Path, required=True, help="the folder to write into")
    gallery.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draws the gallery, with a progress bar, and says where to look."""
    from badge.cli.progress import track
    from badge.render import Kit
    from badge.render.gallery import sheet_of, tiles, write_gallery

    kit = Kit.load(templates=arguments.source)
    templates = kit.catalogue.named(arguments.templates)
    total = sum(1 for template in templates for _ in tiles(template, kit))
    for _ in track(write_gallery(arguments.output, kit, templates, arguments.source), total, "drawing"):
        pass
    for template in templates:
        print(sheet_of(arguments.output, template))
    print(f"open {arguments.output / 'index.html'}")
