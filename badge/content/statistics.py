"""Figures about trafficking, each with its publication and period; who may be shown on a picture."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

# "Detected victims", never "victims" (PRODUCT.md, rules that protect people).
_BARE = re.compile(r"(?<!detected )(?<!detected child )\bvictims\b", re.IGNORECASE)
_SHOWN = frozenset({"high", "medium"})


class _Record(msgspec.Struct, frozen=True):
    id: str
    value: int | float | str
    unit: str
    text_en: str
    publication: str
    period: str
    source: str
    confidence: str


class _File(msgspec.Struct, frozen=True):
    records: list[_Record]


@dataclass(frozen=True, slots=True)
class Statistic:
    """One sourced sentence and its figure, if it has one; English until a person has translated them."""

    id: str
    sentence: str
    figure: str
    publication: str
    period: str
    source: str


def load_statistics(folder: Path = Path(__file__).parent) -> Mapping[str, Statistic]:
    """Reads the figures that a picture may show, by id.

    Left out is what we are not sure of, and what says "victims" without "detected".
    """
    records = msgspec.json.decode((folder / "statistics.json").read_bytes(), type=_File).records
    return MappingProxyType(
        {
            r.id: Statistic(r.id, r.text_en, _figure(r), r.publication, r.period, r.source)
            for r in records
            if r.confidence in _SHOWN and not _BARE.search(r.text_en)
        }
    )


def _figure(record: _Record) -> str:
    """Returns what stands large beside the sentence: a share, or a number that needs no word before it."""
    if isinstance(record.value, str):
        return "" if "/" in record.value else record.value
    if record.unit == "percent" and record.value > 0:
        return f"{record.value}%"
    millions = f"{record.value} million"
    return millions if record.text_en.startswith(millions) else ""
