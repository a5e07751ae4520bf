"""The faces: which one draws a letter, opened when first needed, at any weight."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import regex
import uharfbuzz as hb

from badge.text.hint import Zones
from badge.text.memo import Memo
from badge.text.outline import Outline, draw_outline

if TYPE_CHECKING:
    from badge.text.box import FittedText, TextBox

_REVISION: Final = "4"  # raise it when the same text would be drawn otherwise
_PRIMARY: Final = "NotoSans[wght].ttf"
_EMOJI: Final = "NotoEmoji[wght].ttf"
_SYMBOLS: Final = "NotoSansSymbols[wght].ttf"
_SCRIPT_FACES: Final = {
    "Arab": "Arabic", "Armn": "Armenian", "Beng": "Bengali", "Deva": "Devanagari", "Ethi": "Ethiopic",
    "Geor": "Georgian", "Gujr": "Gujarati", "Guru": "Gurmukhi", "Hebr": "Hebrew", "Khmr": "Khmer",
    "Knda": "Kannada", "Laoo": "Lao", "Mlym": "Malayalam", "Mymr": "Myanmar", "Orya": "Oriya",
    "Sinh": "Sinhala", "Taml": "Tamil", "Telu": "Telugu", "Thai": "Thai",
}  # fmt: skip
CJK_SCRIPTS: Final = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
CJK_LANGUAGES: Final = ("ja", "ko", "zh-hans", "zh-hant", "zh-hk")  # in the order of the collection's faces
EMOJI_SCRIPT: Final = "Zsye"
_FONT_SUFFIXES: Final = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_SILENT = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}]")
_OUTLINE_BYTES: Final = 8 * 2**20
_FIT_BYTES: Final = 4 * 2**20


class Face:
    """One face of a font file, mapped into memory when first needed."""

    def __init__(self, path: Path, index: int, number: int) -> None:
        self.path = path
        self._index = index
        self._number = number
        self._lock = Lock()
        self._cuts: dict[int, Cut] = {}

    @cached_property
    def _face(self) -> hb.Face:
        return hb.Face(hb.Blob.from_file_path(str(self.path)), self._index)

    @cached_property
    def _coverage(self) -> hb.Set:
        return self._face.unicodes

    def covers(self, letters: str) -> bool:
        """Tells whether the face draws every one of these characters."""
        coverage = self._coverage
        return all(ord(char) in coverage for char in letters)

    def cut(self, weight: int) -> "Cut":
        """Returns the face at a weight, as near as its axis goes."""
        cut = self._cuts.get(weight)
        if cut is None:
            with self._lock:
                cut = self._cuts.get(weight) or Cut(self._face, weight, self._number)
                self._cuts[weight] = cut
        return cut


class Cut:
    """A face at one weight; never changed once made, so threads may share it."""

    def __init__(self, face: hb.Face, weight: int, number: int) -> None:
        self.font = hb.Font(face)
        self.unit_em: float = 1 / face.upem
        for axis in face.axis_infos:
            if axis.tag == "wght":
                weight = round(min(max(weight, axis.min_value), axis.max_value))
                self.font.set_variations({"wght": weight})
        self.key = (number * 1024 + weight) << 32
        extents = self.font.get_font_extents("ltr")
        self.ascent_em: float = extents.ascender * self.unit_em
        self.descent_em: float = -extents.descender * self.unit_em
        cap = self.font.get_metric_position(hb.OTMetricsTag.CAP_HEIGHT)
        self.cap_height_em: float = cap * self.unit_em if cap else 0.7
        x_height = self.font.get_metric_position(hb.OTMetricsTag.X_HEIGHT)
        self.zones = Zones(face.upem, tuple(top for top in (x_height, cap) if top))


class FontBook:
    """Every face at hand, and the outlines drawn from them; opened once and handed around."""

    def __init__(
        self, faces: dict[str, Face], cjk: Sequence[Face], extra: Sequence[Face], digest: str
    ) -> None:
        self._faces = faces
        self._cjk = cjk
        self.primary = faces[_PRIMARY]
        special = (self.primary, faces[_SYMBOLS], faces[_EMOJI])
        self._rest = [face for face in faces.values() if face not in special]
        self._rest += [faces[_SYMBOLS], *cjk[:1], *extra, faces[_EMOJI]]
        self.digest = digest
        self.outlines: Memo[int, Outline] = Memo(_OUTLINE_BYTES, lambda outline: 400 + len(outline.d))
        self.fits: Memo[tuple[str, TextBox], FittedText] = Memo(_FIT_BYTES, _weigh_fit)

    @classmethod
    def load(cls, font_dirs: Sequence[Path] = ()) -> "FontBook":
        """Finds the bundled faces and those in `font_dirs` without opening them.

        Raises ValueError on a font folder or a font file that cannot be read.
        """
        digest = hashlib.blake2b(digest_size=16)
        for package in ("manimgx-fonts", "manimgx-fonts-cjk", "uharfbuzz", "fonttools", "regex"):
            digest.update(f"{package} {_version(package)}\n".encode())
        digest.update(_REVISION.encode())
        numbers = iter(range(1 << 20))
        bundled = {
            path.name: Face(path, 0, next(numbers))
            for path in _package_files("manimgx_fonts")
            if "Italic" not in path.name
        }
        cjk = [
            Face(path, index, next(numbers))
            for path in _package_files("manimgx_fonts_cjk")
            for index in range(len(CJK_LANGUAGES))
        ]
        extra = []
        for folder in font_dirs:
            for path, count, content in _folder_fonts(Path(folder)):
                digest.update(path.name.encode() + content)
                extra += [Face(path, index, next(numbers)) for index in range(count)]
        return cls(bundled, cjk, extra, digest.hexdigest())

    def face_for(self, cluster: str, script: str, cjk: int) -> Face | None:
        """Returns the face that draws a grapheme cluster, else its first letter; None where none does."""
        letters = _SILENT.sub("", cluster)
        if not letters:
            return None
        for wanted in (letters, letters[0]) if len(letters) > 1 else (letters,):
            for face in self._candidates(script, cjk, wanted < "\x80"):
                if face.covers(wanted):
                    return face
        return None

    def _candidates(self, script: str, cjk: int, ascii_: bool) -> Iterator[Face]:
        if script == EMOJI_SCRIPT:
            yield self._faces[_EMOJI]
        elif script in _SCRIPT_FACES:
            yield self._faces[f"NotoSans{_SCRIPT_FACES[script]}[wght].ttf"]
        elif script in CJK_SCRIPTS and self._cjk and not ascii_:
            yield self._cjk[cjk]
        yield self.primary
        yield from self._rest

    def outline(self, cut: Cut, glyph: int, grid: int, hinted: bool = False) -> Outline:
        """Returns a glyph's outline on a grid of `grid` units per em, `hinted` for rows of pixels."""
        key = cut.key | hinted << 28 | glyph << 12 | grid
        return self.outlines.get(key) or self.outlines.put(
            key, draw_outline(cut.font, glyph, grid * cut.unit_em, cut.zones if hinted else None)
        )


def _weigh_fit(fitted: Any) -> int:
    return 800 + 8 * len(fitted.text) + sum(400 + len(line.d) for line in fitted.lines)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _package_files(package: str) -> list[Path]:
    """Returns the font files of a package, none if it is not installed; it is not imported."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations or () if spec else ()
    return sorted(
        path for folder in folders for path in Path(folder).iterdir() if path.suffix in _FONT_SUFFIXES
    )


def _folder_fonts(folder: Path) -> Iterator[tuple[Path, int, bytes]]:
    try:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _FONT_SUFFIXES)
    except OSError as error:
        raise ValueError(f"the font folder {folder} cannot be read: {error.strerror}") from None
    if not folder.is_dir():
        raise ValueError(f"the font folder {folder} is not a folder")
    for path in paths:
        blob = hb.Blob.from_file_path(str(path))
        count = hb.Face(blob).count
        if not count or not hb.Face(blob).glyph_count:
            raise ValueError(f"{path} is not a font file; remove it from the font folder")
        yield path, count, hashlib.blake2b(blob.data).digest()
