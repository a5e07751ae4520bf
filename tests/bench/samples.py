"""One picture of each side of the benchmark, to be looked at beside the figures."""

from pathlib import Path


def keep(folder: Path | None, work: str, who: str, made: bytes) -> None:
    """Writes a picture into the folder of samples, where one was asked for."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        ending = "svg" if b"<svg" in made[:200] else "img"
        (folder / f"{work}-{who}.{ending}").write_bytes(made)
