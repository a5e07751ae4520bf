"""`blueheart purge` takes pictures out of every cache of the service."""

import argparse
import asyncio

from badge.cli.command import Commands


def add(commands: Commands) -> None:
    """Describes the subcommand and its own."""
    parser = commands.add_parser(
        "purge",
        help="take pictures out of the caches of a running service",
        description="Deletes pictures from the cache store and, within seconds, from every worker's memory. "
        "They are drawn anew when they are asked for. What browsers and CDNs keep is theirs to drop.",
        epilog="example: blueheart purge picture 'https://badges.example/badge/wear.svg?name=Zoë'",
    )
    acts = parser.add_subparsers(metavar="what", required=True)
    one = acts.add_parser("picture", help="one picture in every size, format, language and theme")
    one.add_argument("url", help="its address, with or without an origin")
    one.set_defaults(run=_run, prefix=lambda asked: _of_picture(asked.url))
    campaign = acts.add_parser("campaign", help="all pictures of one campaign")
    campaign.add_argument("slug", help="its short name, as world")
    campaign.set_defaults(run=_run, prefix=lambda asked: f"{asked.slug}:")
    all_ = acts.add_parser("all", help="everything")
    all_.set_defaults(run=_run, prefix=lambda _: "")


def _run(arguments: argparse.Namespace) -> None:
    gone = asyncio.run(_purge(arguments.prefix(arguments), getattr(arguments, "slug", None)))
    print(f"{gone:,} pictures deleted from the cache store; every worker forgets its own within seconds")


async def _purge(prefix: str, campaign: str | None) -> int:
    from badge.cli.desk import open_desk
    from badge.settings import read_settings

    async with open_desk(read_settings()) as desk:
        if campaign is not None:
            await desk.campaigns.get(campaign)
        return await desk.moderator.purge(prefix)


def _of_picture(url: str) -> str:
    from badge.cli.block import read_url

    spec = read_url(url)
    return f"{spec.campaign}:{spec.subject}:"
