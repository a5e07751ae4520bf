"""A pledge and what is said about pledges: the values that cross from the web layer to the ledger."""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from badge.errors import InvalidField, NotFound
from badge.store.entry import checked

# ISO 3166-1 alpha-2, the 249 officially assigned codes.
COUNTRIES: frozenset[str] = frozenset(
    re.findall(
        "..",
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCU"
        "CVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIE"
        "ILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMT"
        "MUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSM"
        "SNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW",
    )
)
NO_COUNTRY = "--"

LANGUAGE_PATTERN = "[a-z]{2,3}(-[A-Za-z0-9]{2,4})?"
_LANGUAGE = re.compile(LANGUAGE_PATTERN)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_DETAILS = struct.Struct(">B2s8s")


class Source(StrEnum):
    """Where a pledge was made."""

    WEB = "web"
    WIDGET = "widget"
    FORM = "form"
    API = "api"
    KIOSK = "kiosk"


# The codes that the ledger stores: never renumber one.
SOURCE_CODES: Mapping[Source, int] = {
    Source.WEB: 1,
    Source.WIDGET: 2,
    Source.FORM: 3,
    Source.API: 4,
    Source.KIOSK: 5,
}
SOURCES: Mapping[int, Source] = {code: source for source, code in SOURCE_CODES.items()}


@dataclass(frozen=True, slots=True)
class Pledge:
    """One act of support for a campaign; country and language only where the person chose to give them.

    Raises InvalidField where a value is out of its bounds.
    """

    campaign: str
    source: Source
    country: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if self.source not in SOURCE_CODES:
            raise InvalidField(
                f"source {_shown(self.source)} is not one of {', '.join(Source)}.", field="source"
            )
        if self.country is not None and self.country not in COUNTRIES:
            raise InvalidField(
                f"country {_shown(self.country)} is not a country code: it wants two capital letters of "
                "ISO 3166-1, as BE, or is left out.",
                field="country",
            )
        if self.language is not None and not _LANGUAGE.fullmatch(self.language):
            raise InvalidField(
                f"language {_shown(self.language)} is not a language tag: it wants one of at most 8 letters, "
                "as fr or pt-BR, or is left out.",
                field="language",
            )

    @classmethod
    def parse(cls, campaign: str, source: str, country: str | None, language: str | None) -> "Pledge":
        """Reads the values of a request, an empty country or language being none; raises InvalidField."""
        try:
            known = Source(source)
        except ValueError:
            raise InvalidField(
                f"source {_shown(source)} is not one of {', '.join(Source)}.", field="source"
            ) from None
        return cls(campaign, known, country or None, language or None)

    def pack(self) -> bytes:
        """Returns the 12 bytes of private details that the ledger keeps beside an entry."""
        return checked(
            _DETAILS.pack(
                SOURCE_CODES[self.source],
                (self.country or NO_COUNTRY).encode(),
                (self.language or "").encode(),
            )
        )

    @classmethod
    def unpack(cls, campaign: str, details: bytes) -> "Pledge":
        """Reads the 12 bytes that pack() made."""
        code, country, language = _DETAILS.unpack(details[:-1])
        chosen = country.decode()
        return cls(
            campaign,
            SOURCES[code],
            None if chosen == NO_COUNTRY else chosen,
            language.rstrip(b"\0").decode() or None,
        )


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A pledge that is counted and on disk; ordinal and total are those of the moment it was counted."""

    receipt: str
    ordinal: int
    total: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What a receipt says of its pledge, its position in the log, and whether it stands still."""

    pledge: Pledge
    ordinal: int
    day: date
    position: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A pledge that no longer counts; already tells that it had been withdrawn before."""

    campaign: str
    total: int
    already: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Pledges that stand; stale where the store could not be read and this is the last known, of as_of_s."""

    campaign: str
    total: int
    as_of_s: int
    stale: bool


@dataclass(frozen=True, slots=True)
class CampaignCounts:
    """Pledges that stand, by country and language (few are folded into "other"), source and day (ISO 8601).

    The tables by country and by language are of one moment of the day `tables_of`. What no longer stands
    stays visible: withdrawn by those who made them, or removed as invalid.
    """

    campaign: str
    total: int
    withdrawn: int
    removed: int
    by_country: Mapping[str, int]
    by_source: Mapping[str, int]
    by_day: Mapping[str, int]
    by_language: Mapping[str, int]
    tables_of: str
    as_of_s: int
    stale: bool


def check_slug(slug: str) -> str:
    """Returns the slug where it can be one, whether such a campaign exists or not; raises NotFound."""
    if not _SLUG.fullmatch(slug):
        raise NotFound(
            f"{_shown(slug)} is no campaign: a slug has 1 to 64 of a to z, 0 to 9 and -.", field="campaign"
        )
    return slug


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else text[:40] + "…")
