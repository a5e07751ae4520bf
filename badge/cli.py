"""The command `blueheart`: each subcommand reads its arguments and calls one function elsewhere."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from badge.errors import BlueHeartError
from badge.settings import Settings, SettingsError, read_settings


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one subcommand and returns its exit status; errors are one sentence on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments) or 0)
    except (BlueHeartError, SettingsError, OSError, ValueError) as error:
        print(f"blueheart: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _serve(arguments: argparse.Namespace) -> None:
    # Nothing has begun: while all is imported, Ctrl-C ends at once (as an exception it could get lost there).
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from badge.app import serve

    serve(read_settings(host=arguments.host, port=arguments.port, workers=arguments.workers))


def _render(arguments: argparse.Namespace) -> None:
    from badge.render import Kit, render

    path, _, query = arguments.picture.partition("?")
    kit = Kit.load()
    request = kit.catalogue.parse("/" + path.lstrip("/"), query.encode())
    picture = render(request.spec, kit)
    if request.ignored:
        print(f"blueheart: ignored {', '.join(request.ignored)}", file=sys.stderr)
    if picture.missing:
        print(f"blueheart: no font has {' '.join(picture.missing)}", file=sys.stderr)
    if arguments.output == "-":
        sys.stdout.buffer.write(picture.body)
        return
    Path(arguments.output).write_bytes(picture.body)
    size = f"{picture.width_px}×{picture.height_px}"
    print(f"{arguments.output}  {size}  {len(picture.body):,} bytes  {picture.alt}")


def _check(arguments: argparse.Namespace) -> int:
    from badge.catalogue.lint import lint
    from badge.render import Kit
    from badge.render.proof import prove

    kit = Kit.load(templates=arguments.templates)
    problems = lint(kit.catalogue) + prove(kit)
    for problem in problems:
        print(problem, file=sys.stderr)
    shown = [t for t in kit.catalogue.templates.values() if not t.manifest.hidden]
    examples = sum(len(t.manifest.examples) for t in shown)
    print(f"{len(shown)} templates, {examples} examples, {len(problems)} problems")
    return 1 if problems else 0


def _gallery(arguments: argparse.Namespace) -> None:
    from rich.progress import Progress

    from badge.render import Kit
    from badge.render.gallery import write_gallery

    kit = Kit.load()
    with Progress(transient=True) as bar:
        task = bar.add_task(
            "drawing", total=sum(not t.manifest.hidden for t in kit.catalogue.templates.values())
        )
        sheets = write_gallery(
            arguments.output, kit, lambda path: bar.update(task, advance=1, description=f"drawing {path}")
        )
    for sheet in sheets:
        print(sheet)
    print(f"open {arguments.output / 'index.html'}")


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

    serve = commands.add_parser(
        "serve", help="run the service", epilog=_settings_help(), formatter_class=_Raw
    )
    serve.add_argument("--host", help="address to listen on (BLUEHEART_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (BLUEHEART_PORT)")
    serve.add_argument("--workers", type=int, help="worker processes (BLUEHEART_WORKERS)")
    serve.set_defaults(run=_serve)

    render = commands.add_parser(
        "render",
        help="draw one picture",
        description="Draws one picture from the path and query that the service would answer.",
        epilog="example: blueheart render 'card/supporter.png?name=Zoë&lang=fr&size=square' -o zoe.png",
    )
    render.add_argument("picture", help="kind/template.ext?fields, as in a URL")
    render.add_argument("-o", "--output", required=True, help="the file to write, or - for standard output")
    render.set_defaults(run=_render)

    check = commands.add_parser("check", help="lint every template and draw its examples")
    check.add_argument("--templates", type=Path, help="another folder of templates")
    check.set_defaults(run=_check)

    gallery = commands.add_parser("gallery", help="draw a contact sheet of everything")
    gallery.add_argument("-o", "--output", type=Path, required=True, help="the folder to write into")
    gallery.set_defaults(run=_gallery)
    return parser


class _Raw(argparse.RawDescriptionHelpFormatter):
    """Keeps the table of settings as it is laid out."""


def _settings_help() -> str:
    rows = [f"  {name:<32}{help_} [{default}]" for name, default, help_ in Settings.table()]
    return "settings (environment):\n" + "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
