"""`blueheart pledges invalidate` takes false pledges back, in the open: log and totals show them removed."""

import argparse
import asyncio
from datetime import date
from typing import TYPE_CHECKING

from badge.cli.command import Commands

if TYPE_CHECKING:
    from badge.cli.desk import Desk
    from badge.pledges import Run


def add(commands: Commands) -> None:
    """Describes the subcommand and its own."""
    parser = commands.add_parser("pledges", help="take false pledges back")
    acts = parser.add_subparsers(metavar="act", required=True)
    one = acts.add_parser(
        "invalidate",
        help="remove a run of pledges; without --apply it only counts them",
        description="Each removal is an entry of the public log, and no removal can be taken back.",
        epilog="example: blueheart pledges invalidate --campaign world --from 1200 --to 1900 --source api",
    )
    one.add_argument("--campaign", required=True, metavar="SLUG")
    one.add_argument(
        "--from", required=True, dest="first", help="a day (UTC) or a pledge's number", type=_bound
    )
    one.add_argument("--to", required=True, dest="last", help="the last day or number, included", type=_bound)
    one.add_argument("--source", help="only of this one: web, widget, form, api or kiosk")
    one.add_argument("--prefix", help="only from this network, as 192.0.2.0/24; known for a day at most")
    one.add_argument("--apply", action="store_true", help="remove them; broken off, say the same again")
    one.set_defaults(run=_run)


def _bound(text: str) -> date | int:
    try:
        return int(text) if text.isascii() and text.isdigit() else date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no pledge's number, and no day as 2026-07-30"
        ) from None


def _run(arguments: argparse.Namespace) -> None:
    asyncio.run(_invalidate(arguments))


async def _invalidate(arguments: argparse.Namespace) -> None:
    from badge.cli.desk import open_desk
    from badge.settings import read_settings

    async with open_desk(read_settings()) as desk:
        await desk.campaigns.get(arguments.campaign)
        run = await _read(desk, arguments)
        count = await desk.invalidation.count(run)
        print(f"{count:,} pledges of {run.campaign} stand in this run")
        if not arguments.apply:
            print("nothing was changed; --apply removes them")
            return
        removed = 0
        async for removed in desk.invalidation.remove(run):
            print(f"  {removed:,} removed", end="\r", flush=True)
        desk.board.touch(run.campaign)
        total = (await desk.ledger.count(run.campaign)).total
        print(f"{removed:,} pledges removed, {total:,} stand")


async def _read(desk: "Desk", arguments: argparse.Namespace) -> "Run":
    from badge.errors import InvalidField
    from badge.pledges import Run, Source

    if arguments.source is not None and arguments.source not in list(Source):
        raise InvalidField(f"source is one of {', '.join(Source)}", field="source")
    among = None
    if arguments.prefix:
        among = frozenset(await desk.trail.sequences(arguments.campaign, arguments.prefix))
    source = Source(arguments.source) if arguments.source else None
    return Run(arguments.campaign, arguments.first, arguments.last, source, among)
