"""`blueheart campaign` makes, shows and changes campaigns on the machine that serves them."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from badge.cli.command import Commands

if TYPE_CHECKING:
    from badge.cli.desk import Desk

_TEXT, _NUMBER, _DAY = (str, "a text"), (int, "a whole number"), (date.fromisoformat, "a day as 2026-07-30")
_CLEARABLE: dict[str, tuple[Callable[[str], Any], str]] = {
    "country": _TEXT,
    "sunset": _TEXT,
    "goal": _NUMBER,
    "members": _NUMBER,
    "starts_on": _DAY,
    "ends_on": _DAY,
}

Act = Callable[["Desk", argparse.Namespace], Awaitable[None]]


def add(commands: Commands) -> None:
    """Describes the subcommand and its own."""
    parser = commands.add_parser(
        "campaign",
        help="make, show and change campaigns",
        description="Works on the store of the service (BLUEHEART_REDIS_URL or _DATA_DIR), running or not.",
        epilog="example: blueheart campaign create club-brugge --name nl='Club Brugge' --country BE",
    )
    acts = parser.add_subparsers(metavar="act", required=True)
    for name, act, help_ in (
        ("create", _create, "make one, and print its owner key, this once"),
        ("edit", _edit, "change what is given, keep the rest ('' clears a value)"),
        ("show", _show, "print one, as JSON"),
        ("approve", _approve, "show the texts and the crest of one that a stranger made"),
        ("close", _close, "take no more pledges; page and count stay"),
        ("rotate-key", _rotate, "print a new owner key; the old one opens nothing any more"),
    ):
        one = acts.add_parser(name, help=help_)
        one.add_argument("slug")
        if act in (_create, _edit):
            _describe_values(one)
        one.set_defaults(run=_run, act=act)
    all_ = acts.add_parser("list", help="print every one, with its count")
    all_.set_defaults(run=_run, act=_list)
    out = acts.add_parser("export", help="write every one as lines of JSON, with crests, without any key")
    out.add_argument("-o", "--output", type=Path, required=True, help="the file to write")
    out.set_defaults(run=_run, act=_export)
    back = acts.add_parser("import", help="make those of an export; owners keep their keys")
    back.add_argument("file", type=Path)
    back.set_defaults(run=_run, act=_import)


def _describe_values(parser: argparse.ArgumentParser) -> None:
    texts: dict[str, Any] = {"action": "append", "metavar": "LANG=TEXT"}
    parser.add_argument("--name", help="its name in a language; once for each", **texts)
    parser.add_argument("--statement", help="what it says in a language; once for each", **texts)
    parser.add_argument("--ground", help="colour of the ground, as 0055a4")
    parser.add_argument("--accent", help="colour of the second half of a pill")
    parser.add_argument("--crest", type=Path, help="a PNG, JPEG or WebP")
    parser.add_argument("--country", help="ISO 3166-1, as BE")
    parser.add_argument("--goal", help="pledges that it hopes for")
    parser.add_argument("--members", help="how many members it has")
    parser.add_argument("--languages", help="in the order of its page, as nl,fr,en")
    parser.add_argument(
        "--origin", action="append", help="https://host that may frame its page; once for each"
    )
    parser.add_argument("--starts-on", metavar="DAY", help="first day, as 2026-07-01 (UTC)")
    parser.add_argument("--ends-on", metavar="DAY", help="last day")
    parser.add_argument("--sunset", choices=("thanks", "world"), help="what its page does at its end")


def _run(arguments: argparse.Namespace) -> None:
    from badge.cli.desk import open_desk
    from badge.settings import read_settings

    async def run() -> None:
        async with open_desk(read_settings()) as desk:
            await arguments.act(desk, arguments)
            if "slug" in arguments:
                desk.board.touch(arguments.slug)

    asyncio.run(run())


async def _create(desk: "Desk", arguments: argparse.Namespace) -> None:
    from badge.campaigns import Campaign

    crest = _crest(arguments)
    _, key = await desk.campaigns.create(Campaign(slug=arguments.slug, **{"names": {}, **_values(arguments)}))
    if crest is not None:
        await desk.campaigns.set_crest(arguments.slug, desk.token, crest)
    print(f"{arguments.slug} is open. Its owner key, shown this once:", file=sys.stderr)
    print(key)


async def _edit(desk: "Desk", arguments: argparse.Namespace) -> None:
    crest, values = _crest(arguments), _values(arguments)
    if values.keys() & {"names", "statement", "colours"}:
        before = await desk.campaigns.get(arguments.slug)
        for name in ("names", "statement"):
            if name in values:
                both = dict(getattr(before, name)) | values[name]
                values[name] = {lang: text for lang, text in both.items() if text}
    if values:
        await desk.campaigns.edit(arguments.slug, desk.token, values)
    if crest is not None:
        await desk.campaigns.set_crest(arguments.slug, desk.token, crest)
    await _show(desk, arguments)


async def _show(desk: "Desk", arguments: argparse.Namespace) -> None:
    import msgspec

    campaign = await desk.campaigns.owned(arguments.slug, desk.token)
    print(msgspec.json.format(msgspec.json.encode(campaign)).decode())


async def _approve(desk: "Desk", arguments: argparse.Namespace) -> None:
    await desk.campaigns.approve(arguments.slug, desk.token)


async def _close(desk: "Desk", arguments: argparse.Namespace) -> None:
    await desk.campaigns.close(arguments.slug, desk.token)


async def _rotate(desk: "Desk", arguments: argparse.Namespace) -> None:
    print(await desk.campaigns.rotate_key(arguments.slug, desk.token))


async def _list(desk: "Desk", _: argparse.Namespace) -> None:
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    async for slug in desk.campaigns.slugs():
        campaign = await desk.campaigns.owned(slug, desk.token)
        total = (await desk.ledger.count(slug)).total
        waits = "" if campaign.approved else "  waits for approval"
        print(f"{slug:<40} {total:>12,}  {campaign.status(today):<8}  {campaign.name()}{waits}")


async def _export(desk: "Desk", arguments: argparse.Namespace) -> None:
    from badge.campaigns.archive import export

    with arguments.output.open("wb") as file:
        async for line in export(desk.campaigns):
            file.write(line + b"\n")


async def _import(desk: "Desk", arguments: argparse.Namespace) -> None:
    from badge.campaigns.archive import restore

    for number, line in enumerate(arguments.file.read_bytes().splitlines(), 1):
        try:
            slug = await restore(desk.campaigns, line)
            desk.board.touch(slug)
            print(slug)
        except Exception as error:
            raise ValueError(f"{arguments.file}, line {number}: {error}") from None


def _values(arguments: argparse.Namespace) -> dict[str, Any]:
    """Returns the fields that were given; an empty text clears one."""
    from badge.campaigns import Colours
    from badge.catalogue.colour import read_colour

    values: dict[str, Any] = {}
    for name, given in (("names", arguments.name), ("statement", arguments.statement)):
        if given:
            values[name] = dict(_by_language(pair) for pair in given)
    for name, (read, wanted) in _CLEARABLE.items():
        if (text := getattr(arguments, name)) is not None:
            try:
                values[name] = read(text) if text else None
            except ValueError:
                raise ValueError(f"--{name.replace('_', '-')} wants {wanted}, not {text!r}") from None
    if arguments.languages is not None:
        values["languages"] = tuple(arguments.languages.split(","))
    if arguments.origin:
        values["origins"] = tuple(origin for origin in arguments.origin if origin)
    if arguments.ground is not None and arguments.accent is not None:
        pair = (read_colour("--ground", arguments.ground), read_colour("--accent", arguments.accent))
        values["colours"] = Colours(*pair)
    elif arguments.ground is not None or arguments.accent is not None:
        raise ValueError("give --ground and --accent together")
    return values


def _by_language(pair: str) -> tuple[str, str]:
    lang, equals, text = pair.partition("=")
    if not equals:
        raise ValueError(f"{pair[:40]!r} is not a language and a text, as en='The Club'")
    return lang, text


def _crest(arguments: argparse.Namespace) -> bytes | None:
    from badge.campaigns.crest import redraw

    return None if arguments.crest is None else redraw(arguments.crest.read_bytes())
