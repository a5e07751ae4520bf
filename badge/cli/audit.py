"""`blueheart audit` counts every log anew and names what differs."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from badge.cli.command import Commands

if TYPE_CHECKING:
    from badge.pledges import Finding


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    parser = commands.add_parser(
        "audit",
        help="count the ledger anew and name every difference",
        description="Holds entries against counters, tiles and checkpoints; the service may run meanwhile.",
        epilog="It ends with 0 where all agrees, and with 1 where something differs, repaired or not.",
    )
    parser.add_argument("--campaign", metavar="SLUG", help="only this one")
    parser.add_argument("--repair", action="store_true", help="make counters and tiles anew from the log")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    return asyncio.run(_audit(arguments.campaign, repair=arguments.repair))


async def _audit(campaign: str | None, *, repair: bool) -> int:
    from badge.cli.desk import open_desk
    from badge.settings import read_settings

    wrong = 0
    async with open_desk(read_settings()) as desk:
        slugs = [campaign] if campaign else [slug async for slug in desk.campaigns.ledgers()]
        for slug in slugs:
            finding = await desk.auditor.audit(slug, repair=repair)
            if not finding.entries:
                await desk.campaigns.get(slug)  # a slip of the pen; a lost record would leave entries
            _print(finding)
            wrong += bool(finding.differences)
    print(f"{len(slugs)} campaigns, {wrong} with differences")
    return 1 if wrong else 0


def _print(finding: "Finding") -> None:
    if finding.repaired:
        state = "repaired"
    elif finding.log:
        state = "the log is DAMAGED: restore it from a backup"
    elif finding.differences:
        state = "DIFFERS; --repair makes it anew from the log"
    else:
        state = "agrees"
    print(f"{finding.campaign}: {finding.entries:,} entries, {finding.total:,} pledges stand, {state}")
    for difference in finding.differences:
        print(f"  {difference}")
