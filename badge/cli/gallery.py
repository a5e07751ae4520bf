"""`blueheart gallery` draws a contact sheet of everything."""

import argparse
from pathlib import Path

from badge.cli.command import Commands


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    gallery = commands.add_parser("gallery", help="draw a contact sheet of everything")
    gallery.add_argument("-o", "--output", type=Path, required=True, help="the folder to write into")
    gallery.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draws every template, with a progress bar, and says where to look."""
    from rich.progress import Progress

    from badge.render import Kit
    from badge.render.gallery import write_gallery

    kit = Kit.load()
    with Progress(transient=True) as bar:
        task = bar.add_task(
            "drawing", total=sum(not t.manifest.hidden for t in kit.catalogue.templates.values())
        )
        sheets = write_gallery(
            arguments.output, kit, lambda path: bar.update(task, advance=1, description=f"drawing {path}")
        )
    for sheet in sheets:
        print(sheet)
    print(f"open {arguments.output / 'index.html'}")
