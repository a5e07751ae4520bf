"""The command `blueheart`: each subcommand is a module that reads its arguments and calls one function.

A module has `add(commands)`, which describes the subcommand, and imports what is heavy only when it is run.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from badge.cli import audit, bench, block, campaign, check, gallery, kit, pledges, purge, render, serve, sign
from badge.errors import BlueHeartError
from badge.settings import SettingsError

_COMMANDS = (
    serve,
    render,
    kit,
    gallery,
    bench,
    check,
    campaign,
    audit,
    sign,
    block,
    purge,
    pledges,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status; errors are one sentence on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except (BlueHeartError, SettingsError, OSError, ValueError) as error:
        print(f"blueheart: {_says(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _says(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"blueheart: {message}\ntry: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="blueheart",
        description="Blue Heart badges, share images, widgets and an honest pledge count.",
        epilog="Start here: `blueheart serve`, then open http://127.0.0.1:8000",
    )
    commands = parser.add_subparsers(metavar="command", required=True)
    for command in _COMMANDS:
        command.add(commands)
    return parser
