"""`blueheart check` lints every template and draws its examples."""

import argparse
import sys
from pathlib import Path

from badge.cli.command import Commands


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    check = commands.add_parser(
        "check",
        help="lint every template and draw its examples",
        epilog="docs/templates.md tells how a template is made; editors complete manifests by their schema",
    )
    check.add_argument("--templates", type=Path, metavar="FOLDER", help="another folder of templates")
    check.add_argument("--schema", action="store_true", help="print the JSON Schema of manifest.toml instead")
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints each problem as a sentence, or the schema; returns 1 where there is a problem."""
    if arguments.schema:
        from badge.catalogue.manifest import manifest_schema

        print(manifest_schema(), end="")
        return 0
    from badge.catalogue.lint import lint
    from badge.render import Kit
    from badge.render.proof import prove

    kit = Kit.load(templates=arguments.templates)
    # What the lint names, no example can be drawn with.
    problems = lint(kit.catalogue) or prove(kit)
    for problem in problems:
        print(problem, file=sys.stderr)
    shown = [t for t in kit.catalogue.templates.values() if not t.manifest.hidden]
    examples = sum(len(t.manifest.examples) for t in shown)
    print(f"{len(shown)} templates, {examples} examples, {len(problems)} problems")
    return 1 if problems else 0
