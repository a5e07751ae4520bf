"""What a campaign may say: every value cleaned, bounded and checked before it is kept."""

import re
from collections.abc import Mapping
from dataclasses import replace

from badge.campaigns.campaign import WORLD, Campaign, Colours
from badge.campaigns.slug import check_new_slug
from badge.catalogue.colour import INK, WHITE, contrast
from badge.catalogue.values import read_text
from badge.content import LANGUAGES, RefusedWords
from badge.errors import InvalidField, LowContrast
from badge.pledges import COUNTRIES

MAX_NAME, MAX_STATEMENT = 60, 200
MAX_ORIGINS = 16
MAX_NUMBER = 2**40
_TEXT_RATIO = 4.5
_COLOUR = re.compile("#[0-9a-f]{6}")
ORIGIN_PATTERN = r"https://(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}(?::[1-9][0-9]{0,4})?|http://localhost(?::[1-9][0-9]{0,4})?"
_ORIGIN = re.compile(ORIGIN_PATTERN)


def checked(campaign: Campaign, refused: RefusedWords) -> Campaign:
    """Returns the campaign with its texts cleaned; raises InvalidField that names what must be changed."""
    if campaign.slug != WORLD:
        check_new_slug(campaign.slug)
    names = _texts(campaign.names, "names", MAX_NAME, refused)
    if not names:
        raise InvalidField("names is empty; give a name in at least one language", field="names")
    languages = campaign.languages or tuple(code for code in LANGUAGES if code in names)
    for code in languages:
        _check_language(code, "languages")
    colours = campaign.colours
    if colours is not None:
        colours = Colours(colours.ground.lower(), colours.accent.lower())
        _check_colour(colours.ground)
        _check_colour(colours.accent)
    _check_facts(campaign)
    return replace(
        campaign,
        names=names,
        colours=colours,
        statement=_texts(campaign.statement, "statement", MAX_STATEMENT, refused),
        languages=tuple(dict.fromkeys(languages)),
        origins=tuple(dict.fromkeys(campaign.origins)),
    )


def _check_colour(colour: str) -> None:
    """Refuses a tone on which neither white nor our ink can be read (WCAG 2.2, 1.4.3)."""
    if not _COLOUR.fullmatch(colour):
        raise InvalidField(f"{colour[:20]!r} is not a colour; write it as #0055a4", field="colours")
    ratio = max(contrast(text, colour) for text in (WHITE, INK))
    if ratio < _TEXT_RATIO:
        raise LowContrast(
            f"text on {colour} reaches a contrast of {ratio:.2f}:1 at best, and needs {_TEXT_RATIO}:1: take "
            "the colour darker or lighter",
            field="colours",
        )


def _check_facts(campaign: Campaign) -> None:
    if campaign.country is not None and campaign.country not in COUNTRIES:
        raise InvalidField("country must be two capital letters of ISO 3166-1, as BE", field="country")
    for name, number in (("goal", campaign.goal), ("members", campaign.members)):
        if number is not None and not 1 <= number <= MAX_NUMBER:
            raise InvalidField(f"{name} must be a whole number from 1 to {MAX_NUMBER}", field=name)
    if campaign.starts_on and campaign.ends_on and campaign.ends_on < campaign.starts_on:
        raise InvalidField("ends_on is before starts_on; swap them", field="ends_on")
    if len(campaign.origins) > MAX_ORIGINS:
        raise InvalidField(f"origins holds more than {MAX_ORIGINS}; list fewer", field="origins")
    for origin in campaign.origins:
        # They go into a page's frame-ancestors, where a space or a semicolon would begin another rule.
        if not _ORIGIN.fullmatch(origin):
            raise InvalidField(
                "origins are written as https://www.example.org, without a path", field="origins"
            )


def _texts(texts: Mapping[str, str], field: str, most: int, refused: RefusedWords) -> dict[str, str]:
    clean: dict[str, str] = {}
    for code, raw in texts.items():
        _check_language(code, field)
        clean[code] = read_text(field, raw, most, refused)
    return clean


def _check_language(code: str, field: str) -> None:
    if code not in LANGUAGES:
        raise InvalidField(f"{field}: {code[:16]!r} is not one of {', '.join(LANGUAGES)}", field=field)
