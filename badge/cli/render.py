"""`blueheart render` draws pictures from the path and query that the service would answer."""

import argparse
import sys
from pathlib import Path

from badge.cli.command import Commands


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    render = commands.add_parser(
        "render",
        help="draw one picture",
        description="Draws one picture from the path and query that the service would answer.",
        epilog="example: blueheart render 'card/supporter.png?name=Zoë&lang=fr&size=square' -o zoe.png",
    )
    render.add_argument("picture", help="kind/template.ext?fields, as in a URL")
    render.add_argument("-o", "--output", required=True, help="the file to write, or - for standard output")
    render.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Draws the picture into a file or to standard output."""
    from badge.render import Kit, render

    path, _, query = arguments.picture.partition("?")
    kit = Kit.load()
    request = kit.catalogue.parse("/" + path.lstrip("/"), query.encode())
    picture = render(request.spec, kit)
    if request.ignored:
        print(f"blueheart: ignored {', '.join(request.ignored)}", file=sys.stderr)
    if picture.missing:
        print(f"blueheart: no font has {' '.join(picture.missing)}", file=sys.stderr)
    if arguments.output == "-":
        sys.stdout.buffer.write(picture.body)
        return
    Path(arguments.output).write_bytes(picture.body)
    size = f"{picture.width_px}×{picture.height_px}"
    print(f"{arguments.output}  {size}  {len(picture.body):,} bytes  {picture.alt}")
