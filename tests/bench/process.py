"""What Linux tells of our servers' processes: memory and processor time, from /proc."""

import contextlib
import os
import re
import sys
from pathlib import Path


def workers(origin: str) -> list[Path]:
    """Returns the folders of /proc of the workers that serve this port: children of a server of ours."""
    wanted = f"BLUEHEART_PORT={origin.rpartition(':')[2]}\0"
    found: dict[str, Path] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_text(errors="replace"):
                found[folder.name] = folder
    return [folder for folder in found.values() if _is_ours(folder) and _parent(folder) in found]


def _is_ours(process: Path) -> bool:
    return (process / "exe").readlink() == Path(sys.executable).resolve()  # our stores are children too


def _parent(process: Path) -> str:
    return (process / "stat").read_text().rpartition(")")[2].split()[1]


def resident_kib(process: Path) -> int:
    return _kib(process / "status", "VmRSS")


def memory_mb(process: Path) -> dict[str, float]:
    """Returns what is resident, its share of what is shared with others, and the most that ever was."""
    return {
        "rss_mb": round(resident_kib(process) / 1024, 1),
        "pss_mb": round(_kib(process / "smaps_rollup", "Pss") / 1024, 1),
        "peak_mb": round(_kib(process / "status", "VmHWM") / 1024, 1),
    }


def cpu_s(process: Path) -> float:
    """Returns the processor time that all threads of a process have taken."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kib(file: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", file.read_text(), re.MULTILINE)
    return int(found[1]) if found else 0
