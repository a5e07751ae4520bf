"""Lets `python -m badge.cli` stand in for the command `blueheart`."""

import sys

from badge.cli import main

sys.exit(main())
