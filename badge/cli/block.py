"""`blueheart block` and `unblock`: words that nobody may write in a picture, pictures that none may see."""

import argparse
import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from badge.cli.command import Commands

if TYPE_CHECKING:
    from badge.catalogue import RenderSpec
    from badge.store import Kind

_DIGEST = re.compile(r'(?:W/)?"?([0-9a-f]{16,64})(?:-json)?(?:-br|-gz)?"?')


def add(commands: Commands) -> None:
    """Describes both subcommands and their own."""
    for act, help_ in (
        ("block", "refuse a word or a picture, or list what is blocked"),
        ("unblock", "allow it again"),
    ):
        parser = commands.add_parser(
            act,
            help=help_,
            description="Works on the store of the service (BLUEHEART_REDIS_URL or _DATA_DIR), running or "
            "not; every worker follows within seconds.",
            epilog=f"example: blueheart {act} picture 'https://badges.example/badge/wear.svg?name=Zoë'",
        )
        kinds = parser.add_subparsers(metavar="what", required=True)
        word = kinds.add_parser("word", help="a word or a phrase, in any case and with any accents")
        word.add_argument("what", metavar="text")
        picture = kinds.add_parser("picture", help="a picture in every size, format, language and theme")
        picture.add_argument(
            "what", metavar="url|digest", help="its address, its ETag, or the digest of an upload"
        )
        for kind, one in (("word", word), ("picture", picture)):
            one.set_defaults(run=_run, act=act, kind=kind)
        if act == "block":
            kinds.add_parser("list", help="print what is blocked, and since when").set_defaults(run=_list)


def read_url(url: str) -> "RenderSpec":
    """Returns what an address of ours shows, wherever it is served; raises BlueHeartError."""
    from badge.assets import asset_dir
    from badge.catalogue import Catalogue

    parts = urlsplit(url)
    path = "/" + parts.path.lstrip("/")
    catalogue = Catalogue.load(asset_dir("svg_templates"))
    return catalogue.parse(path, parts.query.encode("utf-8", "surrogateescape")).spec


def _run(arguments: argparse.Namespace) -> None:
    asyncio.run(_change(arguments.act, arguments.kind, arguments.what))


async def _change(act: str, kind: "Kind", what: str) -> None:
    from badge.cli.desk import open_desk
    from badge.settings import read_settings

    prefix = None
    if kind == "picture":
        if found := _DIGEST.fullmatch(what):
            what = found[1]
        else:
            spec = read_url(what)
            what, prefix = spec.subject, f"{spec.campaign}:{spec.subject}:"
    async with open_desk(read_settings()) as desk:
        if act == "block":
            await desk.moderator.block(kind, what, prefix)
        else:
            await desk.moderator.unblock(kind, what)
    print(f"{act}ed {kind} {what}; every worker follows within seconds")


def _list(_: argparse.Namespace) -> None:
    asyncio.run(_print_all())


async def _print_all() -> None:
    from badge.cli.desk import open_desk
    from badge.settings import read_settings

    async with open_desk(read_settings()) as desk:
        control = await desk.moderator.blocked()
    for kind, blocked in (("word", control.words), ("picture", control.pictures)):
        for what, since in sorted(blocked.items()):
            print(f"{kind}  {what}  since {since}")
    print(f"{len(control.words)} words and {len(control.pictures)} pictures are blocked")
