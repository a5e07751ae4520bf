"""A campaign's short name in addresses: its form, and the names that nobody may take or imitate."""

import re

from badge.errors import InvalidField

SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
MIN_SLUG, MAX_SLUG = 2, 40
_SLUG = re.compile(SLUG_PATTERN)

# Ours, our words in URLs, and what a reader would take for an authority.
_RESERVED = re.findall(
    "[a-z]+",
    """
    about account admin administrator all any api app audit auth avatar badge blog blueheart campaign
    campaigns card certificate certified challenge count csv docs embed embedded everyone export form
    global healthz help helpline import info internal kit lights log login me metrics new none null
    official oembed openapi other police press print privacy private public readyz report root secret
    security self shields sign signage signs static staff status stream support svg system team test
    tlog totals transparency true false un undefined unitednations unknown unodc unspecified unvtf user
    users webmaster widget widgets withdraw world worldwide www
    """,
)
# Not even as a part: these claim to speak for somebody.
_NEVER_A_PART = ("unodc", "onudc", "unitednations", "official", "certified", "blueheartcampaign", "unvtf")
_LOOKS_LIKE = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "i": "l"}
)


def is_slug(slug: str) -> bool:
    """Tells whether a campaign could have this slug."""
    return MIN_SLUG <= len(slug) <= MAX_SLUG and _SLUG.fullmatch(slug) is not None


def check_new_slug(slug: str) -> str:
    """Returns the slug; raises InvalidField where its form is another, or it is or looks like a reserved one.

    Slugs are ASCII, so scripts cannot be mixed; digits and letters that look alike are compared as one.
    """
    if not is_slug(slug):
        raise InvalidField(
            f"slug must be {MIN_SLUG} to {MAX_SLUG} of a to z, 0 to 9 and single hyphens, as club-brugge",
            field="slug",
        )
    seen = skeleton(slug).replace(skeleton("unofficial"), "")
    if seen in _SKELETONS or not _SPEAKERS.isdisjoint(map(skeleton, slug.split("-"))):
        raise InvalidField(f"{slug} is reserved, or looks like a name that is; choose another", field="slug")
    for word in _NEVER_A_PART:
        if skeleton(word) in seen:
            raise InvalidField(f"{slug} reads like {word}, which this is not; choose another", field="slug")
    return slug


def skeleton(slug: str) -> str:
    """Returns what an eye sees: without hyphens, look-alikes as one (as UTS #39 does for all of Unicode)."""
    return slug.replace("-", "").translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w")


_SKELETONS = frozenset(map(skeleton, _RESERVED))
_SPEAKERS = frozenset(map(skeleton, ("un", "onu", "uno")))
