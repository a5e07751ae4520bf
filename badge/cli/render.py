"""`blueheart render` draws pictures from the paths and queries that the service would answer."""

import argparse
import sys
from pathlib import Path

from badge.cli.command import Commands, add_jobs

_EXAMPLES = """examples:
  blueheart render 'card/supporter.png?name=Zoë&lang=fr&size=square' -o zoe.png
  blueheart render 'badge/wear.svg?name=Zoë' -o - | gzip > zoe.svgz
  blueheart render --from urls.txt -o pictures/

A list has one such address, or a whole URL, a line; # begins a comment. Drawn on all cores; what is in the
folder already is not drawn again, so a broken-off run is taken up by the same command."""


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    render = commands.add_parser(
        "render",
        help="draw one picture, or a list of them",
        description="Draws pictures from the path and query that the service would answer.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    render.add_argument("picture", nargs="?", help="kind/template.ext?fields, as in a URL")
    render.add_argument(
        "--from", dest="list", metavar="FILE", help="a list of pictures, or - for standard input"
    )
    render.add_argument(
        "-o",
        "--output",
        required=True,
        help="the file to write (- for standard output); a folder with --from",
    )
    add_jobs(render)
    render.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draws what was asked for; returns 1 where lines of a list were refused."""
    if (arguments.picture is None) == (arguments.list is None):
        raise ValueError("say either a picture, as badge/wear.svg?name=Zoë, or --from and a list of them")
    if arguments.list is not None:
        return _many(arguments)
    _one(arguments.picture, arguments.output)
    return 0


def _one(address: str, output: str) -> None:
    from badge.content import days_in
    from badge.render import Kit, render

    path, _, query = address.partition("?")
    kit = Kit.load()
    path, asked = "/" + path.lstrip("/"), query.encode("utf-8", "surrogateescape")
    zone = kit.catalogue.live_zone(path, asked)
    request = kit.catalogue.parse(path, asked, {"days": days_in(zone)} if zone else {})
    _check_ending(output, request.spec.format)
    picture = render(request.spec, kit)
    if request.ignored:
        print(f"blueheart: ignored {', '.join(request.ignored)}", file=sys.stderr)
    if picture.missing:
        print(f"blueheart: no font has {' '.join(picture.missing)}", file=sys.stderr)
    if output == "-":
        sys.stdout.buffer.write(picture.body)
        return
    Path(output).write_bytes(picture.body)
    size = f"{picture.width_px}×{picture.height_px}"
    print(f"{output}  {size}  {len(picture.body):,} bytes  {picture.alt}")


def _check_ending(output: str, format_: str) -> None:
    from badge.catalogue.manifest import FORMATS

    ending = Path(output).suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    if ending in FORMATS and ending != format_:
        raise ValueError(
            f"{output} would hold {format_}: end it in .{format_}, or ask for the picture as .{ending}"
        )


def _many(arguments: argparse.Namespace) -> int:
    from badge.cli.progress import track
    from badge.render import Kit
    from badge.render.folder import draw_folder, plan_folder

    folder = Path(arguments.output)
    plan = plan_folder(_lines(arguments.list), folder, Kit.load())
    for refusal in plan.refused:
        print(f"{arguments.list}:{refusal.line}: {refusal.detail}", file=sys.stderr)
    drawn = sum(1 for _ in track(draw_folder(plan, folder, arguments.jobs), len(plan.todo), "drawing"))
    print(f"{folder}: {drawn} drawn, {plan.already} already there, {len(plan.refused)} refused")
    return 1 if plan.refused else 0


def _lines(name: str) -> list[str]:
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ValueError(f"{name}:{line}: not UTF-8; save the list as UTF-8") from None
