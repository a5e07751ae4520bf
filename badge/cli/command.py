"""What subcommands describe to argparse alike."""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

MAX_JOBS = 64


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Describes `--jobs`, how many processes draw."""
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help=f"drawing processes, 1 to {MAX_JOBS} (all cores)"
    )


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= MAX_JOBS):
        raise argparse.ArgumentTypeError(f"wants a number from 1 to {MAX_JOBS}")
    return int(text)
