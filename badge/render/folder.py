"""A list of picture URLs drawn into a folder: resumable, and one bad line never costs the others."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from badge.catalogue import RenderSpec
from badge.catalogue.filename import file_stem, words_of_file
from badge.content import days_in
from badge.errors import BlueHeartError
from badge.render import Kit
from badge.render.batch import draw_all
from badge.render.film import check_film

MAX_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line of the list that is no picture, and what would be right."""

    line: int
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list asks for: the pictures still to draw by file name, how many are there, what is refused."""

    todo: dict[str, RenderSpec]
    already: int
    refused: tuple[Refusal, ...]


def plan_folder(lines: Iterable[str], folder: Path, kit: Kit) -> Plan:
    """Reads one URL or `kind/template.ext?fields` a line (blank lines and # comments are passed over).

    A picture's file name depends on its spec alone, so a second run draws only what is missing.
    Raises ValueError where the list has over 100,000 lines.
    """
    todo: dict[str, RenderSpec] = {}
    refused: list[Refusal] = []
    already: set[str] = set()
    for number, line in enumerate(lines, 1):
        if number > MAX_LINES:
            raise ValueError(f"the list has more than {MAX_LINES:,} lines; split it")
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        try:
            spec = _spec(address, kit)
            check_film(spec, kit)
        except BlueHeartError as error:
            refused.append(Refusal(number, error.detail))
            continue
        name = _file_name(spec)
        if (folder / name).is_file():
            already.add(name)
        else:
            todo[name] = spec
    return Plan(todo, len(already), tuple(refused))


def draw_folder(plan: Plan, folder: Path, processes: int | None = None) -> Iterator[str]:
    """Draws what the plan still lacks and yields each file's name once it is whole on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in draw_all(plan.todo.items(), processes=processes):
        write_whole(folder / name, picture.body)
        yield name


def write_whole(path: Path, body: bytes) -> None:
    """Writes a file so that it is never seen half: a broken-off run leaves no picture that is cut short."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(body)
    part.replace(path)


def _spec(address: str, kit: Kit) -> RenderSpec:
    url = urlsplit(address)
    path, query = "/" + url.path.lstrip("/"), url.query.encode("utf-8", "surrogateescape")
    zone = kit.catalogue.live_zone(path, query)
    return kit.catalogue.parse(path, query, {"days": days_in(zone)} if zone else {}).spec


def _file_name(spec: RenderSpec) -> str:
    digest = hashlib.blake2b(spec.identity.encode(), digest_size=4).hexdigest()
    return f"{file_stem(words_of_file(spec))}-{digest}.{spec.format}"
