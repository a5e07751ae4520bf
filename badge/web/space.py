"""What a campaign's page shows beside its count: its texts in a language, its crest, its picture."""

from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from badge.campaigns import Campaign
from badge.web.state import AppState
from badge.web.wording import Wording


def space_of(campaign: Campaign, wording: Wording, state: AppState) -> dict[str, Any]:
    """Returns the values of the page of a campaign, as strangers may see it."""
    lang = wording.lang
    name = campaign.name(lang)
    asked = urlencode({"campaign": campaign.slug, "lang": lang, "name": name}).encode()
    picture = state.kit.catalogue.parse("/card/supporter.jpg", asked).spec
    api = f"/api/v1/campaigns/{campaign.slug}"
    return {
        "campaign": campaign,
        "name": name,
        "statement": campaign.says(lang),
        "crest": f"{api}/crest?v={campaign.crest}" if campaign.crest else "",
        "picture": picture.canonical,
        "alt": wording.shared.ui["wears"].replace("{name}", name),
        "patterns": msgspec.json.encode(dict(wording.shared.pledges)).decode(),
        "report": _report(state.report_to, f"{state.origin}/c/{campaign.slug}"),
    }


def _report(to: str, about: str) -> str:
    return f"{to}?subject={quote(f'Report {about}')}" if to.startswith("mailto:") else to
