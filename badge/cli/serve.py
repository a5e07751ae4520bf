"""`blueheart serve` runs the service."""

import argparse
import signal

from badge.cli.command import Commands
from badge.settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Describes the subcommand."""
    serve = commands.add_parser(
        "serve",
        help="run the service",
        epilog=_settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--host", help="address to listen on (BLUEHEART_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (BLUEHEART_PORT)")
    serve.add_argument("--workers", type=int, help="worker processes (BLUEHEART_WORKERS)")
    serve.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Serves until SIGINT or SIGTERM."""
    # Nothing has begun: while all is imported, Ctrl-C ends at once (as an exception it could get lost there).
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from badge.app import serve

    serve(read_settings(host=arguments.host, port=arguments.port, workers=arguments.workers))


def _settings_help() -> str:
    rows = [f"  {name:<32}{help_} [{default}]" for name, default, help_ in Settings.table()]
    return "settings (environment):\n" + "\n".join(rows)
