"""The program `blueheart`, which is also `python -m badge`."""

import signal
import sys


def start() -> int:
    """Runs the command line; while it is imported Ctrl-C ends at once, as an exception can get lost there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from badge.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return main()


if __name__ == "__main__":
    sys.exit(start())
