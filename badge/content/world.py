"""The name of the campaign that always exists, in each language."""

from pathlib import Path

import msgspec


class _File(msgspec.Struct, frozen=True):
    names: dict[str, str]


def load_world_names(folder: Path = Path(__file__).parent) -> dict[str, str]:
    """Reads world.json."""
    return msgspec.json.decode((folder / "world.json").read_bytes(), type=_File).names
