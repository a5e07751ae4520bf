"""`blueheart bench` tells how long pictures take on this machine."""

import argparse

from badge.cli.command import Commands


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    bench = commands.add_parser(
        "bench",
        help="time every picture on this machine",
        description="Draws each template with names that no cache has seen: one JSON line a picture.",
        epilog="example: blueheart bench badge/wear card/supporter --seconds 5",
    )
    bench.add_argument("templates", nargs="*", metavar="kind/template", help="these alone (all)")
    bench.add_argument("--seconds", type=float, default=1.0, help="for each picture, 0.1 to 60 (1)")
    bench.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Prints a measurement a line, as soon as it is there."""
    from badge.render import Kit
    from badge.render.bench import measure_templates

    if not 0.1 <= arguments.seconds <= 60:
        raise ValueError("--seconds wants a number from 0.1 to 60")
    kit = Kit.load()
    for measurement in measure_templates(kit, kit.catalogue.named(arguments.templates), arguments.seconds):
        print(measurement, flush=True)
