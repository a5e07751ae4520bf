"""`blueheart kit` makes a squad's pictures from its list: one command, one ZIP."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from badge.cli.command import Commands, add_jobs

if TYPE_CHECKING:
    from badge.campaigns.order import KitOrder
    from badge.catalogue import Catalogue

_EXAMPLES = """examples:
  blueheart kit squad.csv --crest crest.png --colors '#0055a4,#ffffff' -o kit.zip
  blueheart kit squad.csv --templates card/player,avatar/pin --sizes og,square,512 --format webp -o kit.zip

squad.csv, as a spreadsheet saves it (commas or semicolons, “CSV UTF-8”); only the name is needed:
  name,number,role,lang
  Zoë Müller,10,Keeper,nl

A row with a mistake is named by its line, and the others are made. What no picture can give (a size, a
format, a place for a colour or the crest) is named too; both end with exit code 1."""


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    kit = commands.add_parser(
        "kit",
        help="make a squad's pictures from a list, as one ZIP",
        description="Makes every player's pictures in the usual sizes, a contact sheet, alternative texts.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kit.add_argument("squad", type=Path, help="the list: a CSV with a column name, and more for other fields")
    kit.add_argument("-o", "--output", type=Path, required=True, help="the ZIP to write")
    kit.add_argument("--crest", type=Path, help="the club's crest: PNG, JPEG or WebP")
    kit.add_argument("--colors", default="", metavar="A,B", help="the club's colours, as #0055a4,#ffffff")
    kit.add_argument("--templates", default="card/player", help="kind/template, with commas (card/player)")
    kit.add_argument(
        "--sizes", default="", help="sizes, with commas; /templates.json has all (og,square,story)"
    )
    kit.add_argument("--format", default="png", help="png, jpg (half the bytes) or webp (a sixth); png")
    kit.add_argument("--theme", default="", help="light or dark (the template's own)")
    kit.add_argument("--lang", default="en", help="the language of rows that name none (en)")
    add_jobs(kit)
    kit.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Writes the kit; returns 1 where a row or a wish was not met, and writes nothing where no row was."""
    from badge.campaigns.kit import columns_of, plan_kit, write_kit
    from badge.campaigns.squad import read_squad
    from badge.cli.progress import track
    from badge.render import Kit

    drawing = Kit.load()
    order = _order(arguments, drawing.catalogue)
    squad = read_squad(arguments.squad.read_bytes(), columns_of(order.templates))
    if squad.strange:
        print(f"blueheart: no picture has a place for the column {', '.join(squad.strange)}", file=sys.stderr)
    plan = plan_kit(squad, order, drawing)
    for sentence in plan.unmet:
        print(f"blueheart: {sentence}", file=sys.stderr)
    for row in plan.refused:
        print(f"{arguments.squad}:{row.line}: {row.detail}", file=sys.stderr)
    if not plan.pictures:
        raise ValueError("every row was refused: nothing is written")
    for _ in track(write_kit(plan, arguments.output, arguments.jobs), len(plan.pictures), "drawing"):
        pass
    players = len(squad.players) - len(plan.refused)
    print(
        f"{arguments.output}: {len(plan.pictures)} pictures of {players} players, {len(plan.refused)} refused"
    )
    return 1 if plan.refused or plan.unmet or squad.strange else 0


def _order(arguments: argparse.Namespace, catalogue: "Catalogue") -> "KitOrder":
    from badge.campaigns.crest import redraw
    from badge.campaigns.order import KitOrder
    from badge.catalogue.colour import read_colour
    from badge.catalogue.values import read_choice
    from badge.content import HAN_FORMS, LANGUAGES, canonical_lang
    from badge.render.art import Art

    return KitOrder(
        templates=catalogue.named(_listed(arguments.templates) or ("card/player",)),
        sizes=_listed(arguments.sizes),
        format=read_choice("--format", arguments.format, ("png", "jpg", "webp")),
        theme=read_choice("--theme", arguments.theme, ("light", "dark")) if arguments.theme else "",
        lang=read_choice("--lang", canonical_lang(arguments.lang), (*LANGUAGES, *HAN_FORMS)),
        colours=tuple(read_colour("--colors", colour) for colour in _listed(arguments.colors)),
        crest=Art.decode(redraw(arguments.crest.read_bytes())) if arguments.crest else None,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
