"""`make bench`: each work by Blue Heart, then by its peers, in the same run; one JSON line a measurement.

make bench ARGS='badge-svg --seconds 5 --samples out/bench' takes one work, a longer time, and keeps samples.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import ledger
import ours
import peers
import serving

HERE = Path(__file__).parent
NODE_WORKS = ("badge-svg", "card-png", "avatar-svg", "avatar-png")
STREAMS = "streams"
# Scripts of their own, and what they are told before the seconds.
SCRIPTS: dict[str, tuple[str, ...]] = {
    **{work: ("ledger.py", work) for work in ledger.WORKS},
    **{work: ("serving.py", work) for work in serving.WORKS},
    "pledges": ("pledging.py",),
    "pledges-counted": ("counted.py",),
    "serve-mix": ("mix.py",),
    "serve-keys": ("keys.py",),
    "serve-memory": ("memory.py",),
    "serve-start": ("start.py",),
}
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


def main() -> None:
    works = [*ours.WORKS, *SCRIPTS, STREAMS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "works",
        nargs="*",
        metavar="work",
        help=", ".join(works),
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="for each measurement")
    parser.add_argument("--samples", type=Path, help="a folder for one picture of each")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    asked = parser.parse_args()
    if strange := set(asked.works) - set(works):
        parser.error(f"{', '.join(sorted(strange))}: the works are {', '.join(works)}")
    for work in asked.works or works:
        if work == STREAMS:
            run([sys.executable, str(HERE / "streams.py")])
            continue
        if work in SCRIPTS:
            script, *told = SCRIPTS[work]
            run([sys.executable, str(HERE / script), *told, str(asked.seconds)])
            continue
        more = [work, str(asked.seconds), *([str(asked.samples.resolve())] if asked.samples else [])]
        run([sys.executable, str(HERE / "ours.py"), *more])
        if not asked.alone and work in peers.WORKS:
            run([sys.executable, str(HERE / "peers.py"), *more])
        if not asked.alone and work in NODE_WORKS:
            run(["node", str(HERE / "peers.mjs"), *more])


def run(command: list[str]) -> None:
    fonts = {"FONT": str(DEJAVU / "DejaVuSans.ttf"), "FONT_BOLD": str(DEJAVU / "DejaVuSans-Bold.ttf")}
    if subprocess.run(command, env=fonts | os.environ, check=False).returncode:
        print(f"bench: {' '.join(command[1:3])} failed", file=sys.stderr)


if __name__ == "__main__":
    main()
